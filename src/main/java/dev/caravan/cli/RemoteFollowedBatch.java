package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.FoundCheck;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A batch that is followed over HTTP. Its small files are downloaded to a temporary folder, so that
 * the code for local batches can print them.
 */
final class RemoteFollowedBatch implements FollowedBatch {

  private static final int PAGE_SIZE = 1000;

  private final RemoteServer server;
  private final RemoteServer patient;
  private final RemoteServer.Match match;
  private final Path folder;
  private final Batch batch;
  private final Set<Integer> ended = new HashSet<>();
  private Optional<String> waiting = Optional.empty();

  private RemoteFollowedBatch(
      RemoteServer server,
      RemoteServer patient,
      RemoteServer.Match match,
      Path folder,
      Batch batch) {
    this.server = server;
    this.patient = patient;
    this.match = match;
    this.folder = folder;
    this.batch = batch;
  }

  /** Starts to follow the batch with this id. */
  static RemoteFollowedBatch open(RemoteServer server, String id)
      throws IOException, InterruptedException {
    RemoteServer patient = server.patient();
    RemoteServer.Match match = patient.find(id);
    Path folder = Files.createTempDirectory("caravan-follow");
    try {
      download(patient, match, folder, BatchFolder.CONFIG);
      download(patient, match, folder, BatchFolder.RECORD);
      Batch batch = new BatchStore(new DurableFiles()).load(folder);
      return new RemoteFollowedBatch(server, patient, match, folder, batch);
    } catch (IOException | InterruptedException | RuntimeException e) {
      new DurableFiles().delete(folder);
      throw e;
    }
  }

  @Override
  public Batch batch() {
    return batch;
  }

  @Override
  public String shownFolder() {
    return match.folder();
  }

  @Override
  public LiveProgress.Lines progress() {
    return width -> {
      List<String> lines = new ArrayList<>();
      server
          .get(match.path() + "/progress?width=" + Math.max(20, Math.min(width, 400)))
          .path("lines")
          .forEach(line -> lines.add(line.asText()));
      return lines;
    };
  }

  @Override
  public Optional<BatchSummary> poll(RunEnds ends) throws IOException, InterruptedException {
    JsonNode state = patient.get(match.path() + "?limit=0");
    waiting = Optional.of(state.path("waiting").asText("")).filter(text -> !text.isEmpty());
    boolean finished = state.path("finished_at").isTextual();
    int endedRuns = 0;
    for (JsonNode count : state.path("outcomes")) {
      endedRuns += count.asInt();
    }
    if (endedRuns > ended.size() || finished) {
      reportNewEnds(ends);
    }
    return finished ? summary() : Optional.empty();
  }

  private void reportNewEnds(RunEnds ends) throws IOException, InterruptedException {
    for (int offset = 0; offset < batch.size(); offset += PAGE_SIZE) {
      String path = match.path() + "?limit=" + PAGE_SIZE + "&offset=" + offset;
      JsonNode runs = patient.get(path).path("runs");
      for (JsonNode run : runs) {
        int index = run.path("run_index").asInt();
        if (ended.add(index)) {
          Optional<String> reason =
              Optional.of(run.path("reason").asText("")).filter(text -> !text.isEmpty());
          ends.ended(index, run.path("outcome").asText(), reason, checks(run));
        }
      }
      if (runs.size() < PAGE_SIZE) {
        return;
      }
    }
  }

  /** The findings of a run; none if its daemon does not report them. */
  private static List<FoundCheck> checks(JsonNode run) {
    List<FoundCheck> checks = new ArrayList<>();
    for (JsonNode check : run.path("checks")) {
      String message = check.path("message").asText("");
      String advice = check.path("advice").asText("");
      Level.find(check.path("level").asText())
          .map(level -> new FoundCheck(check.path("id").asText(), level, message, advice))
          .ifPresent(checks::add);
    }
    return checks;
  }

  /** The summary of a finished batch: the daemon reports it as finished once all is written. */
  private Optional<BatchSummary> summary() throws IOException, InterruptedException {
    download(patient, match, folder, BatchFolder.SUMMARY);
    Optional<BatchSummary> summary =
        BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
            .filter(s -> s.finishedAt().isPresent());
    if (summary.isPresent()) {
      download(patient, match, folder, BatchFolder.RESULTS);
    }
    return summary;
  }

  @Override
  public Optional<String> waiting() {
    return waiting;
  }

  @Override
  public Optional<String> report() throws IOException, InterruptedException {
    return patient.exists(match.path() + "/files/" + BatchFolder.REPORT)
        ? Optional.of(BatchLogLines.report(match.folder()))
        : Optional.empty();
  }

  /** A daemon reports a batch as finished only when everything is written. */
  @Override
  public boolean isClosing() {
    return false;
  }

  @Override
  public Optional<BatchVerdict> verdict() throws IOException, InterruptedException {
    if (patient.get(match.path() + "?limit=0").path("comparison").isMissingNode()) {
      return Optional.empty();
    }
    download(patient, match, folder, BatchFolder.COMPARISON);
    return BatchVerdict.read(folder);
  }

  private static void download(
      RemoteServer server, RemoteServer.Match match, Path folder, String file)
      throws IOException, InterruptedException {
    Files.write(folder.resolve(file), server.bytes(match.path() + "/files/" + file));
  }

  @Override
  public void close() throws IOException {
    new DurableFiles().delete(folder);
  }
}
