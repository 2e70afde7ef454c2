package dev.caravan.observe.http;

import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Resolves the names that commands accept for a batch or run, such as {@code latest} or a name. */
final class NameLookupApi {

  /** Folder paths, which remote clients must not use. */
  private static final Pattern FOLDER_PATH =
      Pattern.compile("/.*|(.*/)?\\.{1,2}(/.*)?", Pattern.DOTALL);

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final ControlClient controlClient;

  NameLookupApi(WebContext context, BatchCatalog batchCatalog) {
    this.context = context;
    this.batchCatalog = batchCatalog;
    this.controlClient = ControlClient.insideDaemon(context.settings());
  }

  void routes(Routes routes) {
    routes.on(
        "GET", "/api/v1/find", (request, path) -> find(request.query().getOrDefault("name", "")));
  }

  private HttpResponse find(String name) throws HttpProblemException, IOException {
    try {
      if (FOLDER_PATH.matcher(name).matches()) {
        throw new ControlRefusedException("over HTTP, name a batch by its id, its name or latest");
      }
      ControlClient.BatchOrRun named = controlClient.resolve(name);
      BatchCatalog.CatalogEntry entry = batchCatalog.entry(named.batch().id());
      if (!entry.folder().toRealPath().equals(named.batch().folder().toRealPath())) {
        throw new ControlRefusedException("there is no batch or run \"" + name + "\"");
      }
      Map<String, Object> found = new LinkedHashMap<>();
      found.put("batch", entry.id());
      found.put("run_index", named.run().orElse(null));
      found.put("id", named.run().map(i -> named.batch().run(i).id()).orElse(entry.id()));
      found.put("folder", context.home().display(entry.folder()));
      return HttpResponse.json(200, found);
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(404, e.getMessage());
    }
  }
}
