package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which commands start from an archive of classes, and when the {@code caravan} script makes one
 * anew.
 */
@Timeout(60)
class CaravanArchiveUseTest {

  @TempDir Path temp;
  private CaravanCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
  }

  @Test
  void startsFromAnArchiveOfClassesThatTheFirstLongCommandMakes() throws Exception {
    // given
    Path archive = checkout.top().resolve("target/run");

    // when
    CaravanCheckout.Result before = checkout.caravan("plan");
    CaravanCheckout.Result first = checkout.caravan("run");
    CaravanCheckout.Result after = checkout.caravan("plan");

    // then
    assertThat(before.out()).doesNotContain("SharedArchiveFile");
    assertThat(first.out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(after.out()).contains("-XX:SharedArchiveFile=" + archive);
  }

  @Test
  void knowsTheCommandBehindOptions() throws Exception {
    // when
    CaravanCheckout.Result plan = checkout.caravan("--home", "run", "plan");
    CaravanCheckout.Result serve = checkout.caravan("--home", "plan", "serve");

    // then
    assertThat(plan.out()).doesNotContain("SharedArchiveFile");
    assertThat(serve.out()).contains("-XX:SharedArchiveFile=", " -XX:-UsePerfData ");
  }

  @Test
  void makesNoArchiveForHelp() throws Exception {
    // when
    checkout.caravan("run", "--help");

    // then
    assertThat(checkout.archives()).isEmpty();
  }

  @Test
  void keepsTheArchiveInTheCacheOfTheUserWhoMayNotWriteBesideTheJar() throws Exception {
    // given
    checkout.caravan("plan");
    Path cache = Files.createDirectories(temp.resolve("cache"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path beside = checkout.top().resolve("target/run");
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("r-xr-xr-x"));

    // when
    String first = checkout.asAnotherUser(cache, "run").out();
    String after = checkout.asAnotherUser(cache, "plan").out();
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));

    // then
    assertThat(first).contains("-XX:SharedArchiveFile=" + cache);
    assertThat(after).contains("-XX:SharedArchiveFile=" + cache);
    assertThat(checkout.archives()).isEmpty();
  }

  @Test
  void makesAnArchiveForAnotherJavaAnew() throws Exception {
    // given
    checkout.caravan("run");
    checkout.jdk("jvm/jdk-17", "17.0.16");

    // when
    CaravanCheckout.Result before = checkout.caravan("plan");
    CaravanCheckout.Result after = checkout.caravan("run");

    // then
    assertThat(before.out()).doesNotContain("SharedArchiveFile");
    assertThat(after.out()).contains("-java17.0.16-");
  }

  @Test
  void usesNoArchiveThatWasCutOffAndMakesItAnew() throws Exception {
    // given
    checkout.caravan("run");
    Files.writeString(checkout.archives().get(0), "cut");

    // when
    CaravanCheckout.Result before = checkout.caravan("plan");
    CaravanCheckout.Result after = checkout.caravan("run");

    // then
    assertThat(before.out()).doesNotContain("SharedArchiveFile");
    assertThat(after.out()).contains("-XX:SharedArchiveFile=" + checkout.archives().get(0));
    assertThat(checkout.archives()).hasSize(1);
  }

  @Test
  void triesOnceWithAJavaThatMakesNoArchives() throws Exception {
    // given
    Path java = temp.resolve("jvm/jdk-17/bin/java");
    Files.createFile(java.resolveSibling("java.no-archives"));

    // when
    checkout.caravan("run");
    CaravanCheckout.Result again = checkout.caravan("run");

    // then
    assertThat(again.out()).doesNotContain("SharedArchiveFile");
    assertThat(java.resolveSibling("java.archives")).hasContent("archive");
  }

  @Test
  void removesWhatAKillLeftOfAnArchive() throws Exception {
    // given
    checkout.caravan("plan");
    Path jar = CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));
    Path left =
        Files.createFile(Path.of(jar.toString().replace(".jar", "-java17.0.15-1-2.77.new")));
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    // when
    checkout.caravan("run");

    // then
    assertThat(left).doesNotExist();
  }
}
