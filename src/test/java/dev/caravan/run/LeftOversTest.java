package dev.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.batch.Home;
import dev.caravan.batch.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftOversTest {

  private Path notes;
  private LeftOvers leftOvers;

  @BeforeEach
  void make(@TempDir Path folder) throws Exception {
    Home home = new Home(folder);
    notes = Files.createDirectories(home.state().resolve("processes"));
    leftOvers = new LeftOvers(home, Files.createDirectory(folder.resolve("tmp")), new Tree());
  }

  @Test
  void removesANoteThatAKillCutOff() throws Exception {
    // given
    Path half = Files.writeString(notes.resolve(".7-1.json.0.tmp"), "{\"owner\": 12");
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().minusSeconds(90)));
    // when
    leftOvers.end();
    // then
    assertThat(notes).isEmptyDirectory();
  }

  @Test
  void leavesANoteThatALivingCaravanIsWriting() throws Exception {
    // given
    Path half = Files.writeString(notes.resolve(".7-1.json.0.tmp"), "{\"owner\": 12");
    // when
    leftOvers.end();
    // then
    assertThat(half).exists();
  }

  @Test
  void leavesANoteThatItCannotRead() throws Exception {
    // given
    Path bad = Files.writeString(notes.resolve("7-1.json"), "{\"owner\": 12");
    // when
    leftOvers.end();
    // then
    assertThat(bad).exists();
  }
}
