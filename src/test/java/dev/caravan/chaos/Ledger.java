package dev.caravan.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Records what was submitted and compares it with the result tree, using Jepsen's terms. Every
 * config has its ledger id as a label and sweeps over concurrency from 1.
 */
final class Ledger {

  private final Map<String, Integer> submitted = new ConcurrentHashMap<>();

  /**
   * The result of comparing the ledger with a result tree.
   *
   * @param lost submitted configs without a batch, and runs without a final result
   * @param unexpected batches and runs that were not submitted
   * @param duplicated configs that became two batches
   * @param recovered runs that finished in a later attempt
   * @param outcomes number of runs by outcome and cause
   */
  record Findings(
      List<String> lost,
      List<String> unexpected,
      List<String> duplicated,
      List<String> recovered,
      Map<String, Integer> outcomes) {

    /** The findings in one line. */
    String summary() {
      return "lost %d, unexpected %d, duplicated %d, recovered %d, outcomes %s"
          .formatted(lost.size(), unexpected.size(), duplicated.size(), recovered.size(), outcomes);
    }
  }

  /** Records a config with this many runs; returns its text. */
  String record(String batchName, int runs, String model, String url, String more) {
    String id = "e" + submitted.size();
    submitted.put(id, runs);
    String values =
        String.join(", ", IntStream.rangeClosed(1, runs).mapToObj(String::valueOf).toList());
    return """
        batch_name: %s
        labels: {ledger: %s}
        readiness: {preflight: false}
        base_config:
          model: %s
          url: %s
          warmup_request_count: 1
          benchmark_duration: 1
        %s
        sweeps:
          concurrency: [%s]
        """
        .formatted(batchName, id, model, url, more, values);
  }

  int configs() {
    return submitted.size();
  }

  int runs() {
    return submitted.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether every submitted config has become a finished batch. */
  boolean settled(Path home) {
    List<Path> batches = batches(home);
    return batches.size() >= submitted.size()
        && batches.stream().allMatch(batch -> finished(batch));
  }

  /** Compares the ledger with the result tree. */
  Findings check(Path home) {
    Findings found =
        new Findings(
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new java.util.TreeMap<>());
    Map<String, Path> seen = new HashMap<>();
    for (Path batch : batches(home)) {
      String id = Results.json(batch.resolve("batch.json")).path("labels").path("ledger").asText();
      if (!submitted.containsKey(id)) {
        found.unexpected().add(batch.toString());
      } else if (seen.put(id, batch) != null) {
        found.duplicated().add(id + ": " + batch);
      } else {
        checkRuns(batch, submitted.get(id), found);
      }
    }
    TreeSet<String> missing = new TreeSet<>(submitted.keySet());
    missing.removeAll(seen.keySet());
    found.lost().addAll(missing);
    return found;
  }

  private static void checkRuns(Path batch, int expected, Findings found) {
    for (int value = 1; value <= expected; value++) {
      checkRun(batch.resolve("concurrency" + value), found);
    }
    for (Path entry : LiveTree.list(batch)) {
      String name = entry.getFileName().toString();
      if (name.startsWith("concurrency") && Integer.parseInt(name.substring(11)) > expected) {
        found.unexpected().add(entry.toString());
      }
    }
    if (!finished(batch)) {
      found.lost().add(batch + " is not finished");
      return;
    }
    JsonNode summary = Results.json(batch.resolve("summary.json"));
    if (summary.path("completed").asInt() + summary.path("failed").asInt() > expected) {
      found.duplicated().add(batch + ": " + summary);
    }
    try {
      long rows = Files.readAllLines(batch.resolve("results.csv")).size() - 1;
      if (rows != expected) {
        (rows < expected ? found.lost() : found.duplicated()).add(batch + ": rows " + rows);
      }
    } catch (IOException e) {
      found.lost().add(batch + ": " + e);
    }
  }

  private static void checkRun(Path run, Findings found) {
    Path file = run.resolve("process_result.json");
    if (!Files.exists(file) || !Results.json(file).path("final").asBoolean()) {
      found.lost().add(run.toString());
      return;
    }
    JsonNode result = Results.json(file);
    String cause = result.path("cause").asText();
    String outcome = result.path("status").asText() + (cause.isEmpty() ? "" : "/" + cause);
    found.outcomes().merge(outcome, 1, Integer::sum);
    if (result.path("attempt").asInt() > 1) {
      found.recovered().add(run.toString());
    }
    if (outcome.equals("succeeded") && !Files.exists(run.resolve("profile_export_aiperf.json"))) {
      found.lost().add(run + " succeeded without an export");
    }
  }

  /** All batch folders of a home. */
  static List<Path> batches(Path home) {
    return LiveTree.list(home.resolve("aiperf_results")).stream()
        .flatMap(name -> LiveTree.list(name).stream())
        .filter(folder -> !folder.getFileName().toString().startsWith("."))
        .toList();
  }

  /** The folders of runs with a final result. */
  static List<Path> doneRuns(Path home) {
    return batches(home).stream()
        .flatMap(batch -> LiveTree.list(batch).stream())
        .filter(Files::isDirectory)
        .filter(
            run -> {
              Path file = run.resolve("process_result.json");
              return Files.exists(file) && Results.json(file).path("final").asBoolean();
            })
        .toList();
  }

  private static boolean finished(Path batch) {
    Path summary = batch.resolve("summary.json");
    return Files.exists(summary) && Results.json(summary).path("finished_at").isTextual();
  }
}
