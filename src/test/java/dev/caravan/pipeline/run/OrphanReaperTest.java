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
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrphanReaperTest {

  private Path folder;
  private Path processes;
  private OrphanReaper orphanReaper;

  @BeforeEach
  void make(@TempDir Path temp) throws Exception {
    folder = temp;
    Home home = new Home(folder);
    processes = Files.createDirectories(home.state().resolve("processes"));
    orphanReaper =
        new OrphanReaper(home, Files.createDirectory(folder.resolve("tmp")), new DurableFiles());
  }

  @Test
  void removesAPartialEntryLeftOverFromAKill() throws Exception {
    // given
    Path partial = Files.writeString(processes.resolve(".7-1.json.0.tmp"), "{\"owner\": 12");
    Files.setLastModifiedTime(partial, FileTime.from(Instant.now().minusSeconds(90)));
    // when
    orphanReaper.endOrphans();
    // then
    assertThat(processes).isEmptyDirectory();
  }

  @Test
  void keepsAPartialEntryThatIsBeingWritten() throws Exception {
    // given
    Path partial = Files.writeString(processes.resolve(".7-1.json.0.tmp"), "{\"owner\": 12");
    // when
    orphanReaper.endOrphans();
    // then
    assertThat(partial).exists();
  }

  @Test
  void endsTheOthersBesideAnEntryThatNobodyCanRead() throws Exception {
    // given
    Path folderInPlaceOfAnEntry = Files.createDirectory(processes.resolve("1-1.json"));
    Path empty = Files.writeString(processes.resolve("1-2.json"), "{}");
    Path noPath =
        Files.writeString(
            processes.resolve("1-3.json"),
            "{\"owner\": 1, \"boot_id\": \"x\", \"temp\": \"\\u0000\", \"directory\": \"/\"}");
    Path link = Files.createSymbolicLink(processes.resolve(".2-1.json.0.tmp"), Path.of("gone"));
    long dead = dead();
    Path entry =
        Files.write(
            processes.resolve("7-1.json"),
            Json.file(
                new OrphanReaper.Entry(
                    dead, 1, dead, 1, boot(), folder + "/x", folder + "", namespace())));
    // when
    orphanReaper.endOrphans();
    // then
    assertThat(entry).doesNotExist();
    assertThat(List.of(folderInPlaceOfAnEntry, empty, noPath)).allMatch(Files::exists);
    assertThat(link).isSymbolicLink();
  }

  private static long dead() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    return ended.pid();
  }

  @Test
  void keepsAnEntryThatItCannotRead() throws Exception {
    // given
    Path bad = Files.writeString(processes.resolve("7-1.json"), "{\"owner\": 12");
    // when
    orphanReaper.endOrphans();
    // then
    assertThat(bad).exists();
  }

  @Test
  void recognizesALiveCaravanByItsStartTicks() throws Exception {
    // given: a live process that this JVM started
    Process run = new ProcessBuilder("sleep", "600").start();
    Path file = processes.resolve(run.pid() + "-" + ticks(run.pid()) + ".json");
    try {
      orphanReaper.add(new ProcessRecord(run.pid(), ticks(run.pid()), boot(), folder, folder));
      assertThat(Json.read(file, OrphanReaper.Entry.class).ownerTicks())
          .isEqualTo(ticks(ProcessHandle.current().pid()));
      // when
      orphanReaper.endOrphans();
      // then
      assertThat(file).exists();
      assertThat(run.isAlive()).isTrue();
    } finally {
      run.destroyForcibly();
    }
  }

  @Test
  void endsAnOrphanWhenTheOwnersPidIsReused() throws Exception {
    // given
    Process orphan =
        new ProcessBuilder("setsid", "sleep", "600").directory(folder.toFile()).start();
    long own = ProcessHandle.current().pid();
    OrphanReaper.Entry entry =
        new OrphanReaper.Entry(
            own,
            ticks(own) - 1,
            orphan.pid(),
            ticks(orphan.pid()),
            boot(),
            folder + "/x",
            folder + "",
            namespace());
    Path file = Files.write(processes.resolve("7-1.json"), Json.file(entry));
    // when
    orphanReaper.endOrphans();
    // then
    assertThat(orphan.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"1,true,true", "8,false,true", "1,false,false"})
  void leavesTheProcessesOfAnotherContainerAlone(int days, boolean stays, boolean sameBoot)
      throws Exception {
    // given: a run of a container whose processes the host sees, under other pids
    Path temp = folder.resolve("x");
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put("TMPDIR", temp.toString());
    Process run = builder.start();
    OrphanReaper.Entry entry =
        new OrphanReaper.Entry(
            dead(),
            1,
            dead(),
            1,
            sameBoot ? boot() : "earlier",
            temp.toString(),
            folder + "",
            "pid:[1]");
    Path file = Files.write(processes.resolve("7-1.json"), Json.file(entry));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(days, ChronoUnit.DAYS)));
    try {
      // when
      orphanReaper.endOrphans();
      // then
      assertThat(run.isAlive()).isTrue();
      assertThat(Files.exists(file)).isEqualTo(stays);
    } finally {
      run.destroyForcibly();
    }
  }

  @Test
  void takesARecordWithoutANamespaceForOneOfItsOwn() throws Exception {
    // given
    String record =
        "{\"owner\": %d, \"pid\": %d, \"boot_id\": \"%s\", \"temp\": \"/x\", \"directory\": \"/\"}";
    Path file =
        Files.writeString(processes.resolve("7-1.json"), record.formatted(dead(), dead(), boot()));
    // when
    orphanReaper.endOrphans();
    // then
    assertThat(file).doesNotExist();
  }

  private static String namespace() throws Exception {
    return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
  }

  private static String boot() throws Exception {
    return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
  }

  private static long ticks(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }
}
