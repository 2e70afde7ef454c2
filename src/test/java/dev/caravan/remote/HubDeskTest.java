package dev.caravan.remote;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.batch.Run;
import dev.caravan.config.FixedRules;
import dev.caravan.events.Changes;
import dev.caravan.run.RemoteRuns;
import dev.caravan.run.RunDeadLetters;
import dev.caravan.run.RunFiles;
import dev.caravan.run.RunOrder;
import dev.caravan.run.RunReport;
import dev.caravan.run.RunReport.Kind;
import dev.caravan.testing.ScratchHome;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDeskTest {

  private static final String FAILED =
      """
      {"schema": 1, "status": "failed", "cause": "crashed", "reasons": ["x"], "attempt": 1,
       "final": true, "started_at": "2026-11-25T01:00:00.000Z",
       "ended_at": "2026-11-25T01:00:01.000Z", "duration_seconds": 1.0,
       "aiperf_version": "0.13.0", "args": [],
       "returncode": 3, "stdout": "", "stderr": ""}
      """;

  @TempDir private Path folder;

  @Test
  void writesTheDeadLetterThatAKillCameBefore() throws Exception {
    // given: the result was taken in, and the hub killed before it wrote the letter
    ScratchHome life = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    Files.createDirectories(life.home.inbox());
    Run run =
        life.acceptance.accept(life.claim("a.yaml", FixedRules.BASE), life.rules()).batch().run(0);
    RunOrder order = RunOrder.execute(run.id(), run.batch().folder().toString(), 0);
    HubDesk desk = desk(life);
    String ticket = desk.assign(order.json()).ticket();
    Path parcel = parcel(ticket, order);
    Files.createDirectories(run.folder());
    Files.writeString(run.folder().resolve("process_result.json"), FAILED);
    // when
    desk.deliver(parcel);
    // then
    assertThat(names(life.home.dead())).hasSize(1);
  }

  private Path parcel(String ticket, RunOrder order) throws Exception {
    Path from = Files.createDirectories(folder.resolve("from"));
    Path result = Files.writeString(from.resolve("process_result.json"), FAILED);
    Path parcel = folder.resolve("parcel.zip");
    try (OutputStream out = Files.newOutputStream(parcel)) {
      RunReport report = RunReport.on(order, Kind.ENDED, "");
      Parcel.pack(ticket, "w", report, from, List.of(result), out);
    }
    return parcel;
  }

  private static HubDesk desk(ScratchHome life) throws Exception {
    RunFiles files =
        new RunFiles(life.tree, new RunDeadLetters(life.home, life.tree), life.keys, 5);
    Workers workers =
        new Workers(
            Duration.ofSeconds(30),
            System::nanoTime,
            new WorkerNews() {
              @Override
              public void joined(String worker, List<String> pools) {}

              @Override
              public void lost(String worker, String words) {}
            });
    HubWatch watch =
        new HubWatch(
            "hub",
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            workers,
            (pool, ticket) -> true,
            System::nanoTime);
    RemoteRuns runs = new RemoteRuns(life.batches, life.outputs(), files);
    return new HubDesk(life.home, life.tree, runs, Changes.UNTOLD, watch, 1 << 20);
  }
}
