package dev.caravan.cli;

import dev.caravan.batch.BatchFinder;
import dev.caravan.batch.Home;
import dev.caravan.batch.OpenBatches;
import dev.caravan.batch.Tree;
import dev.caravan.config.Setting;
import dev.caravan.config.Settings;

/** How commands find the batches that people name. */
final class Finders {

  private Finders() {}

  /** A finder over the home of these settings and its results roots. */
  static BatchFinder of(Settings settings) {
    Home home = new Home(settings.home());
    return new BatchFinder(
        home,
        settings.list(Setting.RESULTS_ROOTS).stream().map(home.root()::resolve).toList(),
        new OpenBatches(home, new Tree()));
  }
}
