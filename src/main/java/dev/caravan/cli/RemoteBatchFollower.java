package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultWriter;
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
 * Follows batches of a daemon elsewhere to their end, as {@link BatchFollower} does those of a
 * home. A daemon that goes away meanwhile is waited for: it goes on with its batches when it comes
 * back.
 */
final class RemoteBatchFollower {

  private static final Logger LOG = LoggerFactory.getLogger(RemoteBatchFollower.class);
  private static final long LOOK_MILLIS = 500;
  private static final int PAGE = 1000;

  private final RemoteServer server;
  private final RunOutputs outputs;
  private final List<String> followed = new ArrayList<>();
  private boolean lost;

  RemoteBatchFollower(RemoteServer server, RunOutputs outputs) {
    this.server = server;
    this.outputs = outputs;
  }

  /** Follows these batches, one after the other; the exit code is the worst one's. */
  int follow(List<String> ids) throws IOException, InterruptedException {
    int worst = Exit.OK;
    for (String id : ids) {
      worst = Math.max(worst, follow(id));
    }
    if (outputs.wanted() && !followed.isEmpty()) {
      outputs.write(new String(report("json"), StandardCharsets.UTF_8).strip(), report("junit"));
    }
    return worst;
  }

  private byte[] report(String format) throws IOException, InterruptedException {
    return patiently(() -> server.bytes(RemoteServer.reportPath(followed, format)));
  }

  /** Its small files are brought here, so that the same code says the same of them. */
  private int follow(String id) throws IOException, InterruptedException {
    followed.add(id);
    RemoteServer.Named named = patiently(() -> server.named(id));
    Path folder = Files.createTempDirectory("caravan-follow");
    try {
      bring(named, folder, "config.yaml");
      bring(named, folder, Batch.RECORD);
      Batch batch = new BatchStore(new DurableFiles()).load(folder);
      new BatchLogLines(batch, named.folder()).opening().forEach(LOG::info);
      try (LiveProgress live = LiveProgress.of(width -> progress(named, width))) {
        LOG.debug("Showing {}", live);
        awaitEnd(named, batch.size());
      }
      BatchSummary summary = summary(named, folder);
      bring(named, folder, ResultWriter.RESULTS);
      return BatchFollower.closed(folder, summary, outputs.table());
    } finally {
      new DurableFiles().delete(folder);
    }
  }

  private void bring(RemoteServer.Named named, Path folder, String file)
      throws IOException, InterruptedException {
    byte[] bytes = patiently(() -> server.bytes(named.path() + "/files/" + file));
    Files.write(folder.resolve(file), bytes);
  }

  private List<String> progress(RemoteServer.Named named, int width)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    server
        .get(named.path() + "/progress?width=" + Math.max(20, Math.min(width, 400)))
        .path("lines")
        .forEach(line -> lines.add(line.asText()));
    return lines;
  }

  private void awaitEnd(RemoteServer.Named named, int total)
      throws IOException, InterruptedException {
    Set<Integer> said = new HashSet<>();
    boolean finished = false;
    while (!finished) {
      JsonNode batch = patiently(() -> server.get(named.path() + "?limit=0"));
      finished = batch.path("finished_at").isTextual();
      int ended = 0;
      for (JsonNode count : batch.path("outcomes")) {
        ended += count.asInt();
      }
      if (ended > said.size() || finished) {
        say(named, total, said);
      }
      if (!finished) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
  }

  private void say(RemoteServer.Named named, int total, Set<Integer> said)
      throws IOException, InterruptedException {
    for (int offset = 0; offset < total; offset += PAGE) {
      String path = named.path() + "?limit=" + PAGE + "&offset=" + offset;
      JsonNode runs = patiently(() -> server.get(path)).path("runs");
      for (JsonNode run : runs) {
        int index = run.path("run_index").asInt();
        String reason = run.path("reason").asText("");
        if (said.add(index)) {
          Optional<String> why = reason.isEmpty() ? Optional.empty() : Optional.of(reason);
          BatchFollower.say(index, total, run.path("outcome").asText(), why);
        }
      }
      if (runs.size() < PAGE) {
        return;
      }
    }
  }

  /** It is on the disk there a moment after it is known. */
  private BatchSummary summary(RemoteServer.Named named, Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve(ResultWriter.SUMMARY);
    while (true) {
      bring(named, folder, ResultWriter.SUMMARY);
      Optional<BatchSummary> summary = BatchSummary.read(file);
      if (summary.flatMap(BatchSummary::finishedAt).isPresent()) {
        return summary.get();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask() throws IOException, InterruptedException;
  }

  private <T> T patiently(Question<T> question) throws IOException, InterruptedException {
    while (true) {
      try {
        T answer = question.ask();
        if (lost) {
          LOG.info("The daemon is back");
        }
        lost = false;
        return answer;
      } catch (RemoteServer.Unreachable e) {
        if (!lost) {
          LOG.warn("{} Trying again until it is", e.getMessage());
        }
        lost = true;
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    }
  }
}
