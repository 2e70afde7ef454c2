package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Progress read from aiperf's growing files. */
class BatchProgressTest {

  private static final String WARMUP = "{\"metadata\":{\"benchmark_phase\":\"warmup\"}}\n";
  private static final String GOOD = "{\"metadata\":{\"benchmark_phase\":\"profiling\"}}\n";
  private static final String BAD =
      "{\"metadata\":{\"benchmark_phase\":\"profiling\"},\"error\":{\"code\":500}}\n";

  private SampleTree tree;
  private Batch batch;
  private Instant startedAt;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
    batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    startedAt = Instant.now();
  }

  @Test
  void saysOfASearchThatGoesOnWhatThereCanBeAtMost() {
    // given
    Batch search =
        tree.batch(
            "batch_name: s\n"
                + FixedRules.BASE
                + "slo: {request_latency_ms_p99: 500}\nsearch: {concurrency: [1, 512]}\n");

    // when
    BatchProgress.Reading reading = new BatchProgress(search, Clock.systemUTC()).read();

    // then
    assertThat(ProgressLines.of(search.id(), reading, Optional.empty(), 100).get(0))
        .contains("] 0 of at most 37 runs · ");
  }

  @Test
  void countsRequestsAsTheyComplete() throws IOException {
    // given
    Path folder = Files.createDirectories(batch.run(0).folder());
    RunProgress progress = new RunProgress(folder);
    assertThat(progress.read()).isEqualTo(new RunProgress.Reading("waiting", 0, 0, 0, 0));

    // when, then
    SampleTree.write(folder.resolve("stdout.log"), "INFO Starting AIPerf System (x.py:1)\n");
    assertThat(progress.read().phase()).isEqualTo("start-up");
    append(folder, "stdout.log", "INFO Phase warmup (warmup) started, target: 5 requests\n");
    append(folder, "profile_export.jsonl", WARMUP + WARMUP + WARMUP.substring(0, 20));
    assertThat(progress.read()).isEqualTo(new RunProgress.Reading("warm-up", 5, 2, 0, 0));
    append(folder, "stdout.log", "INFO Phase profiling (profiling) started\n");
    append(folder, "profile_export.jsonl", WARMUP.substring(20) + GOOD + BAD);
    assertThat(progress.read()).isEqualTo(new RunProgress.Reading("measuring", 0, 3, 2, 1));
  }

  @Test
  void estimatesTheOverheadFromCompletedRuns() throws IOException {
    // given
    long duration = batch.run(0).parameters().benchmarkDuration().orElseThrow().toSeconds();
    tree.succeeded(batch.run(0), 100, 50);
    start(batch.run(1));
    Clock clock = Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC);
    double assumed = new BatchProgress(batch, clock).read().remaining().orElseThrow().toSeconds();

    // when
    tree.summarise(batch, false);
    BatchProgress.Reading reading = new BatchProgress(batch, clock).read();

    // then
    double overhead = Math.max(0, 10 - duration);
    assertThat(assumed).isEqualTo(2 * (duration + 5) - 4);
    assertThat((double) reading.remaining().orElseThrow().toSeconds())
        .isEqualTo(2 * (duration + overhead) - 4);
    assertThat(reading.completed()).isEqualTo(1);
    assertThat(reading.run().orElseThrow().run().index()).isEqualTo(1);
  }

  @Test
  void keepsTheTimeOfLaterRunsWhenOneTakesLongerThanExpected() throws IOException {
    // given: the first of three runs has been running for an hour
    long duration = batch.run(0).parameters().benchmarkDuration().orElseThrow().toSeconds();
    start(batch.run(0));
    Clock clock = Clock.fixed(startedAt.plusSeconds(3600), ZoneOffset.UTC);
    // when
    BatchProgress.Reading reading = new BatchProgress(batch, clock).read();
    // then
    assertThat(reading.run().orElseThrow().remaining()).contains(Duration.ZERO);
    assertThat(reading.remaining()).contains(Duration.ofSeconds(2 * (duration + 5)));
  }

  @Test
  void countsTheRunsAfterOneThatIsRunAgain() throws IOException {
    // given
    long duration = batch.run(0).parameters().benchmarkDuration().orElseThrow().toSeconds();
    start(batch.run(0));
    tree.succeeded(batch.run(1), 100, 50);
    tree.ended(batch.run(2), Outcome.FAILED, "crashed", "it broke");
    BatchProgress progress =
        new BatchProgress(batch, Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC));

    // when
    BatchProgress.Reading first = progress.read();
    BatchProgress.Reading second = progress.read();

    // then
    assertThat(first.completed()).isEqualTo(1);
    assertThat(first.failed()).isEqualTo(1);
    assertThat(first.run().orElseThrow().run().index()).isEqualTo(0);
    assertThat(first.remaining()).contains(Duration.ofSeconds(duration + 5 - 4));
    assertThat(second).isEqualTo(first);
  }

  @Test
  void countsABatchOfOneRun() throws IOException {
    // given
    Batch one = tree.batch("one", "", "");
    start(one.run(0));
    BatchProgress progress = new BatchProgress(one, Clock.fixed(startedAt, ZoneOffset.UTC));

    // when
    BatchProgress.Reading running = progress.read();
    tree.succeeded(one.run(0), 100, 50);

    // then
    assertThat(running.run().orElseThrow().run().folder()).isEqualTo(one.folder());
    assertThat(progress.read().completed()).isEqualTo(1);
  }

  @Test
  void saysNoTimeForRunsThatANumberOfRequestsEnds() throws IOException {
    // given
    Batch counted =
        tree.batch(
            "batch_name: c\n"
                + FixedRules.BASE.replace(
                    "benchmark_duration: 5", "aiperf_options: {request_count: 100}"));
    start(counted.run(0));
    BatchProgress progress =
        new BatchProgress(counted, Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC));
    // then
    assertThat(ProgressLines.of("c", progress.read(), Optional.empty(), 80))
        .anyMatch(line -> line.contains("0:04"))
        .noneMatch(line -> line.contains(" left"));
  }

  @Test
  void waitsForNoRunOnceTheBatchHasFinished() throws IOException {
    // given: cancelled after its first run
    tree.succeeded(batch.run(0), 100, 50);
    BatchProgress progress = new BatchProgress(batch, Clock.fixed(startedAt, ZoneOffset.UTC));
    tree.summarise(batch, false);
    assertThat(lines(progress)).contains("  waiting for the next run");

    // when
    tree.summarise(batch, true);

    // then
    assertThat(lines(progress))
        .hasSize(2)
        .noneMatch(line -> line.contains("waiting") || line.contains("left"));
  }

  @Test
  void countsRunsThatASearchMadeOutOfTheOrderOfTheirLoads() throws IOException {
    // given: 1, 2, 4, 8 and 6 have ended, the last two beyond the one that runs
    Batch search =
        tree.batch(
            "batch_name: s\n"
                + FixedRules.BASE.replace("streaming: false", "streaming: true")
                + "slo: {request_latency_ms_p99: 500}\nsearch: {concurrency: [1, 8]}\n");
    BatchProgress progress =
        new BatchProgress(search, Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC));
    for (String name : List.of("concurrency1", "concurrency2", "concurrency4", "concurrency6")) {
      tree.succeeded(run(search, name), 100, 50);
    }
    tree.ended(run(search, "concurrency8"), Outcome.FAILED, "crashed", "it broke");
    start(run(search, "concurrency5"));
    // when
    BatchProgress.Reading reading = progress.read();
    // then
    assertThat(reading.completed()).isEqualTo(4);
    assertThat(reading.failed()).isEqualTo(1);
    assertThat(reading.run().orElseThrow().run().folderName()).isEqualTo("concurrency5");
  }

  @Test
  void saysWhatIsLeftOfSearchesWhoseRunsTakeDifferentTimes() throws IOException {
    // given: the first run of the first of two searches
    Batch searches =
        tree.batch(
            "batch_name: s\n"
                + FixedRules.BASE
                + "slo: {error_rate_pct: 1}\nsearch: {concurrency: [1, 512]}\n"
                + "sweeps: {benchmark_duration: [10, 1000]}\n");
    start(searches.run(0));
    int each = searches.size() / 2;
    // when
    BatchProgress progress =
        new BatchProgress(searches, Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC));
    // then
    assertThat(progress.read().remaining())
        .contains(Duration.ofSeconds(each * 15 - 4 + each * 1005));
  }

  @Test
  void countsRunsOnOneServiceWhileARunOnAnotherGoesOn() throws IOException {
    // given
    Batch two =
        tree.batch("t", "url: [\"http://slow:1\", \"http://fast:1\"], concurrency: [1, 2]", "");
    BatchProgress progress =
        new BatchProgress(two, Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC));
    List<Run> fast = two.indexes().mapToObj(two::run).filter(r -> isOn(r, "fast")).toList();
    Run slow = two.indexes().mapToObj(two::run).filter(r -> isOn(r, "slow")).toList().get(0);
    start(slow);
    // when
    tree.succeeded(fast.get(0), 100, 50);
    int first = progress.read().completed();
    tree.succeeded(fast.get(1), 100, 50);
    BatchProgress.Reading second = progress.read();
    // then
    assertThat(first).isEqualTo(1);
    assertThat(second.completed()).isEqualTo(2);
    assertThat(second.run().orElseThrow().run().index()).isEqualTo(slow.index());
  }

  private static boolean isOn(Run run, String host) {
    return run.parameters().url().contains(host);
  }

  private static Run run(Batch batch, String folder) {
    return batch
        .indexes()
        .mapToObj(batch::run)
        .filter(run -> run.folderName().equals(folder))
        .findFirst()
        .orElseThrow();
  }

  private List<String> lines(BatchProgress progress) {
    return ProgressLines.of(batch.id(), progress.read(), Optional.empty(), 120);
  }

  @Test
  void fitsIntoNarrowTerminals() throws IOException {
    // given
    tree.ended(batch.run(0), Outcome.FAILED, "crashed", "it broke");
    start(batch.run(1));
    BatchProgress progress =
        new BatchProgress(batch, Clock.fixed(startedAt.plusSeconds(4), ZoneOffset.UTC));
    progress.read();

    // when
    List<String> wide = ProgressLines.of(batch.id(), progress.read(), Optional.empty(), 120);
    List<String> narrow = ProgressLines.of(batch.id(), progress.read(), Optional.empty(), 30);

    // then
    assertThat(wide).hasSize(4);
    assertThat(wide.get(0)).startsWith("[").contains("1/3 runs · 1 failed", batch.id());
    assertThat(wide.get(1)).contains("run 2: concurrency 2", "waiting");
    assertThat(narrow).hasSize(5).allMatch(line -> line.length() <= 30);
  }

  private void start(Run run) throws IOException {
    Path metadata = SampleTree.write(run.folder().resolve("run_metadata.json"), "{}");
    Files.setLastModifiedTime(metadata, FileTime.from(startedAt));
    assertThat(Duration.between(startedAt, Instant.now())).isLessThan(Duration.ofMinutes(1));
  }

  private static void append(Path folder, String name, String text) throws IOException {
    Files.writeString(
        folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
