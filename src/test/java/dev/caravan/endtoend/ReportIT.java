package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Chromium;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports, lists and CI files of a batch run with the real aiperf. */
class ReportIT extends RealAiperfTestBase {

  private static final String SWEEP =
      "  aiperf_options: {goodput: [\"time_to_first_token:500\"]}\nsweeps: {concurrency: [1, 3]}\n";

  @Test
  void reportsABatchOfTheRealAiperf(@TempDir Path scratch) throws IOException {
    // given
    Program run;
    try (Simulator llm = simulator(options())) {
      caravan.write("real.yaml", config(llm.url(), SWEEP));
      run = caravan.start("run", "--config-file", "real.yaml", "--json", "--junit", "junit.xml");
      assertThat(run.exit()).as(run.err()).isZero();
    }
    Path batch = caravan.batch("real");

    // then: files written by the run itself
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.at("/batches/0/points")).hasSize(2);
    assertThat(Files.readString(caravan.home().resolve("junit.xml")))
        .contains("tests=\"2\" failures=\"0\"");
    assertThat(batch.resolve("report.html")).exists();

    // and: commands that read the tree
    checkList(batch);
    checkMarkdown();
    checkTreeOfRunAiperfPy(batch);
    checkInBrowser(batch.resolve("report.html"), scratch);
  }

  private void checkList(Path batch) throws IOException {
    Program list = caravan.run("list", "--json");
    JsonNode entry = new ObjectMapper().readTree(list.out()).get(0);
    assertThat(entry.path("outcomes").path("succeeded").asInt()).isEqualTo(2);
    assertThat(entry.path("best_throughput").asDouble()).isPositive();
    String best =
        Stream.of("concurrency1", "concurrency3")
            .max(Comparator.comparingDouble(run -> throughput(batch.resolve(run))))
            .orElseThrow();
    assertThat(entry.path("best_point").asText()).isEqualTo(best);
    assertThat(caravan.run("list", "--outcome", "failed", "--since", "1d").out())
        .isEqualTo("No batches.\n");
  }

  /** On a busy machine more clients need not get more out of a service. */
  private static double throughput(Path run) {
    return Results.json(run.resolve("profile_export_aiperf.json"))
        .at("/output_token_throughput/avg")
        .asDouble();
  }

  private void checkMarkdown() {
    Program markdown =
        caravan.run("report", "latest", "--format", "md", "--metrics", "goodput_rps,ttft_ms_p99");
    assertThat(markdown.exit()).as(markdown.err()).isZero();
    assertThat(markdown.out())
        .contains("| concurrency | Goodput (req/s) | TTFT p99 (ms) |", "2 of 2 runs completed");
    Program refused = caravan.run("report", "latest~1");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.lastLine()).contains("there is no batch \"latest~1\"");
  }

  /** run_aiperf.py writes the same folders without batch.json, and other process results. */
  private void checkTreeOfRunAiperfPy(Path batch) throws IOException {
    Path old = caravan.home().resolve("old/real/20250101_000000");
    for (String run : new String[] {"concurrency1", "concurrency3"}) {
      Files.createDirectories(old.resolve(run));
      for (String file :
          new String[] {
            "run_metadata.json", "profile_export_aiperf.json", "profile_export.jsonl"
          }) {
        Files.copy(batch.resolve(run).resolve(file), old.resolve(run).resolve(file));
      }
      Files.writeString(
          old.resolve(run).resolve("process_result.json"),
          "{\"args\": [], \"returncode\": 0, \"stdout\": \"\", \"stderr\": \"\"}");
    }
    Program report = caravan.run("report", "old", "--format", "json");
    JsonNode points = new ObjectMapper().readTree(report.out()).at("/batches/0/points");
    assertThat(points)
        .extracting(point -> point.path("state").asText())
        .as("degraded when this machine is too busy for a client: an old tree does not tell")
        .hasSize(2)
        .isSubsetOf("succeeded", "degraded");
    assertThat(caravan.run("report", "old", "real").lastLine()).isEmpty();
    assertThat(caravan.home().resolve("report.html")).exists();
  }

  private void checkInBrowser(Path report, Path scratch) {
    Optional<Chromium> chromium = Chromium.find(scratch);
    assumeTrue(chromium.isPresent(), "no Chromium here: the report was not opened in a browser");
    String dom = chromium.get().dom(report);
    assertThat(dom)
        .contains("highest concurrency with TTFT p99 ≤ 500 ms: 3")
        .contains("Peak throughput", "Best within limits", "Errors and findings")
        .contains("title=\"Show its requests\"")
        .contains("n = ")
        .contains("aria-label=\"Time to first token\"")
        .contains("scope=\"row\" class=\"cv-state cv-succeeded\"");
    assertThat(chromium.get().console(report)).isEmpty();
  }
}
