package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The live progress of a run, with and without a pseudo-terminal. */
class TerminalIT extends FakeAiperfTestBase {

  private static final Pattern ERASED = Pattern.compile("\u001b\\[\\d+F\u001b\\[J");
  private static final String BOLD = "\u001b[1m";

  @Test
  void showsTheRunAndTheBatchOnAWideTerminal() {
    // given
    caravan.with("TERM", "xterm");

    // when
    Program run = onTerminal(120, "fake-until-go", "1, 2");

    // then
    await()
        .atMost(Program.TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(frames(run))
                    .hasSizeGreaterThan(3)
                    .anySatisfy(
                        frame ->
                            assertThat(frame)
                                .contains(BOLD, "0/2 runs", " left")
                                .contains("run 1: concurrency 1 · measuring")));

    // when
    FakeAiperf.go(bin);

    // then
    assertThat(run.exit()).as(run.out()).isZero();
    List<String> frames = frames(run);
    assertThat(frames.get(frames.size() - 1))
        .as("nothing of the block is left at the end")
        .contains("SUMMARY", "Completed  : 2")
        .doesNotContain(" elapsed");
    assertThat(run.out()).contains("INFO: Run 2 completed successfully");
  }

  @Test
  void writesPlainLinesWithoutACapableTerminal() {
    // given
    caravan.with("TERM", "dumb");

    // when
    Program run = onTerminal(80, "fake-ok", "1, 2");

    // then
    assertThat(run.exit()).isZero();
    assertThat(run.out()).doesNotContain("\u001b").contains("INFO: Run 2 completed successfully");
  }

  @Test
  void fitsANarrowTerminalRespectsNoColorAndLeavesItCleanWhenInterrupted()
      throws IOException, InterruptedException {
    // given
    caravan.with("TERM", "xterm").with("NO_COLOR", "1");

    // when
    Program run = onTerminal(40, "fake-hang", "1, 2");
    await().atMost(Program.TIMEOUT).until(() -> blocks(run).anyMatch(b -> b.contains("measuring")));
    // then
    assertThat(run.out()).doesNotContain(BOLD);
    assertFits(40, run);

    // when
    assumeTrue(ProcFs.receivesSigint(), "children of a background shell do not receive SIGINT");
    ProcessHandle java =
        ProcessHandle.of(run.pid())
            .orElseThrow()
            .descendants()
            .filter(each -> each.info().command().filter(c -> c.endsWith("/java")).isPresent())
            .findFirst()
            .orElseThrow();
    new ProcessBuilder("kill", "-INT", String.valueOf(java.pid())).start().waitFor();

    // then
    assertThat(run.exit()).as(run.out()).isEqualTo(130);
    assertThat(run.out()).doesNotContain(BOLD);
    assertFits(40, run);
    String last = frames(run).get(frames(run).size() - 1);
    assertThat(last).contains("Interrupted: 0 of 2 runs ended").doesNotContain(" elapsed");
  }

  private static void assertFits(int columns, Program run) {
    assertThat(blocks(run))
        .isNotEmpty()
        .allSatisfy(
            block ->
                assertThat(block.lines().takeWhile(line -> !line.contains("INFO")))
                    .allMatch(line -> line.length() < columns));
  }

  private static Stream<String> blocks(Program run) {
    return frames(run).stream().filter(frame -> frame.startsWith("["));
  }

  private Program onTerminal(int columns, String model, String concurrency) {
    Path config =
        caravan.write(
            "live.yaml", unprobed("live", model, "sweeps: {concurrency: [" + concurrency + "]}"));
    return caravan.startOnTerminal(
        columns, "run", "--config-file", config.getFileName().toString());
  }

  private static List<String> frames(Program run) {
    return List.of(ERASED.split(run.out().replace("\r", "")));
  }
}
