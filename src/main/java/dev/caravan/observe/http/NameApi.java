package dev.caravan.observe.http;

import dev.caravan.pipeline.dispatch.ControlFiles;
import dev.caravan.pipeline.dispatch.OrderRefused;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds the batch or run that a person means, as the commands do: {@code latest}, a bare name. */
final class NameApi {

  /** No folder of this machine is named from elsewhere. */
  private static final Pattern FOLDER = Pattern.compile("/.*|(.*/)?\\.{1,2}(/.*)?", Pattern.DOTALL);

  private final Workplace place;
  private final Catalogue catalogue;
  private final ControlFiles files;

  NameApi(Workplace place, Catalogue catalogue) {
    this.place = place;
    this.catalogue = catalogue;
    this.files = ControlFiles.ofDaemon(place.settings());
  }

  void routes(Router router) {
    router.on("GET", "/api/v1/find", (ask, path) -> find(ask.query().getOrDefault("name", "")));
  }

  private Reply find(String name) throws Refused, IOException {
    try {
      if (FOLDER.matcher(name).matches()) {
        throw new OrderRefused("over HTTP a batch is named by its id, its name or latest");
      }
      ControlFiles.Named named = files.named(name);
      Catalogue.Listed listed = catalogue.listed(named.batch().id());
      if (!listed.folder().toRealPath().equals(named.batch().folder().toRealPath())) {
        throw new OrderRefused("there is no batch or run \"" + name + "\"");
      }
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("batch", listed.id());
      found.put("run_index", named.run().orElse(null));
      found.put("id", named.run().map(i -> named.batch().run(i).id()).orElse(listed.id()));
      found.put("folder", place.home().shown(listed.folder()));
      return Reply.json(200, found);
    } catch (OrderRefused e) {
      throw new Refused(404, e.getMessage());
    }
  }
}
