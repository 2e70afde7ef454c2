package dev.caravan.observe.http;

import dev.caravan.model.Run;

/** Paths of the pages of batches and runs. */
final class RunLinks {

  private RunLinks() {}

  static String batch(String id) {
    return "/batches/" + UrlPaths.path(id);
  }

  /** The page of the batches of a name. */
  static String trend(String name) {
    return "/trend/" + UrlPaths.path(name);
  }

  static String run(Run run) {
    return run(run.batch().id(), run.index());
  }

  static String run(String batch, int index) {
    return batch(batch) + "/runs/" + index;
  }
}
