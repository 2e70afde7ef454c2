package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker says when no heartbeat of its hub has come for a lease. */
class SilentHubTest {

  private static final Duration LEASE = Duration.ofSeconds(12);
  private static final String SILENT =
      "The hub is silent: no heartbeat from the hub for 12s; nothing starts here until one comes";

  private final AtomicLong now = new AtomicLong();
  private CapturedLog log;
  private RunStage runs;
  private HeartbeatSender heartbeats;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    ScratchHome scratch = new ScratchHome(folder);
    RunTree tree = new RunTree(scratch.batches, scratch.outputs(), scratch.runFolders("w"));
    runs = new RunStage(tree, null, null, null, null, true); // nothing is executed
    heartbeats =
        new HeartbeatSender(
            new HeartbeatSender.Identity("w", List.of(), 1),
            null, // nothing is in the spool
            runs,
            Optional::empty,
            Optional::empty,
            LEASE,
            now::get);
    log = CapturedLog.of(HeartbeatSender.class);
  }

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void saysOnceInAnOutageThatTheHubIsSilentWhenNothingRuns() throws Exception {
    // when
    silence();
    silence();
    // then
    assertThat(log.lines()).containsExactly(SILENT);
    assertThat(heartbeats.isConnected()).isFalse();
    // when: another outage
    heartbeats.hubHeartbeat(new HubHeartbeat(1, "hub", Map.of(), Set.of(), Set.of()));
    heartbeats.checkLease();
    silence();
    // then
    assertThat(log.lines()).containsExactly(SILENT, SILENT);
  }

  @Test
  void stopsWhatRuns() {
    // given: an order that is not answered yet
    RunOrder order = RunOrder.execute("b/x", "/nowhere/b", 0);
    assertThatThrownBy(() -> runs.take(order)).isInstanceOf(InvalidRunOrderException.class);
    // when
    silence();
    // then
    assertThat(log.lines())
        .containsExactly("Stopping what is running: no heartbeat from the hub for 12s");
  }

  private void silence() {
    now.addAndGet(LEASE.toNanos() + 1);
    heartbeats.checkLease();
  }
}
