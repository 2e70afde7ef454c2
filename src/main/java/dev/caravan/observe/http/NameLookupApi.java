package dev.caravan.observe.http;

import dev.caravan.pipeline.accept.SeveralBatchesException;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.Optional;
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
    routes.on("GET", "/api/v1/find", (request, path) -> find(request.parameter("name").orElse("")));
  }

  /** A batch, or a run if it has an index; {@code id} is that of what was named. */
  private record Found(String batch, Optional<Integer> runIndex, String id, String folder) {}

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
      String id = named.run().map(index -> named.batch().run(index).id()).orElse(entry.id());
      return HttpResponse.json(
          200, new Found(entry.id(), named.run(), id, context.home().display(entry.folder())));
    } catch (SeveralBatchesException e) {
      throw new HttpProblemException(409, e.getMessage());
    } catch (ControlRefusedException e) {
      throw new HttpProblemException(404, e.getMessage());
    }
  }
}
