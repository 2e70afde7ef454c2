package dev.caravan.cli;

import dev.caravan.config.Overrides;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.pipeline.dispatch.RunSelection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the commands ask of a home, through its files or through the HTTP API of its daemon. */
interface HomeClient {

  /** Refuses to pause or resume a single run. */
  String NOT_A_RUN = "only batches and services can be paused or resumed; a run can be cancelled";

  /** What is paused or resumed when neither a batch nor a target is named. */
  String EVERYTHING = "all batches";

  /** The message of a control request that was answered. */
  static String done(ControlRequest.Action action, String what, String result) {
    String verb = action.name().charAt(0) + action.name().substring(1).toLowerCase(Locale.ROOT);
    return verb + " " + what + ": " + result;
  }

  /**
   * Cancels a batch or a run, or its runs that have not ended and have these values as in {@link
   * RunSelection}; returns a message with the result.
   */
  String cancel(String name, Map<String, String> where, String why)
      throws ControlRefusedException, IOException, InterruptedException;

  /** Repeats the selected runs of a batch, or one run; returns a message with the result. */
  String retry(String name, RunSelection selection, boolean force, String why)
      throws ControlRefusedException, IOException, InterruptedException;

  /**
   * Pauses or resumes a batch, a target or, when neither is given, everything.
   *
   * @return a message with the result
   */
  String pauseOrResume(
      ControlRequest.Action action, Optional<String> name, Optional<String> target, String why)
      throws ControlRefusedException, IOException, InterruptedException;

  /** The state of the daemon and its queue. */
  HomeStatus status() throws IOException, InterruptedException;

  /** The batches in these folders, or all of the home when none are given. */
  List<BatchEntry> batches(List<Path> folders) throws IOException, InterruptedException;

  /**
   * A report.
   *
   * @param text its content
   * @param folder where it is written unless the user names a file
   */
  record Report(String text, Path folder) {}

  /** The format of a report. */
  enum ReportFormat {
    HTML,
    MD,
    JSON
  }

  /** A report of the batches with these names; {@code metrics} choose the columns of a table. */
  Report report(List<String> names, ReportFormat format, List<ReportMetric> metrics)
      throws IOException, InterruptedException;

  /**
   * Checks a config with overrides, by the rules of where it would run; returns the number of its
   * runs in words.
   */
  String validate(Path file, Overrides overrides, Consumer<String> warn)
      throws ConfigRefusedException, IOException, InterruptedException;

  /** Prints the runs of a config with overrides. */
  void plan(Path file, Overrides overrides, PrintWriter out, Consumer<String> warn)
      throws ConfigRefusedException, IOException, InterruptedException;

  /** A config that was submitted. */
  interface Submission {

    /** Name by which the user finds it: the id of its batch or its file in the inbox. */
    String name();

    /** Whether its batch can be awaited. */
    boolean canBeFollowed();

    /** Waits until its batch exists; empty, with the problems logged, when it is refused. */
    Optional<FollowedBatch> batch() throws IOException, InterruptedException;
  }

  /** Submits a config with overrides. */
  Submission submit(Path file, Overrides overrides)
      throws ConfigRefusedException, IOException, InterruptedException;

  /** The batch of this name, or the first unfinished one, to follow until it finishes. */
  FollowedBatch batch(Optional<String> name) throws IOException, InterruptedException;

  /** Writes the machine-readable outputs for these batches, which have finished. */
  void write(RunOutputs outputs, List<Batch> batches) throws IOException, InterruptedException;
}
