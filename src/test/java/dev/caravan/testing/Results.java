package dev.caravan.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.pipeline.process.AiperfCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Reads the result files in the home of a {@link Caravan}. */
public final class Results {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Caravan caravan;

  public Results(Caravan caravan) {
    this.caravan = caravan;
  }

  /** Waits until the only batch of this name is finished. */
  public void await(String batchName) {
    await(batchName, 1);
  }

  /** Waits until there are this many batches of this name and all are finished. */
  public void await(String batchName, int batches) {
    eventually()
        .until(
            () ->
                caravan.batches(batchName).size() == batches
                    && caravan.batches(batchName).stream().allMatch(Results::isFinished));
  }

  /** The summary.json of the only batch of this name. */
  public JsonNode summary(String batchName) {
    return json(caravan.batch(batchName).resolve("summary.json"));
  }

  /** The process_result.json in a run folder. */
  public static JsonNode result(Path run) {
    return json(run.resolve("process_result.json"));
  }

  /** A JSON file. */
  public static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the only batch of this name. */
  public String id(String batchName) {
    return batchName + "/" + caravan.batch(batchName).getFileName();
  }

  /**
   * Waits until these configs are archived: a config that is accepted moves to {@code .done} while
   * its runs begin.
   */
  public void awaitArchived(String... configs) {
    eventually().until(() -> names("inbox/.done").containsAll(List.of(configs)));
  }

  /** Waits until the aiperf of a run measures: a stop sends it SIGINT then, and waits a while. */
  public static void awaitMeasuring(Path run) {
    eventually()
        .until(
            () -> LiveTree.text(run.resolve("stdout.log")),
            output -> output.contains(AiperfCommand.INTERRUPT_MARKER));
  }

  /** File names in a folder of the home, sorted. */
  public List<String> names(String folder) {
    return caravan.list(folder).stream().map(path -> path.getFileName().toString()).toList();
  }

  /** An Awaitility condition with a long timeout and a short poll interval. */
  public static ConditionFactory eventually() {
    return Awaitility.await().atMost(Program.TIMEOUT).pollInterval(Duration.ofMillis(50));
  }

  private static boolean isFinished(Path batch) {
    Path summary = batch.resolve("summary.json");
    return Files.exists(summary) && json(summary).path("finished_at").isTextual();
  }
}
