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
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The values of all {@link Setting}s of a home, and the environment that they were read from. */
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
   * @throws SettingsRefusedException if the file cannot be read or has an unknown {@code caravan.*}
   *     key, or if a value is invalid
   */
  public static Settings of(Path home, Map<String, String> environment, Properties system) {
    Settings settings =
        new Settings(home.toAbsolutePath().normalize(), environment, system, readFile(home));
    settings.check();
    return settings;
  }

  /** A copy with this value, which overrides all others. */
  public Settings with(Setting setting, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(setting.variable(), value);
    Settings settings = new Settings(home, changed, system, file);
    settings.check();
    return settings;
  }

  /**
   * A copy that knows one more hook.
   *
   * @throws SettingsRefusedException if no hook may have this name
   */
  public Settings withHook(String name, String command) {
    Optional<String> refusal = HookName.refusal(name);
    if (refusal.isPresent()) {
      throw new SettingsRefusedException("hook \"" + name + "\": " + refusal.get());
    }
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(SettingFamily.HOOKS.variable(name), command);
    return new Settings(home, changed, system, file);
  }

  /** The command of a hook; empty if this host knows none of this name. */
  public Optional<String> hook(String name) {
    return Optional.ofNullable(all(SettingFamily.HOOKS).get(name));
  }

  /** The home: an absolute, normalized path. */
  public Path home() {
    return home;
  }

  /** The environment of this process. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Whether the setting has been set anywhere, rather than left at its default. */
  public boolean isSet(Setting setting) {
    return environment.containsKey(setting.variable())
        || system.getProperty(setting.key()) != null
        || file.getProperty(setting.key()) != null;
  }

  /** The setting's value as a string. */
  public String text(Setting setting) {
    String value = environment.get(setting.variable());
    if (value == null) {
      value = system.getProperty(setting.key());
    }
    return value != null ? value : file.getProperty(setting.key(), setting.defaultValue());
  }

  /** The setting's value as a duration. */
  public Duration duration(Setting setting) {
    try {
      return Durations.parse(text(setting));
    } catch (IllegalArgumentException e) {
      throw new SettingsRefusedException(setting.key() + ": " + e.getMessage());
    }
  }

  /** The setting's value as a duration; empty if it is blank. */
  public Optional<Duration> durationIfAny(Setting setting) {
    return text(setting).isBlank() ? Optional.empty() : Optional.of(duration(setting));
  }

  /** The setting's value as a whole number, {@code min} or more. */
  public int count(Setting setting, int min) {
    String text = text(setting).trim();
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min) {
      throw new SettingsRefusedException(
          setting.key() + ": \"" + text + "\" must be a whole number, " + min + " or more");
    }
    return Integer.parseInt(text);
  }

  /** The setting's value as a number of bytes: {@code 500MB}, {@code 1GB} (powers of ten). */
  public long bytes(Setting setting) {
    Matcher matcher = BYTES.matcher(text(setting).strip());
    if (!matcher.matches()) {
      throw new SettingsRefusedException(
          setting.key() + ": \"" + text(setting) + "\" is not a size such as 500MB or 1GB");
    }
    return Long.parseLong(matcher.group(1)) * UNITS.get(matcher.group(2));
  }

  /** The setting's value as a comma-separated list, trimmed and without empty items. */
  public List<String> list(Setting setting) {
    return Arrays.stream(text(setting).split(","))
        .map(String::trim)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** The settings of a family that have a value, by their names. */
  public Map<String, String> all(SettingFamily family) {
    Map<String, String> all = new TreeMap<>();
    for (Properties properties : List.of(file, system)) {
      for (String key : properties.stringPropertyNames()) {
        family.ofKey(key).ifPresent(name -> all.put(name, properties.getProperty(key)));
      }
    }
    environment.forEach(
        (variable, value) -> family.ofVariable(variable).ifPresent(name -> all.put(name, value)));
    all.values().removeIf(String::isBlank);
    return all;
  }

  /**
   * Everything that routes may use as {@code {{…}}}: all settings, and the other entries of the
   * home's {@code caravan.properties}.
   */
  public Map<String, String> placeholders() {
    Map<String, String> all = new TreeMap<>();
    file.stringPropertyNames().forEach(name -> all.put(name, file.getProperty(name)));
    for (SettingFamily family : SettingFamily.values()) {
      all(family).forEach((name, value) -> all.put(family.key(name), value));
    }
    Arrays.stream(Setting.values()).forEach(s -> all.put(s.key(), text(s)));
    return all;
  }

  /** What is probably a typo in the environment or on the command line, a line each. */
  public List<String> warnings() {
    Set<String> secrets =
        Arrays.stream(Setting.values())
            .filter(setting -> setting.key().endsWith("-env"))
            .map(this::text)
            .collect(Collectors.toSet());
    return MisspeltSettings.warnings(environment, system, secrets);
  }

  private void check() {
    String unknown =
        file.stringPropertyNames().stream()
            .filter(name -> name.startsWith("caravan.") && Setting.ofKey(name).isEmpty())
            .filter(name -> !SettingFamily.hasKey(name))
            .map(name -> "unknown property \"" + name + "\"" + NearestName.hint(name, keys()))
            .sorted()
            .collect(Collectors.joining("; "));
    if (!unknown.isEmpty()) {
      throw new SettingsRefusedException(home.resolve(FILE) + ": " + unknown);
    }
    List.of(
            Setting.AIPERF_INTERRUPT_GRACE,
            Setting.HOOKS_LIMIT,
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
    bytes(Setting.BROKER_MAX_DISK);
    bytes(Setting.DISK_MIN_FREE);
    bytes(Setting.RESULTS_MAX_SIZE);
    HookSources.of(this);
    ResultsKeep.of(this);
    count(Setting.RUN_MAX_LOST, 1);
    count(Setting.WORKERS, 1);
    count(Setting.BATCH_MAX_RUNS, 1);
    if (count(Setting.HTTP_PORT, 0) > 65535) {
      throw new SettingsRefusedException(Setting.HTTP_PORT.key() + ": must be at most 65535");
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
