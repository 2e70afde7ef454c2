package dev.caravan.app;

import dev.caravan.app.camel.SignedWebhook;
import dev.caravan.config.settings.SecretNames;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.observe.events.NotifyCommand;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Creates the parts for events from the settings of a home. */
final class EventComponents {

  /** Name of the route file and receiver for {@code caravan.events.to}. */
  static final String ENDPOINT = "events";

  /** Name of the route file and receiver for {@code caravan.events.webhook}. */
  static final String WEBHOOK = "webhook";

  /** Environment variables that are passed to the notify command: none that may hold a key. */
  private static final Set<String> PASSED_VARIABLES =
      Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR");

  private final Settings settings;
  private final Home home;
  private final SecretStore keys;

  EventComponents(Settings settings, Home home, SecretStore keys) {
    this.settings = settings;
    this.home = home;
    this.keys = keys;
  }

  /** The receivers of events; each is also the name of the route file that delivers them. */
  static List<String> receivers(Settings settings) {
    List<String> receivers = new ArrayList<>();
    if (!settings.text(Setting.EVENTS_TO).isBlank()) {
      receivers.add(ENDPOINT);
    }
    if (!settings.text(Setting.EVENTS_WEBHOOK).isBlank()) {
      receivers.add(WEBHOOK);
    }
    return receivers;
  }

  /** The webhook and its signing secret, which is looked up at each delivery. */
  SignedWebhook webhook() {
    String url = settings.text(Setting.EVENTS_WEBHOOK).strip();
    return new SignedWebhook(url.isEmpty() ? "" : checked(url), secret());
  }

  private static String checked(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null && uri.getScheme().matches("(?i)https?")) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Reported below without e: its message quotes the URL, which may contain a secret.
    }
    throw new SettingsRefusedException(
        Setting.EVENTS_WEBHOOK.key() + ": is not an http or https URL");
  }

  private Supplier<Optional<String>> secret() {
    String variable = settings.text(Setting.EVENTS_SECRET).strip();
    if (variable.isEmpty()) {
      return Optional::empty;
    }
    if (!SecretNames.looksLikeName(variable)) {
      throw new SettingsRefusedException(
          Setting.EVENTS_SECRET.key()
              + " must name a variable, such as WEBHOOK_SECRET; it must not be the secret itself, so its"
              + " value is not shown");
    }
    if (keys.value(variable).isEmpty()) {
      throw new SettingsRefusedException(
          Setting.EVENTS_SECRET.key()
              + ": "
              + variable
              + " is set neither in the environment nor in "
              + home.secretsFile());
    }
    return () -> keys.value(variable);
  }

  /** The command of {@code caravan.notify.command}; empty when there is none. */
  Optional<NotifyCommand> notifyCommand() {
    List<String> argv =
        Arrays.stream(settings.text(Setting.NOTIFY_COMMAND).strip().split("\\s+"))
            .filter(arg -> !arg.isEmpty())
            .toList();
    return argv.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NotifyCommand(
                resolveProgram(argv),
                home.root(),
                passedEnvironment(),
                home.state().resolve("notify.log"),
                settings.duration(Setting.NOTIFY_TIMEOUT)));
  }

  /** Resolves a program with a slash in its name against the home; others come from PATH. */
  private List<String> resolveProgram(List<String> argv) {
    List<String> resolved = new ArrayList<>(argv);
    if (argv.get(0).contains("/")) {
      resolved.set(0, home.root().resolve(argv.get(0)).toString());
    }
    return resolved;
  }

  private Map<String, String> passedEnvironment() {
    return settings.environment().entrySet().stream()
        .filter(
            entry -> PASSED_VARIABLES.contains(entry.getKey()) || entry.getKey().startsWith("LC_"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
