package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledFilesTest {

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-09-13T12:26:40Z"));

  @TempDir private Path folder;
  private long nanos = -5;
  private final SettledFiles settled = new SettledFiles(Duration.ofSeconds(3), () -> nanos);

  @Test
  void acceptsAFileThatHasNotChangedForTheSettleTime() throws IOException {
    // given
    Path file = file("a.yaml");
    // then
    assertThat(settled.settled(file)).isFalse();
    pass(2_999);
    assertThat(settled.settled(file)).isFalse();
    pass(1);
    assertThat(settled.settled(file)).isTrue();
  }

  @Test
  void waitsForAFileThatIsWrittenForLongerThanTheSettleTime() throws IOException {
    // given
    Path file = file("a.yaml");
    // when
    for (int n = 0; n < 10; n++) {
      assertThat(settled.settled(file)).isFalse();
      pass(1_000);
      Files.writeString(file, "more", StandardOpenOption.APPEND);
    }
    // then
    assertThat(settled.settled(file)).isFalse();
    pass(3_000);
    assertThat(settled.settled(file)).isTrue();
  }

  @Test
  void namesOnceWhatIsNoFile() throws Exception {
    // given
    Fifo.create(folder.resolve("fifo.yaml"));
    Files.createSymbolicLink(folder.resolve("link.yml"), folder.resolve("gone"));
    Files.createSymbolicLink(folder.resolve(".dot.yaml"), folder.resolve("gone"));
    Files.createSymbolicLink(folder.resolve("notes.txt"), folder.resolve("gone"));
    try (CapturedLog log = CapturedLog.of(SettledFiles.class)) {
      // when
      for (int n = 0; n < 200; n++) {
        for (String name : List.of("fifo.yaml", "link.yml", ".dot.yaml", "notes.txt")) {
          assertThat(settled.settled(folder.resolve(name))).isFalse();
        }
        pass(5_000);
      }
      // then
      assertThat(log.lines())
          .containsExactly(
              "fifo.yaml is left in the inbox: it is not a file but a FIFO, a socket or a device",
              "link.yml is left in the inbox: it is not a file but a link");
    }
  }

  @Test
  void waitsForTheRestOfAFileWithAnOldTime() throws IOException {
    // given
    Path half = file("a.yaml");
    Files.setLastModifiedTime(half, LONG_AGO);
    assertThat(settled.settled(half)).isFalse();
    pass(2_000);
    // when
    Files.writeString(half, "and the rest", StandardOpenOption.APPEND);
    Files.setLastModifiedTime(half, LONG_AGO);
    // then
    assertThat(settled.settled(half)).isFalse();
    pass(2_999);
    assertThat(settled.settled(half)).isFalse();
    pass(1);
    assertThat(settled.settled(half)).isTrue();
  }

  @Test
  void waitsAgainWhenAFileOfTheSameSizeAndTimeTakesItsPlace() throws IOException {
    // given
    Path file = file("a.yaml");
    Files.setLastModifiedTime(file, LONG_AGO);
    settled.settled(file);
    pass(2_000);
    // when
    Path other = Files.writeString(folder.resolve("other"), "TEXT");
    Files.setLastModifiedTime(other, LONG_AGO);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    settled.settled(file);
    pass(2_000);
    // then
    assertThat(settled.settled(file)).isFalse();
  }

  @Test
  void waitsForAFileFromTheFuture() throws IOException {
    // given
    Path file = file("a.yaml");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(3600)));
    settled.settled(file);
    // when
    pass(3_000);
    // then
    assertThat(settled.settled(file)).isTrue();
  }

  @Test
  void acceptsWhatSubmitPlacedAtOnce() throws IOException {
    // then
    assertThat(settled.settled(file("night.0a1b2c3d.yaml"))).isTrue();
    assertThat(settled.settled(file("a\nb.ffffffff.yaml"))).isTrue();
    assertThat(settled.settled(file("night.0a1b2c3.yaml"))).isFalse();
    assertThat(settled.settled(file("night.0A1B2C3D.yaml"))).isFalse();
    assertThat(settled.settled(file("0a1b2c3d.yaml"))).isFalse();
  }

  @Test
  void holdsAnEmptyFileAsLongWhateverItsName() throws IOException {
    // given
    Path empty = Files.createFile(folder.resolve("night.0a1b2c3d.yaml"));
    Path plain = Files.createFile(folder.resolve("a.yaml"));
    // then
    assertThat(settled.settled(empty)).isFalse();
    assertThat(settled.settled(plain)).isFalse();
    pass(3_000);
    assertThat(settled.settled(empty)).isTrue();
    assertThat(settled.settled(plain)).isTrue();
  }

  @Test
  void acceptsNoLinkFolderDotfileOrMissingFile() throws IOException {
    // given
    SettledFiles eager = new SettledFiles(Duration.ZERO, () -> nanos);
    Path file = file("a.yaml");
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);
    Path sub = Files.createDirectories(folder.resolve("sub.yaml"));
    // then
    assertThat(eager.settled(file)).isTrue();
    assertThat(eager.settled(link)).isFalse();
    assertThat(eager.settled(sub)).isFalse();
    assertThat(eager.settled(file(".dot.yaml"))).isFalse();
    assertThat(eager.settled(folder.resolve("gone.yaml"))).isFalse();
  }

  private void pass(long millis) {
    nanos += Duration.ofMillis(millis).toNanos();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "text");
  }
}
