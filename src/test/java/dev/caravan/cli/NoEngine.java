package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;

/** An engine for commands that need none: it does nothing but fail. */
class NoEngine implements Engine {

  @Override
  public int serve(Settings settings) {
    throw new IllegalStateException("not to be called");
  }

  @Override
  public int run(Settings settings, OneShot oneShot) {
    throw new IllegalStateException("not to be called");
  }

  @Override
  public int resume(Settings settings, Path batchFolder, RunOutputs outputs) {
    throw new IllegalStateException("not to be called");
  }

  @Override
  public RouteOverview routes(Settings settings) throws IOException {
    throw new IllegalStateException("not to be called");
  }
}
