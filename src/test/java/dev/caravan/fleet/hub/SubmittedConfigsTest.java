package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies to configs that arrive as messages. */
class SubmittedConfigsTest {

  private static final byte[] CONFIG = "batch_name: a".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "batch_name: b".getBytes(StandardCharsets.UTF_8);

  @TempDir Path home;
  private SubmittedConfigs configs;

  @BeforeEach
  void open() throws IOException {
    configs = new SubmittedConfigs(new Home(home), new DurableFiles());
  }

  @Test
  void repeatsTheReplyForTheSameConfig() throws IOException {
    String accepted = configs.accepted("given:1", CONFIG, "a/1");
    String refused = configs.refused("given:2", CONFIG, List.of("line 1: no"));

    assertThat(configs.reply("given:1", CONFIG)).contains(accepted);
    assertThat(configs.reply("given:2", CONFIG)).contains(refused);
    assertThat(configs.reply("given:3", CONFIG)).isEmpty();
    assertThat(accepted).contains("\"batch\" : \"a/1\"").doesNotContain("problems");
    assertThat(refused).contains("line 1: no").doesNotContain("\"batch\"");
  }

  @Test
  void refusesAnotherConfigUnderAUsedId() throws IOException {
    // given
    String accepted = configs.accepted("given:1", CONFIG, "a/1");

    // when
    String reply = configs.reply("given:1", OTHER).orElseThrow();

    // then
    assertThat(reply).contains("refused", "another config").doesNotContain("a/1");
    assertThat(configs.reply("given:1", CONFIG)).contains(accepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "null", "[]", "{\"config_sha256\": {}}", "FOLDER", "FIFO", "LINK"})
  void forgetsADamagedReply(String damaged) throws Exception {
    // given
    configs.accepted("given:1", CONFIG, "a/1");
    Path stored = new DurableFiles().list(home.resolve(".caravan/submitted")).get(0);
    Files.delete(stored);
    switch (damaged) {
      case "FOLDER" -> Files.createDirectories(stored.resolve("below"));
      case "FIFO" -> Fifo.create(stored);
      case "LINK" -> Files.createSymbolicLink(stored, Path.of("nowhere"));
      default -> Files.writeString(stored, damaged);
    }

    // then: the claim id still finds the batch
    assertThat(configs.reply("given:1", CONFIG)).isEmpty();
    String accepted = configs.accepted("given:1", CONFIG, "a/1");
    assertThat(configs.reply("given:1", CONFIG)).contains(accepted);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void givesNoNewReplyWhileTheStoredOneCannotBeRead(boolean file) throws Exception {
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads all");
    // given
    String accepted = configs.accepted("given:1", CONFIG, "a/1");
    Path folder = home.resolve(".caravan/submitted");
    Path unreadable = file ? new DurableFiles().list(folder).get(0) : folder;
    Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("---------"));
    // then
    assertThatThrownBy(() -> configs.reply("given:1", CONFIG))
        .isInstanceOf(AccessDeniedException.class);
    Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("rwx------"));
    assertThat(configs.reply("given:1", CONFIG)).contains(accepted);
  }

  @Test
  void opensAFolderWithADanglingLink() throws IOException {
    // given
    Files.createSymbolicLink(home.resolve(".caravan/submitted/x.json"), Path.of("nowhere"));

    // then
    assertThat(new SubmittedConfigs(new Home(home), new DurableFiles()).reply("x", CONFIG))
        .isEmpty();
  }

  /** Replies of earlier versions do not say which config they were given to. */
  @Test
  void repeatsReplyThatNamesNoConfig() throws IOException {
    // given
    configs.accepted("given:1", CONFIG, "a/1");
    Path stored = new DurableFiles().list(home.resolve(".caravan/submitted")).get(0);
    Files.writeString(stored, "{\"batch\" : \"a/1\", \"result\" : \"accepted\"}");

    // then
    assertThat(configs.reply("given:1", OTHER))
        .hasValueSatisfying(r -> assertThat(r).contains("a/1"));
  }
}
