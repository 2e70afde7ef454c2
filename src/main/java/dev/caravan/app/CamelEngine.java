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
    return reportingErrors(() -> serveHome(settings));
  }

  private static int serveHome(Settings settings) throws InterruptedException {
    try {
      return new Daemon(settings, new DurableFiles()).serve();
    } catch (IOException e) {
      return cannotServe(settings.home(), e);
    }
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

  /** A service manager tries again what may be over soon, which a file out of reach is not. */
  static int cannotServe(Path home, IOException why) {
    if (FileFailures.isDenied(why)) {
      throw new SettingsRefusedException("cannot serve " + home + ": " + FileFailures.words(why));
    }
    LOG.error("Cannot serve {} now: {}", home, FileFailures.message(why));
    LOG.debug("Cannot serve", why);
    return Exit.FAILED;
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
