package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettledFilesTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir private Path folder;
  private Instant wall = NOW;
  private long nanos = -5;
  private final SettledFiles settled =
      new SettledFiles(Duration.ofSeconds(3), () -> wall, () -> nanos);

  @Test
  void acceptsAFileOnceItIsOldEnough() throws IOException {
    // given
    Path file = file("a.yaml", NOW.minusMillis(2_999));
    // then
    assertThat(settled.settled(file)).isFalse();
    wall = NOW.plusMillis(1);
    assertThat(settled.settled(file)).isTrue();
  }

  @Test
  void waitsAgainWhenAFileIsModified() throws IOException {
    // given
    Path file = file("a.yaml", NOW.minusSeconds(10));
    Files.setLastModifiedTime(file, FileTime.from(NOW.minusSeconds(1)));
    // then
    assertThat(settled.settled(file)).isFalse();
  }

  @Test
  void acceptsAFutureDatedFileOnceItIsUnchangedForTheSettleTime() throws IOException {
    // given
    Path file = file("a.yaml", NOW.plusSeconds(3600));
    assertThat(settled.settled(file)).isFalse();
    // when
    nanos += Duration.ofMillis(2_999).toNanos();
    boolean early = settled.settled(file);
    nanos += Duration.ofMillis(1).toNanos();
    // then
    assertThat(early).isFalse();
    assertThat(settled.settled(file)).isTrue();
  }

  @Test
  void waitsAgainWhenAFutureDatedFileChanges() throws IOException {
    // given
    Path file = file("a.yaml", NOW.plusSeconds(3600));
    settled.settled(file);
    // when
    nanos += Duration.ofSeconds(2).toNanos();
    Files.writeString(file, "longer than before");
    Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(3600)));
    boolean afterGrowth = settled.settled(file);
    nanos += Duration.ofSeconds(2).toNanos();
    // then
    assertThat(afterGrowth).isFalse();
    assertThat(settled.settled(file)).isFalse();
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(settled.settled(file)).isTrue();
  }

  @Test
  void acceptsNoLinkFolderDotfileOrMissingFile() throws IOException {
    // given
    Path old = file("old.yaml", NOW.minusSeconds(60));
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), old);
    Path sub = Files.createDirectories(folder.resolve("sub.yaml"));
    Files.setLastModifiedTime(sub, FileTime.from(NOW.minusSeconds(60)));
    Path dot = file(".dot.yaml", NOW.minusSeconds(60));
    // then
    assertThat(settled.settled(old)).isTrue();
    assertThat(settled.settled(link)).isFalse();
    assertThat(settled.settled(sub)).isFalse();
    assertThat(settled.settled(dot)).isFalse();
    assertThat(settled.settled(folder.resolve("gone.yaml"))).isFalse();
  }

  @Test
  void acceptsAnyFileAtOnceWithoutASettleTime() throws IOException {
    // given
    SettledFiles eager = new SettledFiles(Duration.ZERO, () -> wall, () -> nanos);
    // then
    assertThat(eager.settled(file("a.yaml", NOW))).isTrue();
    assertThat(eager.settled(file("b.yaml", NOW.plusSeconds(9)))).isTrue();
  }

  private Path file(String name, Instant modified) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "text");
    return Files.setLastModifiedTime(file, FileTime.from(modified));
  }
}
