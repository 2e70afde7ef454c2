package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The exit codes and outputs of {@code compare} and {@code baseline}. */
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
class CompareCommandTest {

  @TempDir private Path folder;

  private SampleTree tree;
  private String out;
  private String err;

  @BeforeEach
  void prepare() throws IOException {
    tree = new SampleTree(folder);
  }

  /** A batch with these throughputs, one a repeat. */
  private Batch batch(String name, double... throughputs) throws Exception {
    Batch batch =
        tree.home()
            .accept(
                "batch_name: " + name + "\nrepeat: " + throughputs.length + "\n" + FixedRules.BASE);
    for (int index = 0; index < throughputs.length; index++) {
      tree.succeeded(batch.run(index), throughputs[index], 1e5 / throughputs[index]);
    }
    tree.summarise(batch, true);
    return batch;
  }

  private int execute(String... args) {
    ExecutedCommand command = ExecutedCommand.in(folder, args);
    out = command.out();
    err = command.err();
    return command.exit();
  }

  @Test
  void exitsWithTheVerdict() throws Exception {
    // given
    batch("a", 100, 101, 99);
    batch("same", 100.5, 100, 99.5);
    batch("slow", 80, 81, 79);
    batch("noisy", 80, 120, 100);
    batch("once", 100);
    batch("again", 50);

    // when, then
    assertThat(execute("compare", "a", "same")).isZero();
    assertThat(execute("compare", "a", "slow")).isEqualTo(1);
    assertThat(execute("compare", "a", "noisy")).isZero();
    assertThat(execute("compare", "a", "noisy", "--fail-on", "inconclusive")).isEqualTo(4);
    assertThat(execute("compare", "once", "again")).isZero();
    assertThat(err).startsWith("one run each: no verdict on again/");
    assertThat(execute("compare", "a", "once")).as("prompts that vary or not").isEqualTo(2);
    assertThat(execute("compare", "a", "nothing")).isEqualTo(2);
    assertThat(err).contains("there is no batch, folder, zip archive or baseline:NAME \"nothing\"");
    assertThat(execute("compare", "a")).as("no variants").isEqualTo(2);
    assertThat(execute("compare", "a", "a")).isEqualTo(2);
    assertThat(err).startsWith("REFUSED a/").endsWith(": both are the same batch\n");
    assertThat(execute("compare", "--last", "5", "a")).as("nothing to compare with").isZero();
    assertThat(execute("compare", "--last", "5", "a", "same")).isEqualTo(2);
    assertThat(execute("compare", "--last", "0", "a")).isEqualTo(2);
    assertThat(execute("compare", "a", "same", "--metrics", "ttft_p50")).isEqualTo(2);
    assertThat(err).contains("there is no metric \"ttft_p50\" to choose; there are ");
    for (String command : List.of("trend", "report")) {
      assertThat(execute(command, "a", "--metrics", "ttft_ms_p55")).isEqualTo(2);
      assertThat(err).contains("there is no metric \"ttft_ms_p55\" to choose");
    }
    assertThat(execute("compare", "a", "same", "--tolerance", "ttft_ms_p50=x")).isEqualTo(2);
  }

  @Test
  void saysTheSameSentenceInEveryOutput() throws Exception {
    // given
    batch("a", 100, 101, 99);
    batch("slow", 80, 81, 79);
    Path junit = folder.resolve("made/for/junit.xml");
    Path markdown = folder.resolve("made/compare.md");

    // when
    execute("compare", "a", "slow", "--junit", junit.toString());
    String sentence = err.lines().reduce((first, second) -> second).orElseThrow();
    String table = out;
    execute("compare", "a", "slow", "--format", "json");
    JsonNode json = Json.read(out, JsonNode.class);
    execute("compare", "a", "slow", "--format", "md", "--output", markdown.toString());

    // then
    assertThat(sentence).matches("FAIL slow/\\S+: .* −?\\+?[\\d.]+ % and 1 more vs\\. a/\\S+");
    assertThat(table).contains("Output tokens/s").contains("−20.0 %").contains("worse");
    assertThat(json.path("sentence").asText()).isEqualTo(sentence);
    assertThat(json.at("/comparisons/0/rows/0/change").asDouble()).isNotZero();
    assertThat(json.at("/verdict").asText()).isEqualTo("FAIL");
    assertThat(Files.readString(junit)).contains("message=\"" + sentence + "\"");
    assertThat(
            Files.readString(markdown).lines().findFirst().orElseThrow().replaceAll("[*\\\\]", ""))
        .isEqualTo(sentence);
  }

  @Test
  void countsInJunitWhatFailedAndWhatNoiseLeavesOpen() throws Exception {
    // given
    batch("a", 100, 101, 99);
    batch("slow", 80, 81, 79);
    batch("noisy", 70, 100, 130);

    for (String other : List.of("slow", "noisy")) {
      // when
      Path junit = folder.resolve(other + ".xml");
      execute("compare", "a", other, "--junit", junit.toString());

      // then
      String xml = Files.readString(junit);
      assertThat(xml)
          .contains(
              "failures=\"%d\" skipped=\"%d\""
                  .formatted(xml.split("<failure ").length - 1, xml.split("<skipped ").length - 1));
    }
    assertThat(folder.resolve("noisy.xml")).content().doesNotContain("skipped=\"0\"");
  }

  @Test
  void marksWhatWasAllowedInEveryOutput() throws Exception {
    // given
    batch("a", 100, 101, 99);
    Batch other =
        tree.home()
            .accept(
                "batch_name: b\nrepeat: 3\n"
                    + FixedRules.BASE.replace("benchmark_duration: 5", "benchmark_duration: 6"));
    for (int index = 0; index < 3; index++) {
      tree.succeeded(other.run(index), 100 + index, 1e3);
    }
    tree.summarise(other, true);

    // when, then
    assertThat(execute("compare", "a", "b")).isEqualTo(2);
    assertThat(err).contains("REFUSED b/").contains("benchmark_duration: 5 / 6; --allow");
    for (String format : List.of("text", "md", "json")) {
      assertThat(execute("compare", "a", "b", "--allow", "benchmark_duration", "--format", format))
          .isZero();
      assertThat(out.replace("\\", "")).contains("benchmark_duration").contains("allowed");
      assertThat(err).contains("(allowed to differ: benchmark_duration)");
    }
  }

  @Test
  void storesAndShowsBaselines() throws Exception {
    // given
    Batch batch = batch("a", 100, 101, 99);
    batch("slow", 80, 81, 79);

    // when, then
    assertThat(execute("baseline", "release", "a")).isZero();
    assertThat(out).startsWith("release: " + batch.id() + ", 3 runs, stored ");
    tree.home().files.delete(batch.folder());
    assertThat(execute("baseline")).isZero();
    assertThat(out).contains("its batch is gone from").contains("its figures are kept");
    assertThat(execute("compare", "baseline:release", "slow")).isEqualTo(1);
    assertThat(execute("baseline", "none")).isEqualTo(2);
    assertThat(err).contains("there is no baseline \"none\"; stored: release");
    assertThat(execute("baseline", "../x", "slow")).isEqualTo(2);
  }

  @Test
  void listsTheOtherBaselinesBesideDamagedOnes() throws Exception {
    // given
    Batch batch = batch("a", 100, 101, 99);
    for (String name : List.of("good", "lost", "zero")) {
      execute("baseline", name, "a");
    }
    Path baselines = folder.resolve(".caravan/baselines");
    Files.writeString(baselines.resolve("a b.json"), "{}");
    Files.writeString(baselines.resolve("cut.json"), "{");
    new ProcessBuilder("mkfifo", baselines.resolve("fifo.json").toString()).start().waitFor();
    Path lost = baselines.resolve("lost.json");
    String folder = batch.folder().toString();
    Files.writeString(lost, Files.readString(lost).replace(folder, "/x\\u0000"));

    // when
    int exit = execute("baseline");

    // then
    assertThat(exit).isEqualTo(2);
    assertThat(out.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("good: " + batch.id()).contains(" from "),
            line -> assertThat(line).startsWith("lost: ").contains("its batch is gone"),
            line -> assertThat(line).startsWith("zero: "));
    assertThat(err.lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .contains("the baseline a b: ")
                    .contains("is not a valid baseline name"),
            line -> assertThat(line).contains("the baseline cut: "),
            line -> assertThat(line).contains("the baseline fifo: ").contains("a FIFO"));
    assertThat(execute("baseline", "fifo")).isEqualTo(2);
    batch("b", 100, 101, 99);
    assertThat(execute("compare", "baseline:lost", "b")).isZero();
  }

  @Test
  void printsNoLineThatABaselineForges() throws Exception {
    // given
    Batch batch = batch("a", 100, 101, 99);
    execute("baseline", "evil", "a");
    Path file = folder.resolve(".caravan/baselines/evil.json");
    String evil = "x\\u001b[2K\\nPASS nightly";
    Files.writeString(
        file,
        Files.readString(file)
            .replace(batch.id(), evil)
            .replace("\"name\":\"evil\"", "\"name\":\"" + evil + "\""));

    for (List<String> args :
        List.of(
            List.of("baseline"),
            List.of("compare", "baseline:evil", "a"),
            List.of("compare", "a", "baseline:evil"))) {
      // when
      execute(args.toArray(String[]::new));
      // then
      assertThat(out + err).doesNotContain("\u001b");
      assertThat((out + err).lines()).noneMatch(line -> line.startsWith("PASS nightly"));
    }
  }
}
