package dev.caravan.app.camel;

import dev.caravan.config.settings.SettingFamily;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.events.EventReceivers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routes of the receivers of events that users have named, made of the template. */
final class NamedReceivers {

  private NamedReceivers() {}

  /** The id of a receiver's route. */
  static String routeId(String name) {
    return name + "-deliver";
  }

  /** The template's parameters for a receiver. */
  static Map<String, String> parameters(String name) {
    return Map.of("receiver", name, "to", "{{" + SettingFamily.EVENTS_TO.key(name) + "}}");
  }

  /** The properties by which Camel makes the routes. */
  static Map<String, String> routes(Settings settings) {
    Map<String, String> properties = new HashMap<>();
    List<String> names = List.copyOf(EventReceivers.of(settings).named().keySet());
    for (int i = 0; i < names.size(); i++) {
      String route = "camel.routeTemplate[" + i + "].";
      properties.put(route + "templateId", EventReceivers.TEMPLATE);
      properties.put(route + "routeId", routeId(names.get(i)));
      parameters(names.get(i)).forEach((key, value) -> properties.put(route + key, value));
    }
    return properties;
  }
}
