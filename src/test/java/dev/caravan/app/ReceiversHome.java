package dev.caravan.app;

import dev.caravan.app.camel.RouteSet;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Owner;
import dev.caravan.observe.events.EventReceivers;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** A home with three receivers of events: one of the first setting and two with names. */
final class ReceiversHome {

  final Path home;
  final Map<String, String> environment = new HashMap<>(System.getenv());

  ReceiversHome(Path home) throws IOException {
    this.home = home;
    environment.put("CARAVAN_EVENTS_TO", "file:" + home + "/first");
    environment.put("CARAVAN_EVENTS_TO_ON_CALL", "file:" + home + "/blocked");
    Files.writeString(
        home.resolve("caravan.properties"), "caravan.events.to.lab=file:" + home + "/lab\n");
  }

  Settings settings() {
    return Settings.of(home, environment, new Properties());
  }

  Components components() throws Exception {
    return Components.of(settings(), new DurableFiles(), AiperfFinder.of(settings()), Owner.DAEMON);
  }

  /** The routes that deliver to the receivers of the settings. */
  RouteSet routes(Components components) {
    List<String> files = new ArrayList<>(List.of("errors"));
    files.addAll(EventReceivers.of(settings()).routeFiles());
    return new RouteSet(files, components.byName());
  }

  /** The lines of a file that a receiver writes; none before it is there. */
  List<String> lines(String name) throws IOException {
    Path file = home.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** How many files a receiver has written to its folder. */
  long files(String folder) throws IOException {
    if (!Files.isDirectory(home.resolve(folder))) {
      return 0;
    }
    try (Stream<Path> files = Files.list(home.resolve(folder))) {
      return files.count();
    }
  }
}
