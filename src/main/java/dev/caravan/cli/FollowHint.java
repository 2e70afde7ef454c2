package dev.caravan.cli;

/** Says, when a signal ends the program before this is closed, that what it followed goes on. */
final class FollowHint implements AutoCloseable {

  private final Thread atExit =
      new Thread(
          () ->
              System.err.println(
                  "caravan: stopped following, not the batch; to follow it again: caravan watch"),
          "follow-hint");

  /** A hint that is given from now on. */
  FollowHint() {
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // it is being given
    }
  }
}
