package dev.caravan.app.camel;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.SettingFamily;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.events.EventReceivers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The routes of the receivers of events that users have named, made of the template. */
final class NamedReceivers {

  /** The route that the webhook's calls. */
  private static final String WEBHOOK = "direct://webhook-send";

  private NamedReceivers() {}

  /** The id of a receiver's route. */
  static String routeId(String name) {
    return name + "-deliver";
  }

  /** Where the routes that deliver events begin, those of the shipped receivers included. */
  static Set<String> consumers(Settings settings) {
    return Stream.concat(
            EventReceivers.of(settings).names().stream().map(name -> "timer://" + routeId(name)),
            Stream.of(WEBHOOK))
        .collect(Collectors.toSet());
  }

  /** The template's parameters for a receiver. */
  static Map<String, String> parameters(String name) {
    return Map.of("receiver", name, "to", "{{" + SettingFamily.EVENTS_TO.key(name) + "}}");
  }

  /** The properties by which Camel makes the routes, and for the components that they use. */
  static Map<String, String> routes(Settings settings) {
    Map<String, String> properties = new HashMap<>(ofHttp(settings));
    for (String name : EventReceivers.of(settings).named().keySet()) {
      String route = "camel.routeTemplate[" + routeId(name) + "].";
      properties.put(route + "templateId", EventReceivers.TEMPLATE);
      parameters(name).forEach((key, value) -> properties.put(route + key, value));
    }
    return properties;
  }

  /** The outbox retries; the client would first wait as long as the receiver wants. */
  private static Map<String, String> ofHttp(Settings settings) {
    List<String> uris = new ArrayList<>(settings.all(SettingFamily.EVENTS_TO).values());
    uris.add(settings.text(Setting.EVENTS_TO));
    return Stream.of("http", "https")
        .filter(scheme -> uris.stream().anyMatch(uri -> uri.strip().startsWith(scheme + ":")))
        .collect(
            Collectors.toMap(
                scheme -> "camel.component." + scheme + ".automaticRetriesDisabled",
                scheme -> "true"));
  }
}
