package dev.caravan.observe.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One run of a batch in a report, whether it has ended or not.
 *
 * @param index from 0
 * @param folder name of its folder in the batch folder; empty without sweeps
 * @param values its sweep values, in the order of the batch's keys
 * @param state its outcome as a word, or {@link #RUNNING}, or {@link #PENDING}
 * @param cause class of its failure as a word; empty when there is none
 * @param reason the most telling words; empty when there are none
 * @param attempt from 1; 0 when it has not begun
 * @param startedAt RFC 3339; empty when it has not begun
 * @param figures its figures, also those of a failed run that left some
 */
public record Point(
    int index,
    String folder,
    List<Object> values,
    String state,
    String cause,
    String reason,
    int attempt,
    String startedAt,
    RunMetrics figures) {

  /** State of a run that has begun and not ended. */
  public static final String RUNNING = "running";

  /** State of a run that has not begun. */
  public static final String PENDING = "pending";

  public Point {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** Whether its figures may stand in a plot: it ended, and counts as completed. */
  public boolean completed() {
    return state.equals("succeeded") || state.equals("degraded");
  }

  /** Whether it completed, but not in full. */
  public boolean degraded() {
    return state.equals("degraded");
  }

  /** Whether it is still to come, or running. */
  public boolean open() {
    return state.equals(RUNNING) || state.equals(PENDING);
  }
}
