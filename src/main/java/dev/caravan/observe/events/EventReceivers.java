package dev.caravan.observe.events;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.SettingFamily;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Who receives events. Each receiver has a name, a place in the outbox and a route.
 *
 * @param shipped those with a route file of their name
 * @param named those that users have named, and their endpoints
 */
public record EventReceivers(List<String> shipped, Map<String, String> named) {

  /** The route template of all receivers, and its file. */
  public static final String TEMPLATE = "receiver";

  private static final Map<String, Setting> SHIPPED =
      new TreeMap<>(Map.of("events", Setting.EVENTS_TO, "webhook", Setting.EVENTS_WEBHOOK));

  public EventReceivers {
    shipped = List.copyOf(shipped);
    named = Map.copyOf(named);
  }

  /**
   * The receivers in these settings.
   *
   * @throws SettingsRefusedException if one has the name of another
   */
  public static EventReceivers of(Settings settings) {
    Map<String, String> named = new TreeMap<>(settings.all(SettingFamily.EVENTS_TO));
    for (String name : named.keySet()) {
      if (SHIPPED.containsKey(name)) {
        throw new SettingsRefusedException(
            SettingFamily.EVENTS_TO.key(name)
                + ": "
                + name
                + " is the receiver of "
                + SHIPPED.get(name).key()
                + "; choose another name");
      }
    }
    return new EventReceivers(
        SHIPPED.entrySet().stream()
            .filter(entry -> !settings.text(entry.getValue()).isBlank())
            .map(Map.Entry::getKey)
            .toList(),
        named);
  }

  /** All names. */
  public List<String> names() {
    return Stream.concat(shipped.stream(), named.keySet().stream().sorted()).toList();
  }

  /** The route files that deliver to them; none without receivers. */
  public List<String> routeFiles() {
    List<String> files = new ArrayList<>();
    if (!names().isEmpty()) {
      files.add(TEMPLATE);
    }
    files.addAll(shipped);
    return files;
  }
}
