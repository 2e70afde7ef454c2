package dev.caravan.app;

import dev.caravan.chaos.FaultyFiles;
import dev.caravan.cli.CaravanCommand;
import dev.caravan.cli.Engine;
import dev.caravan.cli.Exit;
import dev.caravan.cli.RouteOverview;
import dev.caravan.cli.RunOutputs;
import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code caravan serve} with file operations that fail or halt the JVM, as configured by {@link
 * FaultyFiles}'s system properties.
 */
public final class ChaosDaemon {

  private ChaosDaemon() {}

  /** Takes the arguments of {@code caravan}; the command must be {@code serve}. */
  public static void main(String[] args) {
    System.exit(CaravanCommand.execute(new ServesOnly(), args));
  }

  private static final class ServesOnly implements Engine {

    @Override
    public int serve(Settings settings) {
      try {
        return new Daemon(settings, FaultyFiles.ofProperties(settings.home())).serve();
      } catch (IOException e) {
        System.err.println("cannot continue: " + e);
        return Exit.REFUSED;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Exit.INTERRUPTED;
      }
    }

    @Override
    public int run(Settings settings, OneShot oneShot) {
      throw new UnsupportedOperationException("serve only");
    }

    @Override
    public int resume(Settings settings, Path batchFolder, RunOutputs outputs) {
      throw new UnsupportedOperationException("serve only");
    }

    @Override
    public RouteOverview routes(Settings settings) {
      throw new UnsupportedOperationException("serve only");
    }
  }
}
