package dev.caravan.pipeline.run;

/** A phase of an aiperf run. */
enum RunPhase {
  START_UP("start-up", true),
  WARM_UP("warm-up", false),
  MEASURING("measuring", false),
  EXPORT("export", true);

  private final String label;
  private final boolean mustShowProgress;

  RunPhase(String label, boolean mustShowProgress) {
    this.label = label;
    this.mustShowProgress = mustShowProgress;
  }

  /** Its name in messages and JSON. */
  String label() {
    return label;
  }

  /**
   * Whether a working aiperf must write something during this phase. In the phases that send
   * requests it may not: a reasoning model can be silent for all of that time.
   */
  boolean mustShowProgress() {
    return mustShowProgress;
  }
}
