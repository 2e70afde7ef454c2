package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the {@code caravan} script removes from a cache when it adds an archive of classes. */
@Timeout(60)
class CaravanArchiveCacheTest {

  @TempDir Path temp;
  private CaravanCheckout checkout;
  private Path cache;
  private Path beside;

  @BeforeEach
  void makeCheckoutThatIsReadOnly() throws Exception {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
    checkout.caravan("plan");
    cache = Files.createDirectories(temp.resolve("cache"));
    permit(cache, "rwxrwxrwx");
    permit(temp, "rwxr-xr-x");
    beside = checkout.top().resolve("target/run");
    permit(beside, "r-xr-xr-x");
  }

  @AfterEach
  void letItBeDeleted() throws IOException {
    permit(beside, "rwxr-xr-x");
  }

  @Test
  void removesTheArchivesOfAJarThatIsGone() throws Exception {
    // given
    Path gone = anotherFolder(temp.resolve("removed.jar"), "rwx------", Duration.ofDays(2));

    // when
    CaravanCheckout.Result run = checkout.asAnotherUser(cache, "run");

    // then
    assertThat(gone).doesNotExist();
    assertThat(run.out()).contains("-XX:SharedArchiveFile=" + cache);
  }

  @Test
  void keepsTheArchivesOfAJarThatIsThere() throws Exception {
    // given
    Path jar = Files.createFile(temp.resolve("kept.jar"));
    Path kept = anotherFolder(jar, "rwx------", Duration.ofDays(2));

    // when
    checkout.asAnotherUser(cache, "run");

    // then
    assertThat(kept.resolve("caravan-java17-1-7.jsa")).exists();
  }

  @Test
  void keepsForADayWhatMayBelongToADiskThatIsNotMounted() throws Exception {
    // given
    Path fresh = anotherFolder(temp.resolve("removed.jar"), "rwx------", Duration.ofHours(1));

    // when
    checkout.asAnotherUser(cache, "run");

    // then
    assertThat(fresh.resolve("caravan-java17-1-7.jsa")).exists();
  }

  @Test
  void keepsWhatOthersMayWrite() throws Exception {
    // given
    Path shared = anotherFolder(temp.resolve("removed.jar"), "rwxrwxrwx", Duration.ofDays(2));

    // when
    checkout.asAnotherUser(cache, "run");

    // then
    assertThat(shared.resolve("caravan-java17-1-7.jsa")).exists();
  }

  @Test
  void keepsFilesThatAreNoArchives() throws Exception {
    // given
    Path gone = anotherFolder(temp.resolve("removed.jar"), "rwx------", Duration.ofDays(2));
    Files.writeString(gone.resolve("notes.jsa"), "of the user");
    Files.setLastModifiedTime(gone, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    // when
    checkout.asAnotherUser(cache, "run");

    // then
    assertThat(gone.resolve("caravan-java17-1-7.jsa")).doesNotExist();
    assertThat(gone.resolve("notes.jsa")).hasContent("of the user");
  }

  /** As the script has made it for a jar in another folder. */
  private Path anotherFolder(Path jar, String permissions, Duration age) throws Exception {
    checkout.asAnotherUser(cache, "run");
    Path own;
    try (var folders = Files.list(cache.resolve("caravan"))) {
      own = folders.findFirst().orElseThrow();
    }
    Path other = Files.move(own, own.resolveSibling("classes_another_folder"));
    try (var files = Files.list(other)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.writeString(other.resolve("caravan-java17-1-7.jsa"), "classes");
    Files.createSymbolicLink(other.resolve("jar"), jar);
    permit(other, permissions);
    Files.setLastModifiedTime(other, FileTime.from(Instant.now().minus(age)));
    return other;
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
