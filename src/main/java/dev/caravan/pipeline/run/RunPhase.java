package dev.caravan.pipeline.run;

/** Where a run of aiperf is. */
enum RunPhase {
  START_UP("start-up", true),
  WARM_UP("warm-up", false),
  MEASURING("measuring", false),
  EXPORT("export", true);

  private final String message;
  private final boolean silenceIsDeath;

  RunPhase(String message, boolean silenceIsDeath) {
    this.message = message;
    this.silenceIsDeath = silenceIsDeath;
  }

  /** Its name for people. */
  String message() {
    return message;
  }

  /**
   * Whether a working aiperf would show some sign of life. A model that reasons may be silent for
   * the whole of the phases that ask it.
   */
  boolean silenceIsDeath() {
    return silenceIsDeath;
  }
}
