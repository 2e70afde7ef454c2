package dev.caravan.fleet.worker;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Fifo;
import dev.caravan.testing.ScratchHome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose spool holds damaged runs beside whole ones. */
class DamagedSpoolTest {

  private static final String RESULT =
      """
      {"schema": 1, "status": "succeeded", "cause": "", "reasons": [], "attempt": 1,
       "final": %s, "started_at": "2026-11-25T01:00:00.000Z",
       "ended_at": "2026-11-25T01:00:01.000Z", "duration_seconds": 1.0,
       "aiperf_version": "0.13.0", "args": [], "returncode": 0, "stdout": "", "stderr": ""}
      """;

  @TempDir private Path folder;
  private ScratchHome scratch;
  private Run run;
  private Spool spool;

  @BeforeEach
  void accepts() throws Exception {
    scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    run = scratch.accept(FixedRules.BASE).run(0);
    spool = new Spool(scratch.home, new DurableFiles());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "garbage", "{}", "null", "[1]", "{\"schema\": 7}", "FOLDER", "FIFO", "LINK"})
  void reportsARunWithADamagedReportByItsFolder(String content) throws Exception {
    // given
    String damaged = finished();
    String whole = finished();
    damage(file(damaged, "report.json"), content);
    result(damaged, true);
    // when
    WorkerService worker = TestWorker.in(scratch);
    worker.recover();
    // then
    assertThat(worker.finished()).containsExactlyInAnyOrder(damaged, whole);
    assertThat(new Spool(scratch.home, scratch.files).report(damaged).orElseThrow().outcome())
        .isEqualTo("succeeded");
    worker.pack(damaged, new ByteArrayOutputStream());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "{}", "null", "FOLDER", "FIFO", "LINK", "OTHER"})
  void setsAsideARunWithADamagedAssignment(String content) throws Exception {
    // given
    String damaged = finished();
    String whole = finished();
    damage(file(damaged, "assignment.json"), content);
    try (CapturedLog log = CapturedLog.of(Spool.class)) {
      // when
      WorkerService worker = TestWorker.in(scratch);
      worker.recover();
      WorkerService next = TestWorker.in(scratch);
      next.recover();
      // then
      assertThat(next.finished()).containsExactly(whole);
      assertThat(next.holding(List.of())).isEqualTo(Set.of(whole));
      assertThat(log.lines()).hasSize(1);
    }
    assertThat(names(Spool.folder(scratch.home)))
        .containsExactlyInAnyOrder(whole, damaged + ".damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"assignment.json", "report.json", ""})
  void keepsARunThatCannotBeReadAtTheMoment(String name) throws Exception {
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads all");
    // given
    String id = finished();
    Path unreadable = Spool.folder(scratch.home).resolve(id).resolve(name);
    Set<PosixFilePermission> before = Files.getPosixFilePermissions(unreadable);
    Files.setPosixFilePermissions(unreadable, Set.of());
    // when
    WorkerService worker = TestWorker.in(scratch);
    worker.recover();
    // then
    assertThat(names(Spool.folder(scratch.home))).containsExactly(id);
    // when
    Files.setPosixFilePermissions(unreadable, before);
    // then
    assertThat(worker.finished()).containsExactly(id);
    assertThat(new Spool(scratch.home, scratch.files).report(id).orElseThrow().kind())
        .isEqualTo(Kind.NOT_READY);
  }

  @Test
  void removesWhatIsNoRun() throws Exception {
    // given
    Files.writeString(Spool.folder(scratch.home).resolve("a".repeat(32)), "a file");
    Files.createDirectory(Spool.folder(scratch.home).resolve("b".repeat(32)));
    // when
    WorkerService worker = TestWorker.in(scratch);
    // then
    assertThat(worker.holding(List.of())).isEmpty();
  }

  @Test
  void reportsARunOnceWhenAskedByManyThreads() throws Exception {
    // given
    WorkerService worker = TestWorker.in(scratch);
    List<String> ids = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      ids.add(confirmed());
      worker.failed(ids.get(n), new IOException("x"));
    }
    try (CapturedLog log = CapturedLog.of(LeftRuns.class)) {
      // when
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      for (int n = 0; n < 4; n++) {
        threads.add(CompletableFuture.runAsync(() -> finished(worker)));
      }
      threads.forEach(CompletableFuture::join);
      // then
      assertThat(log.lines()).hasSameSizeAs(ids);
    }
    assertThat(worker.finished()).containsExactlyInAnyOrderElementsOf(ids);
  }

  private static void finished(WorkerService worker) {
    try {
      worker.finished();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void readsARunOfTheFirstSchema() throws Exception {
    // given: a worker that finished a run before its update
    String id = finished();
    Path file = file(id, "assignment.json");
    Files.writeString(
        file, Files.readString(file).replaceFirst("\"schema\" : [12]", "\"schema\" : 1"));
    // when
    WorkerService worker = TestWorker.in(scratch);
    worker.recover();
    // then
    assertThat(worker.finished()).containsExactly(id);
  }

  @Test
  void sendsTheOtherResultsWhenOneIsDamagedLater() throws Exception {
    // given
    String damaged = finished();
    String whole = finished();
    WorkerService worker = TestWorker.in(scratch);
    worker.recover();
    // when
    Files.writeString(file(damaged, "report.json"), "garbage");
    // then
    assertThat(worker.finished()).containsExactly(whole);
    assertThat(worker.finished()).containsExactlyInAnyOrder(damaged, whole);
    assertThat(spool.report(damaged).orElseThrow().outcome()).isEqualTo("failed");
  }

  @Test
  void reportsARunThatItCouldNotExecute() throws Exception {
    // given
    String id = confirmed();
    WorkerService worker = TestWorker.in(scratch);
    // when
    worker.failed(id, new IOException("No space left on device"));
    // then
    assertThat(worker.finished()).containsExactly(id);
    RunReport report = spool.report(id).orElseThrow();
    assertThat(report.kind()).isEqualTo(Kind.RETRY);
    assertThat(report.cause()).isEqualTo("lost");
    assertThat(report.message()).contains("No space left on device");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void doesNotCallAnAttemptLostThatEnded(boolean isFinal) throws Exception {
    // given: a worker that was killed between the result and the report
    String id = confirmed();
    result(id, isFinal);
    // when
    WorkerService worker = TestWorker.in(scratch);
    worker.recover();
    // then
    RunReport report = spool.report(id).orElseThrow();
    assertThat(report.kind()).isEqualTo(isFinal ? Kind.ENDED : Kind.RETRY);
    assertThat(report.outcome()).isEqualTo("succeeded");
  }

  private String confirmed() throws Exception {
    Assignment assignment = TestWorker.assignment(run);
    spool.add(assignment);
    spool.confirm(assignment.deliveryId());
    return assignment.deliveryId();
  }

  private String finished() throws Exception {
    String id = confirmed();
    RunReport report = RunReport.on(spool.order(spool.assignment(id)), Kind.NOT_READY, "x");
    spool.storeReport(id, report);
    return id;
  }

  private void result(String id, boolean isFinal) throws Exception {
    Path runFolder = scratch.batches.load(spool.batch(id)).run(0).folder();
    Files.createDirectories(runFolder);
    Files.writeString(runFolder.resolve("process_result.json"), RESULT.formatted(isFinal));
  }

  private Path file(String id, String name) {
    return Spool.folder(scratch.home).resolve(id).resolve(name);
  }

  private void damage(Path file, String content) throws Exception {
    String before = Files.readString(file);
    Files.delete(file);
    switch (content) {
      case "FOLDER" -> Files.createDirectories(file.resolve("below"));
      case "FIFO" -> Fifo.create(file);
      case "LINK" -> Files.createSymbolicLink(file, Path.of("nowhere"));
      case "OTHER" -> Files.writeString(file, before.replaceFirst("[0-9a-f]{32}", "a".repeat(32)));
      default -> Files.writeString(file, content);
    }
  }
}
