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

/** What the settings of a home mean for its events. */
final class EventComponents {

  /** The route file, and receiver, of {@code caravan.events.to}. */
  static final String ENDPOINT = "events";

  /** The route file, and receiver, of {@code caravan.events.webhook}. */
  static final String WEBHOOK = "webhook";

  /** What a command may see of our environment: no variable that may hold a key. */
  private static final Set<String> SEEN =
      Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR");

  private final Settings settings;
  private final Home home;
  private final SecretStore keys;

  EventComponents(Settings settings, Home home, SecretStore keys) {
    this.settings = settings;
    this.home = home;
    this.keys = keys;
  }

  /** Who gets events; each is also the name of the route file that delivers them. */
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

  /** The webhook, and the secret it is signed with; a secret is looked up at each delivery. */
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
      // Said below: the message of the exception quotes the url, which may hold a secret.
    }
    throw new SettingsRefusedException(Setting.EVENTS_WEBHOOK.key() + ": is no http or https URL");
  }

  private Supplier<Optional<String>> secret() {
    String variable = settings.text(Setting.EVENTS_SECRET).strip();
    if (variable.isEmpty()) {
      return Optional::empty;
    }
    if (!SecretNames.looksLikeName(variable)) {
      throw new SettingsRefusedException(
          Setting.EVENTS_SECRET.key()
              + " must name a variable, such as WEBHOOK_SECRET; the secret itself has no place"
              + " there, so what is there is not shown");
    }
    if (keys.value(variable).isEmpty()) {
      throw new SettingsRefusedException(
          Setting.EVENTS_SECRET.key()
              + ": "
              + variable
              + " is not set, nor in "
              + home.secretsFile());
    }
    return () -> keys.value(variable);
  }

  /** The command of {@code caravan.notify.command}; empty when there is none. */
  Optional<NotifyCommand> notifyCommand() {
    List<String> argv =
        Arrays.stream(settings.text(Setting.NOTIFY_COMMAND).strip().split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList();
    return argv.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NotifyCommand(
                located(argv),
                home.root(),
                seen(),
                home.state().resolve("notify.log"),
                settings.duration(Setting.NOTIFY_TIMEOUT)));
  }

  /** A program named with a slash is taken from the home, any other from the PATH. */
  private List<String> located(List<String> argv) {
    List<String> located = new ArrayList<>(argv);
    if (argv.get(0).contains("/")) {
      located.set(0, home.root().resolve(argv.get(0)).toString());
    }
    return located;
  }

  private Map<String, String> seen() {
    return settings.environment().entrySet().stream()
        .filter(entry -> SEEN.contains(entry.getKey()) || entry.getKey().startsWith("LC_"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
