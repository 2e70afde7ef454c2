package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Judging takes time in proportion to what aiperf wrote, whatever it is. {@code
 * scripts/measure-judging.sh} runs this class with files ten times as large.
 */
@Tag("timing")
class JudgingTimeTest {

  private static final int SCALE = Integer.getInteger("caravan.judging.scale", 1);

  /** What is not linear takes minutes or more; the script measures what is. */
  private static final Duration NEVER = Duration.ofSeconds(60);

  @TempDir Path folder;

  @BeforeEach
  void loadsTheClasses() {
    judge();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model ", "not found ", "model: \u001b[", "1 2 "})
  void judgesManyDistinctErrorsInTime(String words) throws IOException {
    // given
    long written =
        write(
            new RunFolder(folder).requests(),
            24L * SCALE << 20,
            i ->
                "{\"metadata\":{\"benchmark_phase\":\"profiling\",\"request_start_ns\":1},"
                    + "\"error\":{\"code\":404,\"type\":\"Not Found\",\"message\":\""
                    + words.replace("\u001b", "\\u001b").repeat(3_900 / words.length())
                    + Integer.toString(i, 36)
                    + "\"}}\n");
    // when
    Duration took = judging();
    // then
    report(written, "of distinct errors \"" + words.strip().replace("\n", " ") + "\"", took);
    assertThat(took).isLessThan(NEVER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "╭─ Error ─╮\n│ x │\n╰─╯\n",
        "╭──────────",
        "│ x │\n",
        "Reason: a ",
        "Dataset configuration failed: x\n  y\n",
        "Failed to load tokenizer 'x",
        "aError.",
        "DEGRADED: ",
        "Service process 'x",
        "Phase x (profiling) complete | completed=1, cancelled=",
        " - WARNING - MLflow export x is not installed",
        "\u001b[0"
      })
  void judgesMuchOutputInTime(String words) throws IOException {
    // given
    long bytes = SCALE << 20;
    String piece = "╭─ Error ─╮\n│ " + words;
    RunFolder runFolder = new RunFolder(folder);
    Files.createDirectories(runFolder.aiperfLog().getParent());
    long written = write(runFolder.stderr(), bytes, i -> i == 0 ? piece : words);
    Files.copy(runFolder.stderr(), runFolder.stdout());
    Files.copy(runFolder.stderr(), runFolder.aiperfLog());
    // when
    Duration took = judging();
    // then
    report(
        written,
        "of stderr, stdout and log each, \"" + words.strip().replace("\n", " ") + "\"",
        took);
    assertThat(took).isLessThan(NEVER);
  }

  @Test
  void saysWhatOfTheRequestsItDidNotRead() throws IOException {
    // given
    Path file = new RunFolder(folder).requests();
    long written = write(file, 3 << 20, i -> "{\"error\":{\"code\":500}}\n");
    // when
    RequestLog log = RequestLog.read(file, new ReadLimits(1 << 20, Duration.ofSeconds(10)));
    RequestLog late = RequestLog.read(file, new ReadLimits(written, Duration.ZERO));
    // then
    assertThat(log.unread())
        .matches("the last 2,0[0-9]{2},[0-9]{3} bytes of profile_export.jsonl were not read");
    assertThat(log.complete()).isFalse();
    assertThat(late.unread()).contains(OneLine.count(written - (1 << 16)));
  }

  @Test
  void namesWhatItDidNotReadInTheJudgment() throws IOException {
    // given
    Path file = new RunFolder(folder).requests();
    write(file, 1, i -> "{\"error\":{\"code\":500}}\n");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(300L << 20);
    }
    // then
    assertThat(judge().reasons())
        .anyMatch(reason -> reason.contains("all of the first"))
        .anyMatch(reason -> reason.endsWith("bytes of profile_export.jsonl were not read"));
  }

  private Duration judging() {
    long start = System.nanoTime();
    Judgment judgment = judge();
    assertThat(judgment.reasons()).isNotEmpty();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Judgment judge() {
    OffsetDateTime now = OffsetDateTime.now();
    return new Judge()
        .judge(
            folder,
            new ProcessExit(ProcessExit.How.EXITED, 1, "", now, now, Duration.ZERO),
            () -> true);
  }

  private static long write(Path file, long bytes, IntFunction<String> piece) throws IOException {
    long written = 0;
    try (Writer out = Files.newBufferedWriter(file)) {
      for (int i = 0; written < bytes; i++) {
        String text = piece.apply(i);
        out.write(text);
        written += text.length();
      }
    }
    return Files.size(file);
  }

  private static void report(long bytes, String what, Duration took) {
    System.out.printf("JUDGING %,d bytes %s: %,d ms%n", bytes, what, took.toMillis());
  }
}
