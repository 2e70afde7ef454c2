package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.fail;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.Reporter;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.outcome.Judge;
import dev.caravan.pipeline.outcome.LostAttemptTimes;
import dev.caravan.pipeline.outcome.RequestTail;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.SecretStore;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Everything that reads files of a home, which may fail in words only, and soon. */
final class HomeReaders {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** Reads one thing. */
  private interface Reading {
    void run() throws Exception;
  }

  private final FullHome home;

  HomeReaders(FullHome home) {
    this.home = home;
  }

  void readAll(String what) {
    Map<String, Reading> readings = new LinkedHashMap<>();
    putReadingsOfBatch(readings);
    putReadingsOfRun(readings);
    putReadingsOfHome(readings);
    readEach(what, readings);
  }

  private void putReadingsOfBatch(Map<String, Reading> readings) {
    Path batch = home.batch.folder();
    readings.put("load", () -> new BatchStore(new DurableFiles()).load(batch));
    readings.put("control", () -> new ControlStore(new DurableFiles()).of(batch));
    readings.put("report", () -> new Reporter(new BatchReader()).report(List.of(batch)));
    readings.put("list", home::entries);
  }

  private void putReadingsOfRun(Map<String, Reading> readings) {
    RunFolder files = new RunFolder(home.run.folder());
    readings.put("lost times", () -> LostAttemptTimes.of(files, List.of()));
    readings.put(
        "tail",
        () -> {
          RequestTail.of(files.requests(), 1000).lastEnd();
          RequestTail.of(files.requests(), 1000).lastError();
        });
    readings.put("progress", () -> new RunProgress(home.run.folder()).read());
    readings.put("judge", () -> judge(0));
    readings.put("judge a failure", () -> judge(1));
  }

  private void putReadingsOfHome(Map<String, Reading> readings) {
    ScratchHome scratch = home.scratch();
    readings.put("home control", () -> HomeControl.of(scratch.home));
    readings.put("home id", () -> HomeId.of(scratch.home, new DurableFiles()));
    readings.put("keys", () -> new SecretStore(scratch.home, Map.of()).value("A_KEY"));
    readings.put("open batches", () -> scratch.open.folders());
    readings.put(
        "resume",
        () ->
            new Resume(
                    scratch.open,
                    new BatchStore(new DurableFiles()),
                    ScratchHome.OWNER,
                    List.of(scratch.home.results()))
                .unfinishedBatches());
    readings.put(
        "events",
        () -> {
          EventPipeline events = home.events();
          events.restore(scratch.open, scratch.batches);
          events.close();
        });
  }

  private void judge(int code) {
    OffsetDateTime now = OffsetDateTime.now();
    new Judge()
        .judge(
            home.run.folder(),
            new ProcessExit(ProcessExit.How.EXITED, code, "", now, now, Duration.ZERO),
            () -> true);
  }

  /** All in one thread, since to start one takes longer than to read. */
  private static void readEach(String what, Map<String, Reading> readings) {
    AtomicReference<String> current = new AtomicReference<>(what);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (Map.Entry<String, Reading> each : readings.entrySet()) {
            current.set(what + ": " + each.getKey());
            readInWords(current.get(), each.getValue());
          }
        },
        current::get);
  }

  private static void readInWords(String what, Reading reading) {
    try {
      reading.run();
    } catch (IOException | SettingsRefusedException inWords) {
      assertThat(inWords.getMessage()).isNotBlank();
    } catch (Exception | StackOverflowError e) {
      fail(what, e);
    }
  }
}
