package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows batches of a daemon over HTTP until they finish, as {@link BatchFollower} does through
 * the files of a home. When the daemon becomes unreachable it keeps polling, since a restarted
 * daemon resumes its batches.
 */
final class RemoteBatchFollower {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteBatchFollower.class);
  private static final long POLL_MILLIS = 500;
  private static final int PAGE_SIZE = 1000;

  private final RemoteServer server;
  private final RunOutputs outputs;
  private final List<String> followed = new ArrayList<>();
  private boolean unreachable;

  RemoteBatchFollower(RemoteServer server, RunOutputs outputs) {
    this.server = server;
    this.outputs = outputs;
  }

  /** Follows these batches one after the other; returns the highest of their exit codes. */
  int follow(List<String> ids) throws IOException, InterruptedException {
    int worst = Exit.OK;
    for (String id : ids) {
      worst = Math.max(worst, follow(id));
    }
    if (outputs.isRequested() && !followed.isEmpty()) {
      outputs.write(new String(report("json"), StandardCharsets.UTF_8).strip(), report("junit"));
    }
    return worst;
  }

  private byte[] report(String format) throws IOException, InterruptedException {
    return untilReachable(() -> server.bytes(RemoteServer.reportPath(followed, format)));
  }

  /** Downloads the small files of the batch, so that the code for local batches can print them. */
  private int follow(String id) throws IOException, InterruptedException {
    followed.add(id);
    RemoteServer.Match match = untilReachable(() -> server.find(id));
    Path folder = Files.createTempDirectory("caravan-follow");
    try {
      download(match, folder, BatchFolder.CONFIG);
      download(match, folder, BatchFolder.RECORD);
      Batch batch = new BatchStore(new DurableFiles()).load(folder);
      new BatchLogLines(batch, match.folder()).opening().forEach(LOG::info);
      try (LiveProgress live = LiveProgress.of(width -> progress(match, width))) {
        LOG.debug("Showing {}", live);
        awaitFinish(match, batch.size());
      }
      BatchSummary summary = summary(match, folder);
      download(match, folder, BatchFolder.RESULTS);
      return BatchFollower.reportFinish(folder, summary, outputs.printsTable());
    } finally {
      new DurableFiles().delete(folder);
    }
  }

  private void download(RemoteServer.Match match, Path folder, String file)
      throws IOException, InterruptedException {
    byte[] bytes = untilReachable(() -> server.bytes(match.path() + "/files/" + file));
    Files.write(folder.resolve(file), bytes);
  }

  private List<String> progress(RemoteServer.Match match, int width)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    server
        .get(match.path() + "/progress?width=" + Math.max(20, Math.min(width, 400)))
        .path("lines")
        .forEach(line -> lines.add(line.asText()));
    return lines;
  }

  private void awaitFinish(RemoteServer.Match match, int total)
      throws IOException, InterruptedException {
    Set<Integer> logged = new HashSet<>();
    boolean finished = false;
    while (!finished) {
      JsonNode batch = untilReachable(() -> server.get(match.path() + "?limit=0"));
      finished = batch.path("finished_at").isTextual();
      int finishedRuns = 0;
      for (JsonNode count : batch.path("outcomes")) {
        finishedRuns += count.asInt();
      }
      if (finishedRuns > logged.size() || finished) {
        logNewRuns(match, total, logged);
      }
      if (!finished) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
  }

  private void logNewRuns(RemoteServer.Match match, int total, Set<Integer> logged)
      throws IOException, InterruptedException {
    for (int offset = 0; offset < total; offset += PAGE_SIZE) {
      String path = match.path() + "?limit=" + PAGE_SIZE + "&offset=" + offset;
      JsonNode runs = untilReachable(() -> server.get(path)).path("runs");
      for (JsonNode run : runs) {
        int index = run.path("run_index").asInt();
        String reason = run.path("reason").asText("");
        if (logged.add(index)) {
          Optional<String> firstReason = reason.isEmpty() ? Optional.empty() : Optional.of(reason);
          BatchFollower.logRun(index, total, run.path("outcome").asText(), firstReason);
        }
      }
      if (runs.size() < PAGE_SIZE) {
        return;
      }
    }
  }

  /** Polls for the summary: the daemon writes it shortly after it reports the batch as finished. */
  private BatchSummary summary(RemoteServer.Match match, Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve(BatchFolder.SUMMARY);
    while (true) {
      download(match, folder, BatchFolder.SUMMARY);
      Optional<BatchSummary> summary = BatchSummary.read(file);
      if (summary.flatMap(BatchSummary::finishedAt).isPresent()) {
        return summary.get();
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws IOException, InterruptedException;
  }

  private <T> T untilReachable(Request<T> request) throws IOException, InterruptedException {
    while (true) {
      try {
        T response = request.send();
        if (unreachable) {
          LOG.info("The daemon is reachable again");
        }
        unreachable = false;
        return response;
      } catch (RemoteServer.UnreachableException e) {
        if (!unreachable) {
          LOG.warn("{}; retrying", e.getMessage());
        }
        unreachable = true;
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
  }
}
