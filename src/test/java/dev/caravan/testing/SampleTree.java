package dev.caravan.testing;

import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.BatchResults;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.SloSummary;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes batches with the result files of runs whose outcomes a test chooses. */
public final class SampleTree {

  private static final OffsetDateTime STARTED =
      OffsetDateTime.parse(Golden.DAY + "T12:00:00+01:00");

  private final ScratchHome home;
  private final ResultWriter writer = new ResultWriter(new DurableFiles()::writeWhole);

  /** Writes into a home in this folder. */
  public SampleTree(Path folder) throws IOException {
    this.home = new ScratchHome(folder);
  }

  public ScratchHome home() {
    return home;
  }

  /** A batch with this name and these sweeps and labels in YAML; none of its runs has started. */
  public Batch batch(String name, String sweeps, String labels) {
    return batch(
        "batch_name: %s\n%ssweeps: {%s}\nlabels: {%s}\n"
            .formatted(name, FixedRules.BASE, sweeps, labels));
  }

  /** The batch of this config; none of its runs has started. */
  public Batch batch(String config) {
    try {
      return home.accept(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigRefusedException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Writes a succeeded run with these metrics. */
  public void succeeded(Run run, double tokensPerSecond, double ttftP99) {
    ended(run, Outcome.SUCCEEDED, "", "");
    export(run, tokensPerSecond, ttftP99);
  }

  /** Writes a completed run with these metrics, of which the checks found this. */
  public void checked(
      Run run, Outcome outcome, CheckResults checks, double tokensPerSecond, double ttftP99) {
    ended(run, outcome, "", "", checks);
    export(run, tokensPerSecond, ttftP99);
  }

  /** Writes a run with this outcome, without metrics. */
  public void ended(Run run, Outcome outcome, String cause, String reason) {
    ended(run, outcome, cause, reason, CheckResults.NONE);
  }

  private void ended(Run run, Outcome outcome, String cause, String reason, CheckResults checks) {
    ProcessResult.Head head =
        new ProcessResult.Head(
            outcome,
            cause,
            reason.isEmpty() ? List.of() : List.of(reason),
            1,
            true,
            Optional.empty(),
            STARTED,
            STARTED.plusSeconds(10),
            Duration.ofSeconds(10),
            "0.13.0",
            checks);
    try {
      Files.createDirectories(run.folder());
      writer.write(
          new RunFolder(run.folder()),
          new ProcessResult(head, List.of(), List.of(), ReturnCodes.NONE, "", ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a shortened aiperf summary of a run. */
  public void export(Run run, double tokensPerSecond, double ttftP99) {
    write(
        run.folder().resolve("profile_export_aiperf.json"),
        String.format(
            Locale.ROOT,
            "{\"aiperf_version\": \"0.13.0\","
                + " \"request_count\": {\"unit\": \"requests\", \"avg\": 1000},"
                + " \"request_throughput\": {\"unit\": \"requests/sec\", \"avg\": %f},"
                + " \"output_token_throughput\": {\"unit\": \"tokens/sec\", \"avg\": %f},"
                + " \"time_to_first_token\": {\"unit\": \"ms\", \"p50\": %f, \"p90\": %f, \"p99\":"
                + " %f}, \"request_latency\": {\"unit\": \"ms\", \"p99\": %f}}",
            tokensPerSecond / 10,
            tokensPerSecond,
            ttftP99 / 2,
            ttftP99 / 1.2,
            ttftP99,
            ttftP99 * 10));
  }

  /** Writes the summary and results table of a batch from its runs. */
  public void summarise(Batch batch, boolean finished) throws IOException {
    summarise(batch, finished, Optional.empty());
  }

  /** The same, of a batch whose search found this. */
  public void summarise(Batch batch, boolean finished, SearchSummary search) throws IOException {
    summarise(batch, finished, Optional.of(search));
  }

  private void summarise(Batch batch, boolean finished, Optional<SearchSummary> search)
      throws IOException {
    BatchResults results = new BatchResults(batch.sweep());
    for (int index : batch.indexes().toArray()) {
      Run run = batch.run(index);
      ProcessResult.head(new RunFolder(run.folder()).processResult())
          .ifPresent(
              head ->
                  results.put(ResultRow.of(run, head, AiperfExport.read(run.folder()).export())));
    }
    writer.write(
        batch.folder(),
        results,
        BatchSummary.of(
                batch.id(),
                batch.size(),
                results,
                STARTED,
                finished ? Optional.of(STARTED.plusHours(1)) : Optional.empty())
            .withSlo(
                SloSummary.of(
                    results.sweepKeys(), batch.config().evaluation().slo(), results.rows()))
            .withSearch(search));
  }

  /** Writes a file and creates its folders. */
  public static Path write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
