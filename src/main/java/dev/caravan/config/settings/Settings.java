package dev.caravan.config.settings;

import dev.caravan.config.text.Durations;
import dev.caravan.config.text.NearestName;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The values of all {@link Setting}s for one home, with the environment they were read from. */
public final class Settings {

  /** File in the home that holds settings. */
  public static final String FILE = "caravan.properties";

  private static final Pattern BYTES = Pattern.compile("(\\d{1,6})(B|KB|MB|GB|TB)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "B", 1L, "KB", 1_000L, "MB", 1_000_000L, "GB", 1_000_000_000L, "TB", 1_000_000_000_000L);

  private final Path home;
  private final Map<String, String> environment;
  private final Properties system;
  private final Properties file;

  private Settings(Path home, Map<String, String> environment, Properties system, Properties file) {
    this.home = home;
    this.environment = Map.copyOf(environment);
    this.system = system;
    this.file = file;
  }

  /**
   * Reads the settings of a home.
   *
   * @throws SettingsRefusedException when its file cannot be read, names an unknown {@code
   *     caravan.*} key, or a value is of the wrong kind
   */
  public static Settings of(Path home, Map<String, String> environment, Properties system) {
    Settings settings =
        new Settings(home.toAbsolutePath().normalize(), environment, system, readFile(home));
    settings.check();
    return settings;
  }

  /** The same with another value, which goes before all others. */
  public Settings with(Setting setting, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(setting.variable(), value);
    Settings settings = new Settings(home, changed, system, file);
    settings.check();
    return settings;
  }

  /** The home: an absolute path without dots. */
  public Path home() {
    return home;
  }

  /** The environment of this process. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Whether the setting was given anywhere, rather than left at its default. */
  public boolean isSet(Setting setting) {
    return environment.containsKey(setting.variable())
        || system.getProperty(setting.key()) != null
        || file.getProperty(setting.key()) != null;
  }

  /** The setting's value as text. */
  public String text(Setting setting) {
    String given = environment.get(setting.variable());
    if (given == null) {
      given = system.getProperty(setting.key());
    }
    return given != null ? given : file.getProperty(setting.key(), setting.byDefault());
  }

  /** The setting's value as a duration. */
  public Duration duration(Setting setting) {
    try {
      return Durations.parse(text(setting));
    } catch (IllegalArgumentException e) {
      throw new SettingsRefusedException(setting.key() + ": " + e.getMessage());
    }
  }

  /** The setting's value as a duration; empty when it is left empty. */
  public Optional<Duration> durationIfAny(Setting setting) {
    return text(setting).isBlank() ? Optional.empty() : Optional.of(duration(setting));
  }

  /** The setting's value as a whole number from {@code least} on. */
  public int count(Setting setting, int least) {
    String text = text(setting).trim();
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least) {
      throw new SettingsRefusedException(
          setting.key() + ": \"" + text + "\" is no whole number from " + least + " on");
    }
    return Integer.parseInt(text);
  }

  /** The setting's value as a number of bytes: {@code 500MB}, {@code 1GB} (powers of ten). */
  public long bytes(Setting setting) {
    Matcher form = BYTES.matcher(text(setting).strip());
    if (!form.matches()) {
      throw new SettingsRefusedException(
          setting.key() + ": \"" + text(setting) + "\" is no size, such as 500MB or 1GB");
    }
    return Long.parseLong(form.group(1)) * UNITS.get(form.group(2));
  }

  /** The setting's value as a comma-separated list without blanks. */
  public List<String> list(Setting setting) {
    return Arrays.stream(text(setting).split(","))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /**
   * Everything that routes may use as {@code {{…}}}: all settings, and the other entries of the
   * home's file.
   */
  public Map<String, String> placeholders() {
    Map<String, String> all = new TreeMap<>();
    file.stringPropertyNames().forEach(name -> all.put(name, file.getProperty(name)));
    Arrays.stream(Setting.values()).forEach(s -> all.put(s.key(), text(s)));
    return all;
  }

  private void check() {
    String unknown =
        file.stringPropertyNames().stream()
            .filter(name -> name.startsWith("caravan.") && Setting.ofKey(name).isEmpty())
            .map(name -> "unknown property \"" + name + "\"" + NearestName.hint(name, keys()))
            .sorted()
            .collect(Collectors.joining("; "));
    if (!unknown.isEmpty()) {
      throw new SettingsRefusedException(home.resolve(FILE) + ": " + unknown);
    }
    List.of(
            Setting.AIPERF_INTERRUPT_GRACE,
            Setting.INBOX_POLL,
            Setting.INBOX_SETTLE,
            Setting.NOTIFY_TIMEOUT,
            Setting.READINESS_INTERVAL,
            Setting.READINESS_WAIT,
            Setting.SHUTDOWN_DRAIN,
            Setting.WORKER_HEARTBEAT,
            Setting.WORKER_LEASE)
        .forEach(this::duration);
    durationIfAny(Setting.RUN_ALLOWANCE);
    bytes(Setting.DISK_MIN_FREE);
    bytes(Setting.RESULTS_MAX_SIZE);
    count(Setting.RUN_MAX_LOST, 1);
    count(Setting.WORKERS, 1);
    count(Setting.BATCH_MAX_RUNS, 1);
    if (count(Setting.HTTP_PORT, 0) > 65535) {
      throw new SettingsRefusedException(Setting.HTTP_PORT.key() + ": no port is above 65535");
    }
  }

  private static List<String> keys() {
    return Arrays.stream(Setting.values()).map(Setting::key).toList();
  }

  private static Properties readFile(Path home) {
    Properties properties = new Properties();
    Path path = home.resolve(FILE);
    if (!Files.exists(path)) {
      return properties;
    }
    try (Reader reader = Files.newBufferedReader(path)) {
      properties.load(reader);
      return properties;
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsRefusedException("cannot read " + path + ": " + e);
    }
  }
}
