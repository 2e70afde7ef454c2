package dev.caravan.pipeline.record;

import static dev.caravan.pipeline.record.TestDaemon.FOUR;
import static dev.caravan.pipeline.record.TestDaemon.request;
import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that name nothing of this home, or that are none. */
class RefusedRequestsTest {

  @TempDir private Path folder;
  private TestDaemon daemon;

  @BeforeEach
  void setUp() throws IOException {
    daemon = TestDaemon.in(folder);
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
  void refusesAnIdThatBatchesInTwoFoldersHave() throws Exception {
    // given
    Batch batch = daemon.take(FOUR);
    daemon.take("output_base_dir: r2\n" + FOUR);
    String record = Files.readString(batch.folder().resolve(BatchFolder.RECORD));
    Path other = daemon.scratch.home.root().resolve("r2").resolve(batch.id());
    Files.createDirectories(other);
    Files.writeString(
        other.resolve(BatchFolder.RECORD), record.replace(batch.record().claimId(), "feed0123"));
    Files.createDirectories(daemon.scratch.home.control());
    Files.writeString(
        daemon.scratch.home.control().resolve("1.json"),
        "{\"schema\":1,\"action\":\"cancel\",\"batch\":\"" + batch.id() + "\",\"by\":\"x\"}");
    // when
    daemon.controlFiles.apply();
    // then
    assertThat(daemon.scratch.home.control().resolve("1.json.refused.txt"))
        .content()
        .contains("2 batches are called", batch.folder().toString(), other.toString());
    assertThat(names(batch.folder())).doesNotContain("control.json");
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
    assertThat(next.handle(request(Action.PAUSE, batch))).isPresent();
    assertThat(names(batch.folder())).doesNotContain("control.json");
  }
}
