package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.outcome.SearchSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongToDoubleFunction;

/** Searches of a {@link TestDaemon}, whose runs measure what a service gives under their load. */
final class Searches {

  /** A config that searches for the most connections that keep a time to first token. */
  static final String CONFIG =
      """
      base_config:
        model: m
        url: http://h:8000
        streaming: true
        warmup_request_count: 1
        benchmark_duration: 5
      slo: {ttft_ms_p99: 500}
      search: {concurrency: [1, 512]}
      """;

  private Searches() {}

  /** A service that keeps 500 ms up to this load; each run has its own noise. */
  static LongToDoubleFunction service(double limit) {
    return load -> 500 * Math.max(0.2, Math.pow(load / limit, 6));
  }

  /** Ends the next run with a value; its folder name. */
  static String step(TestDaemon daemon, LongToDoubleFunction service) throws IOException {
    RunOrder order = daemon.release().get(0);
    end(daemon, order, service);
    return run(daemon, order).folderName();
  }

  /** Releases and ends runs one at a time until none remains; their folder names. */
  static List<String> runToTheEnd(TestDaemon daemon, LongToDoubleFunction service)
      throws IOException {
    List<String> names = new ArrayList<>();
    for (List<RunOrder> now = daemon.release(); !now.isEmpty(); now = daemon.release()) {
      assertThat(now).as("one run at a time").hasSize(1);
      end(daemon, now.get(0), service);
      names.add(run(daemon, now.get(0)).folderName());
    }
    return names;
  }

  /** Ends the run of an order with a value. */
  static void end(TestDaemon daemon, RunOrder order, LongToDoubleFunction service)
      throws IOException {
    Run run = run(daemon, order);
    measure(run, service.applyAsDouble(load(run)) * noise(run));
    daemon.end(order, Outcome.SUCCEEDED);
  }

  private static double noise(Run run) {
    return Math.exp(0.15 * new Random(run.index()).nextGaussian());
  }

  /** Writes what a run has measured. */
  static void measure(Run run, double value) throws IOException {
    Files.createDirectories(run.folder());
    Files.writeString(
        run.folder().resolve("profile_export_aiperf.json"),
        "{\"request_count\": {\"unit\": \"requests\", \"avg\": 100},"
            + " \"time_to_first_token\": {\"unit\": \"ms\", \"p99\": "
            + value
            + "}}");
  }

  /** The load of a run. */
  static long load(Run run) {
    return (Long) run.sweepValues().get("concurrency");
  }

  /** The run of an order. */
  static Run run(TestDaemon daemon, RunOrder order) throws IOException {
    return daemon.scratch.batches.load(Path.of(order.batchFolder())).run(order.runIndex());
  }

  /** The run of this folder name. */
  static Run named(Batch batch, String folder) {
    return batch
        .indexes()
        .mapToObj(batch::run)
        .filter(run -> run.folderName().equals(folder))
        .findFirst()
        .orElseThrow();
  }

  /** The first answer of a batch. */
  static SearchSummary.Answer answer(Batch batch) {
    return TestDaemon.summary(batch).search().orElseThrow().answers().get(0);
  }

  /** A request for one run of a batch, whatever has become of it. */
  static ControlRequest request(Action action, Batch batch, Run run) {
    return TestDaemon.request(action, batch).forRuns(List.of(run.index()), true);
  }
}
