package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.process.ProcessRecord;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanReaperTest {

  private Path folder;
  private Path notes;
  private OrphanReaper orphanReaper;

  @BeforeEach
  void make(@TempDir Path temp) throws Exception {
    folder = temp;
    Home home = new Home(folder);
    notes = Files.createDirectories(home.state().resolve("processes"));
    orphanReaper =
        new OrphanReaper(home, Files.createDirectory(folder.resolve("tmp")), new DurableFiles());
  }

  @Test
  void removesANoteThatAKillCutOff() throws Exception {
    // given
    Path half = Files.writeString(notes.resolve(".7-1.json.0.tmp"), "{\"owner\": 12");
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().minusSeconds(90)));
    // when
    orphanReaper.end();
    // then
    assertThat(notes).isEmptyDirectory();
  }

  @Test
  void leavesANoteThatALivingCaravanIsWriting() throws Exception {
    // given
    Path half = Files.writeString(notes.resolve(".7-1.json.0.tmp"), "{\"owner\": 12");
    // when
    orphanReaper.end();
    // then
    assertThat(half).exists();
  }

  @Test
  void leavesANoteThatItCannotRead() throws Exception {
    // given
    Path bad = Files.writeString(notes.resolve("7-1.json"), "{\"owner\": 12");
    // when
    orphanReaper.end();
    // then
    assertThat(bad).exists();
  }

  @Test
  void tellsALivingCaravanByTheKernelsCountWhateverTheWallClockSaysOfItsStart() throws Exception {
    // given: a run of ours, which is alive
    Process run = new ProcessBuilder("sleep", "600").start();
    Path note = notes.resolve(run.pid() + "-" + ticks(run.pid()) + ".json");
    try {
      orphanReaper.add(new ProcessRecord(run.pid(), ticks(run.pid()), boot(), folder, folder));
      assertThat(Json.read(note, OrphanReaper.Note.class).ownerTicks())
          .isEqualTo(ticks(ProcessHandle.current().pid()));
      // when
      orphanReaper.end();
      // then
      assertThat(note).exists();
      assertThat(run.isAlive()).isTrue();
    } finally {
      run.destroyForcibly();
    }
  }

  @Test
  void endsWhatACaravanLeftWhoseNumberIsAnothersNow() throws Exception {
    // given
    Process left = new ProcessBuilder("setsid", "sleep", "600").directory(folder.toFile()).start();
    long own = ProcessHandle.current().pid();
    OrphanReaper.Note note =
        new OrphanReaper.Note(
            own, ticks(own) - 1, left.pid(), ticks(left.pid()), boot(), folder + "/x", folder + "");
    Path file = Files.write(notes.resolve("7-1.json"), Json.file(note));
    // when
    orphanReaper.end();
    // then
    assertThat(left.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(file).doesNotExist();
  }

  private static String boot() throws Exception {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static long ticks(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }
}
