package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that cannot be removed from their folder, as when another user owns it. */
class StuckRequestsTest {

  @TempDir private Path folder;
  private final FaultyDisk disk = new FaultyDisk();
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = new TestDaemon(folder, disk);
    daemon.scratch.inbox.prepare();
    daemon.start();
  }

  @ParameterizedTest
  @ValueSource(strings = {".caravan/control/1.json", "inbox/night.cancel"})
  void carriesOutOnceARequestThatItCannotRemove(String file) throws Exception {
    // given
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
}
