package dev.caravan.app;

import dev.caravan.app.camel.AddedJars;
import dev.caravan.app.camel.RouteInspection;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.cli.Engine;
import dev.caravan.cli.Exit;
import dev.caravan.cli.RouteOverview;
import dev.caravan.cli.RunOutputs;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileFailures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the pipeline for the commands, on Camel. */
public final class CamelEngine implements Engine {

  private static final Logger LOG = LoggerFactory.getLogger(CamelEngine.class);

  @Override
  public int serve(Settings settings) {
    return reportingErrors(
        () -> {
          try {
            return new Daemon(settings, new DurableFiles()).serve();
          } catch (IOException e) {
            LOG.error("Cannot serve {} now: {}", settings.home(), FileFailures.words(e));
            LOG.debug("Cannot serve", e);
            return Exit.FAILED; // a service manager tries again
          }
        });
  }

  @Override
  public int run(Settings settings, OneShot oneShot) {
    return reportingErrors(() -> new OneShotRun(settings, oneShot.outputs()).run(oneShot));
  }

  @Override
  public int resume(Settings settings, Path batchFolder, RunOutputs outputs) {
    return reportingErrors(() -> new OneShotRun(settings, outputs).resume(batchFolder));
  }

  @Override
  public RouteOverview routes(Settings settings) throws IOException {
    AddedJars.check();
    List<RouteOverview> contexts = new ArrayList<>();
    for (RouteSet routes : Daemon.routes(settings)) {
      contexts.add(RouteInspection.of(settings, routes).overview());
    }
    return RouteOverview.of(contexts);
  }

  private interface Action {
    int run() throws IOException, InterruptedException;
  }

  private static int reportingErrors(Action action) {
    try {
      AddedJars.check();
      return action.run();
    } catch (SettingsRefusedException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.INTERRUPTED;
    } catch (IOException | RuntimeException e) {
      LOG.error("Cannot continue: {}", rootCause(e), e);
      return Exit.REFUSED;
    }
  }

  /** The innermost cause, which says what is wrong; Camel wraps it several times. */
  private static String rootCause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return FileFailures.words(cause);
  }
}
