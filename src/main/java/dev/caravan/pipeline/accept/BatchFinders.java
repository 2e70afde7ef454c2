package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;

/** How people find the batches that people name. */
public final class BatchFinders {

  private BatchFinders() {}

  /** A finder over the home of these settings and its results roots. */
  public static BatchFinder of(Settings settings) {
    Home home = new Home(settings.home());
    return new BatchFinder(
        home,
        settings.list(Setting.RESULTS_ROOTS).stream().map(home.root()::resolve).toList(),
        new OpenBatches(home, new DurableFiles()));
  }
}
