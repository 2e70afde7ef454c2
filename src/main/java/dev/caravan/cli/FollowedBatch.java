package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FoundCheck;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A batch that is followed until it finishes, through its files or over HTTP. */
interface FollowedBatch extends AutoCloseable {

  /** The batch; its folder holds the results once it has finished. */
  Batch batch();

  /** Its folder as shown to users. */
  String shownFolder();

  /** The source of the lines that show its progress. */
  LiveProgress.Lines progress();

  /** Receives the runs that end. */
  @FunctionalInterface
  interface RunEnds {
    /** A run ended with this outcome, the first reason for it, and what the checks found. */
    void ended(int index, String outcome, Optional<String> reason, List<FoundCheck> checks);
  }

  /**
   * Reports the runs that ended since the last call; returns the summary once the batch has
   * finished and all its runs were reported.
   */
  Optional<BatchSummary> poll(RunEnds ends) throws IOException, InterruptedException;

  /**
   * Why no run of it starts now: what holds it back, or the batch whose runs are executed
   * meanwhile; empty while a run of its own is executed or is about to be.
   */
  Optional<String> waiting();

  /** The line that says where its report is; empty while there is none. */
  Optional<String> report() throws IOException, InterruptedException;

  /** Whether more may be written of it although it has finished, such as its report. */
  boolean isClosing() throws IOException;

  /** The verdict from its comparison when it ended; empty until then. */
  Optional<BatchVerdict> verdict() throws IOException, InterruptedException;

  /** Deletes what was stored only to follow the batch. */
  @Override
  void close() throws IOException;
}
