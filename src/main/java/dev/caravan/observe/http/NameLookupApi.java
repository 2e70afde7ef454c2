package dev.caravan.observe.http;

import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Finds the batch or run that a person means, as the commands do: {@code latest}, a bare name. */
final class NameLookupApi {

  /** No folder of this machine is named from elsewhere. */
  private static final Pattern FOLDER = Pattern.compile("/.*|(.*/)?\\.{1,2}(/.*)?", Pattern.DOTALL);

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final ControlClient files;

  NameLookupApi(WebContext place, BatchCatalog batchCatalog) {
    this.place = place;
    this.batchCatalog = batchCatalog;
    this.files = ControlClient.insideDaemon(place.settings());
  }

  void routes(Router router) {
    router.on("GET", "/api/v1/find", (ask, path) -> find(ask.query().getOrDefault("name", "")));
  }

  private HttpResponse find(String name) throws HttpProblemException, IOException {
    try {
      if (FOLDER.matcher(name).matches()) {
        throw new ControlRefusedException(
            "over HTTP a batch is named by its id, its name or latest");
      }
      ControlClient.BatchOrRun named = files.resolve(name);
      BatchCatalog.Listed listed = batchCatalog.listed(named.batch().id());
      if (!listed.folder().toRealPath().equals(named.batch().folder().toRealPath())) {
        throw new ControlRefusedException("there is no batch or run \"" + name + "\"");
      }
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("batch", listed.id());
      found.put("run_index", named.run().orElse(null));
      found.put("id", named.run().map(i -> named.batch().run(i).id()).orElse(listed.id()));
      found.put("folder", place.home().display(listed.folder()));
      return HttpResponse.json(200, found);
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(404, e.getMessage());
    }
  }
}
