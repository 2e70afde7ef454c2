package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.head;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.pipeline.record.TestDaemon.summary;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Control requests for batches and runs, carried out from files, also over restarts. */
class ControlRequestsTest {

  private static final String FOUR =
      "batch_name: night\n" + FixedRules.BASE + "sweeps: {concurrency: [1, 2, 3, 4]}\n";
  private static final String BY_ANN = " cancelled by ann: no time";

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
  }

  @Test
  void cancelsABatchWithoutStartingItsOtherRuns() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    RunOrder first = daemon.release().get(0);
    // when
    assertThat(daemon.handle(request(Action.CANCEL, batch))).isEmpty();
    daemon.end(first, Outcome.CANCELLED);
    // then
    assertThat(daemon.stopped).containsExactly(first.runId());
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).isEmpty();
    assertThat(names(batch.folder())).contains("concurrency1").doesNotContain("concurrency2");
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(4);
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(daemon.scratch.open.entries()).isEmpty();
    assertThat(names(daemon.scratch.home.control())).isEmpty();
    Control.Order order = new ControlStore(new DurableFiles()).of(batch).cancelled().orElseThrow();
    assertThat(order.by()).isEqualTo("ann");
    assertThat(order.why()).isEqualTo("no time");
  }

  @Test
  void cancelsAHundredThousandRunsWithoutCreatingFolders() throws Exception {
    // given
    String thousand = range(1000);
    Batch batch =
        daemon.take(
            FixedRules.BASE
                + "sweeps: {concurrency: "
                + thousand
                + ", random_seed: "
                + range(100)
                + "}\n");
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    // when
    daemon.handle(request(Action.CANCEL, batch));
    daemon.release();
    // then
    assertThat(summary(batch).total()).isEqualTo(100_000);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(99_999);
    assertThat(names(batch.folder())).hasSizeLessThan(10);
  }

  private static String range(int size) {
    return IntStream.rangeClosed(1, size).boxed().toList().toString();
  }

  @Test
  void staysCancelledAfterARestartAndKeepsFinishedRuns() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    RunOrder second = daemon.release().get(0);
    request(Action.CANCEL, batch).write(daemon.scratch.home, daemon.scratch.files);
    Files.createDirectories(batch.run(second.runIndex()).folder());
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency2" + BY_ANN);
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(3);
    assertThat(summary(batch).finishedAt()).isPresent();
  }

  @Test
  void cancelsOneRunWhenItIsNext() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    // when
    daemon.handle(request(Action.CANCEL, batch).forRuns(List.of(2), false));
    // then
    assertThat(names(batch.folder())).doesNotContain("concurrency3");
    TestDaemon next = TestDaemon.in(folder);
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED))
        .containsExactly("concurrency1", "concurrency2", "concurrency3" + BY_ANN, "concurrency4");
    assertThat(head(batch, 2).status()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void stopsARunInFlightThatIsCancelledAlone() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    RunOrder first = daemon.release().get(0);
    // when
    daemon.handle(request(Action.CANCEL, batch).forRuns(List.of(0), false));
    // then
    assertThat(daemon.stopped).containsExactly(first.runId());
    daemon.end(first, Outcome.CANCELLED);
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).hasSize(3);
  }

  @Test
  void keepsABatchPausedOverARestartUntilItIsResumed() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Batch other = daemon.take(FOUR.replace("night", "day"));
    daemon.handle(request(Action.PAUSE, batch));
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).hasSize(4);
    assertThat(summary(other).finishedAt()).isPresent();
    // and when
    next.handle(request(Action.RESUME, batch));
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).hasSize(4);
    assertThat(summary(batch).finishedAt()).isPresent();
  }

  @Test
  void keepsTargetsAndTheHomePausedOverARestart() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    String url = (String) batch.config().base().values().get("url");
    daemon.handle(ControlRequest.of(Action.PAUSE, "ann", "").forTarget(url));
    daemon.handle(ControlRequest.of(Action.PAUSE, "ann", ""));
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.release()).isEmpty();
    next.handle(ControlRequest.of(Action.RESUME, "ann", ""));
    assertThat(next.release()).isEmpty();
    next.handle(ControlRequest.of(Action.RESUME, "ann", "").forTarget(url));
    assertThat(next.release()).hasSize(1);
  }

  @Test
  void rerunsAFailedRunOfAFinishedBatchAsANewAttempt() throws Exception {
    // given
    Batch batch = finished(Outcome.FAILED);
    assertThat(head(batch, 1).status()).isEqualTo(Outcome.FAILED);
    // when
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(1), false))).isEmpty();
    // then
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency2");
    assertThat(head(batch, 1).attempt()).isEqualTo(2);
    assertThat(names(batch.run(1).folder().resolve("attempts"))).containsExactly("1");
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(summary(batch).counters().ended()).isEqualTo(4);
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(daemon.scratch.open.entries()).isEmpty();
  }

  @Test
  void rerunsARunOfABatchWhoseEndAFullDiskDelays() throws Exception {
    // given
    FullDisk disk = new FullDisk();
    daemon = new TestDaemon(folder, disk);
    Batch batch = daemon.take("limits: {same_cause: 0}\n" + FOUR);
    disk.fullFor = "summary.json";
    daemon.runToTheEnd(Outcome.FAILED);
    assertThat(daemon.scratch.open.entries()).hasSize(1);
    // when
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(1), false));
    disk.fullFor = "";
    daemon.refresh();
    // then
    assertThat(summary(batch).finishedAt()).isEmpty();
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency2");
    assertThat(summary(batch).finishedAt()).isPresent();
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
  }

  /** As when another user owns their folder. */
  @ParameterizedTest
  @ValueSource(strings = {".caravan/control/1.json", "inbox/night.cancel"})
  void carriesOutOnceARequestThatItCannotRemove(String file) throws Exception {
    // given
    FullDisk disk = new FullDisk();
    daemon = new TestDaemon(folder, disk);
    daemon.start();
    Batch batch = daemon.take(FOUR);
    RunOrder first = daemon.release().get(0);
    Path request = daemon.scratch.home.root().resolve(file);
    Files.createDirectories(request.getParent());
    if (file.endsWith(".json")) {
      Files.write(request, Json.file(request(Action.CANCEL, batch)));
    } else {
      Files.createFile(request);
    }
    disk.keeps = request;
    // when
    for (int n = 0; n < 3; n++) {
      daemon.controlFiles.apply();
    }
    // then
    assertThat(daemon.stopped).containsExactly(first.runId());
    // when
    disk.keeps = folder;
    daemon.controlFiles.apply();
    // then
    assertThat(request).doesNotExist();
    assertThat(daemon.stopped).containsExactly(first.runId());
  }

  @Test
  void carriesOutALaterCancelOfTheSameNameAsOneThatItCouldNotMove() throws Exception {
    // given
    FullDisk disk = new FullDisk();
    daemon = new TestDaemon(folder, disk);
    daemon.start();
    daemon.take(FOUR);
    RunOrder first = daemon.release().get(0);
    Path cancel = daemon.scratch.home.inbox().resolve("night.cancel");
    Files.createFile(cancel);
    disk.keeps = cancel;
    daemon.controlFiles.apply();
    Files.delete(cancel);
    daemon.controlFiles.apply();
    daemon.end(first, Outcome.CANCELLED);
    daemon.runToTheEnd(Outcome.SUCCEEDED);
    daemon.take(FOUR);
    RunOrder second = daemon.release().get(0);
    disk.keeps = folder;
    // when
    Files.createFile(cancel);
    daemon.controlFiles.apply();
    // then
    assertThat(daemon.stopped).containsExactly(first.runId(), second.runId());
  }

  private static final class FullDisk extends DurableFiles {
    private String fullFor = "";
    private Path keeps = Path.of("");

    @Override
    public void delete(Path path) throws IOException {
      refuse(path);
      super.delete(path);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      refuse(from);
      super.move(from, to);
    }

    private void refuse(Path path) throws IOException {
      if (path.equals(keeps)) {
        throw new AccessDeniedException(path.toString());
      }
    }

    @Override
    public void writeWhole(Path file, byte[] content) throws IOException {
      if (file.getFileName().toString().equals(fullFor)) {
        throw new IOException("No space left on device");
      }
      super.writeWhole(file, content);
    }
  }

  @Test
  void rerunsARunOfACancelledBatchAndLeavesTheRestCancelled() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.FAILED);
    daemon.handle(request(Action.CANCEL, batch));
    daemon.release();
    // when
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0, 3), false));
    // then
    TestDaemon next = TestDaemon.in(folder);
    assertThat(next.runToTheEnd(Outcome.SUCCEEDED)).containsExactly("concurrency1", "concurrency4");
    assertThat(names(batch.folder())).doesNotContain("concurrency2", "concurrency3");
    assertThat(summary(batch).counters().of(Outcome.SUCCEEDED)).isEqualTo(2);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(2);
    assertThat(TestDaemon.in(folder).release()).isEmpty();
  }

  @Test
  void cancelsARerun() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.handle(request(Action.CANCEL, batch));
    daemon.release();
    daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), false));
    RunOrder again = daemon.release().get(0);
    // when
    daemon.handle(request(Action.CANCEL, batch));
    // then
    assertThat(daemon.stopped).containsExactly(again.runId());
  }

  @Test
  void refusesToRerunCompletedOrUnfinishedRuns() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.end(daemon.release().get(0), Outcome.SUCCEEDED);
    daemon.release();
    // then
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), false)))
        .hasValueSatisfying(
            message -> assertThat(message).contains("run 1 of").contains("--force"));
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(1), true)))
        .hasValueSatisfying(message -> assertThat(message).contains("run 2").contains("not ended"));
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(3), true))).isPresent();
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(4), true))).isPresent();
    // and when
    assertThat(daemon.handle(request(Action.RETRY, batch).forRuns(List.of(0), true))).isEmpty();
    assertThat(firstRunIsSetAside(batch)).isTrue();
  }

  private static boolean firstRunIsSetAside(Batch batch) throws IOException {
    return names(batch.run(0).folder()).equals(List.of("attempts"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "no json",
        "{\"schema\":1}",
        "{\"schema\":2,\"action\":\"cancel\",\"batch\":\"night\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"burn\",\"batch\":\"night\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"nobody\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"/etc\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"\\u0000\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"night\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"night\",\"runs\":[null],\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"night\",\"runs\":[1.9],\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"night\",\"runs\":[\"1\"],\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"night\",\"by\":7}",
        "{\"schema\":1,\"action\":0,\"batch\":\"night\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"retry\",\"batch\":\"night\",\"by\":\"x\"}",
        "{\"schema\":1,\"action\":\"pause\",\"target\":\"ftp://x\",\"by\":\"x\"}"
      })
  void refusesAnInvalidRequest(String json) throws Exception {
    // given
    daemon.take(FOUR);
    Files.createDirectories(daemon.scratch.home.control());
    Files.writeString(daemon.scratch.home.control().resolve("1.json"), json);
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(names(daemon.scratch.home.control())).containsExactly("1.json.refused.txt");
    assertThat(daemon.release()).hasSize(1);
  }

  @Test
  void refusesRequestsForBatchesOfOtherCaravans() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Path record = batch.folder().resolve(BatchFolder.RECORD);
    Files.writeString(
        record, Files.readString(record).replace(ScratchHome.OWNER.home(), "elsewhere"));
    // when
    TestDaemon next = TestDaemon.in(folder);
    // then
    assertThat(next.handle(request(Action.CANCEL, batch))).isPresent();
    assertThat(names(batch.folder())).doesNotContain("control.json");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 5_000, 100_000})
  void refusesABatchWhoseNameNoFolderCanHave(int length) throws Exception {
    // given
    String name = "a".repeat(length);
    Files.createDirectories(daemon.scratch.home.control());
    Files.writeString(
        daemon.scratch.home.control().resolve("1.json"),
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"" + name + "\",\"by\":\"x\"}");
    // when
    daemon.controlFiles.apply();
    // then
    Path refused = daemon.scratch.home.control().resolve("1.json.refused.txt");
    assertThat(names(daemon.scratch.home.control())).containsExactly("1.json.refused.txt");
    assertThat(refused).content().contains("there is no batch").hasSizeLessThan(300);
  }

  @Test
  void refusesACancelFileWithALongName() throws Exception {
    // given
    String name = "x".repeat(248) + ".cancel";
    daemon.scratch.drop(name, "");
    daemon.controlFiles.apply();
    daemon.scratch.drop(name, "");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(names(daemon.scratch.home.inbox())).doesNotContain(name);
    assertThat(names(daemon.scratch.home.failed()))
        .hasSize(4)
        .filteredOn(kept -> kept.endsWith(".problems.txt"))
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"night.cancel", "night.TIME.cancel"})
  void cancelsTheBatchNamedByACancelFileInTheInbox(String name) throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Batch other = daemon.take(FOUR.replace("night", "night2"));
    String file = name.replace("TIME", batch.folder().getFileName().toString());
    daemon.scratch.drop(file, "");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(daemon.runToTheEnd(Outcome.SUCCEEDED)).hasSize(4);
    assertThat(summary(other).counters().of(Outcome.SUCCEEDED)).isEqualTo(4);
    assertThat(summary(batch).counters().of(Outcome.CANCELLED)).isEqualTo(4);
    assertThat(names(daemon.scratch.home.inbox())).doesNotContain(file);
    assertThat(names(daemon.scratch.home.done())).contains(file);
    Control.Order order = new ControlStore(new DurableFiles()).of(batch).cancelled().orElseThrow();
    assertThat(order.by()).isEqualTo(Files.getOwner(daemon.scratch.home.root()).getName());
  }

  @Test
  void refusesLinksAndCancelFilesThatNameNoBatch() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    Path elsewhere = Files.writeString(folder.resolve("precious"), "keep");
    Files.createSymbolicLink(daemon.scratch.home.inbox().resolve("night.cancel"), elsewhere);
    daemon.scratch.drop("nobody.cancel", "");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(names(daemon.scratch.home.failed()))
        .containsExactly(
            "night.cancel",
            "night.cancel.problems.txt",
            "nobody.cancel",
            "nobody.cancel.problems.txt");
    assertThat(elsewhere).hasContent("keep");
    assertThat(names(batch.folder())).doesNotContain("control.json");
  }

  @ParameterizedTest
  @EnumSource
  void retriesExactlyOnceWheneverThePowerFails(PowerCut.When when) throws Exception {
    int cuts = 0;
    for (boolean wasCut = true; wasCut; cuts++) {
      // given
      Path home = Files.createDirectories(folder.resolve(when.name() + cuts));
      TestDaemon first = TestDaemon.in(home);
      Batch batch = first.take(FOUR);
      first.end(first.release().get(0), Outcome.FAILED);
      first.handle(request(Action.CANCEL, batch));
      first.release();
      request(Action.RETRY, batch)
          .forRuns(List.of(0), false)
          .write(first.scratch.home, new DurableFiles());
      PowerCut disk = new PowerCut(cuts + 1, when);
      // when
      try {
        new TestDaemon(home, disk).start();
        wasCut = !disk.neverHappened();
      } catch (PowerCut.PowerCutError e) {
        assertThat(e).isNotNull();
      }
      TestDaemon next = TestDaemon.in(home);
      List<String> ran = next.runToTheEnd(Outcome.SUCCEEDED);
      // then
      assertThat(ran).as(when + " " + cuts).containsExactly("concurrency1");
      assertThat(head(batch, 0).attempt()).as(when + " " + cuts).isEqualTo(2);
      assertThat(TestDaemon.in(home).release()).isEmpty();
    }
    assertThat(cuts).isGreaterThan(5);
  }

  private Batch finished(Outcome outcome) throws Exception {
    Batch batch = daemon.take("limits: {same_cause: 0}\n" + FOUR);
    daemon.runToTheEnd(outcome);
    assertThat(summary(batch).finishedAt()).isPresent();
    return batch;
  }
}
