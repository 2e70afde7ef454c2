package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the {@code caravan} script of a checkout builds the jar, and which one it runs. */
@Timeout(60)
class CaravanBuildTest {

  @TempDir Path temp;
  private CaravanCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
  }

  @Test
  void buildsTheJarAndRunsItFromAnyFolderAndThroughALink() throws Exception {
    // given
    Path link =
        Files.createSymbolicLink(temp.resolve("tools/c"), checkout.top().resolve("caravan"));
    Path elsewhere = Files.createDirectories(temp.resolve("home"));

    // when
    CaravanCheckout.Result result =
        checkout.run(elsewhere, List.of(), link.toString(), "plan", "a b");

    // then
    assertThat(result.err())
        .isEqualTo("caravan: building target/caravan.jar, output in target/build.log\n");
    assertThat(result.out()).startsWith("jar one\nin " + elsewhere).endsWith("plan a b\n");
    assertThat(result.code()).isEqualTo(7);
    assertThat(checkout.top().resolve("builds.txt"))
        .hasContent(temp.resolve("jvm/jdk-17") + " -q -B -DskipTests package");
    assertThat(checkout.top().resolve("target/build.log")).content().contains("built with");
  }

  @Test
  void buildsOnlyWhenASourceIsNewer() throws Exception {
    // given
    checkout.caravan("plan");
    CaravanCheckout.Result again = checkout.caravan("plan");

    // when
    checkout.source("two");
    CaravanCheckout.Result changed = checkout.caravan("plan");

    // then
    assertThat(again.err()).isEmpty();
    assertThat(again.out()).startsWith("jar one");
    assertThat(changed.err()).contains("building");
    assertThat(changed.out()).startsWith("jar two");
  }

  @Test
  void buildsAgainAfterABuildThatWasInterrupted() throws Exception {
    // given
    Path target = Files.createDirectories(checkout.top().resolve("target"));
    Path half = Files.writeString(target.resolve("caravan.jar"), "without the libraries");
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().plusSeconds(60)));
    Files.createFile(target.resolve("build.start"));

    // when
    CaravanCheckout.Result result = checkout.caravan("plan");
    CaravanCheckout.Result again = checkout.caravan("plan");

    // then
    assertThat(result.out()).startsWith("jar one");
    assertThat(again.err()).isEmpty();
  }

  @Test
  void leavesTheJarOfARunningDaemonAlone() throws Exception {
    // given
    Path pidFile = temp.resolve("daemon.pid");
    Process daemon =
        checkout.start(checkout.top(), List.of("PID_FILE=" + pidFile), "./caravan", "serve");
    await().until(() -> Files.exists(pidFile));
    Path used = CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));

    // when
    checkout.source("two");
    CaravanCheckout.Result result = checkout.caravan("plan");

    // then
    assertThat(used).hasContent("jar one");
    assertThat(result.out()).startsWith("jar two");
    daemon.destroy();
    assertThat(daemon.waitFor()).as("SIGTERM reached java itself").isEqualTo(143);
  }

  @Test
  void removesUnusedCopies() throws Exception {
    // given
    checkout.caravan("plan");
    Path old = CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    // when
    checkout.source("two");
    checkout.caravan("plan");

    // then
    assertThat(old).doesNotExist();
    assertThat(CaravanCheckout.onlyJar(checkout.top().resolve("target/run"))).hasContent("jar two");
  }

  @Test
  void showsTheOutputOfAFailedBuild() throws Exception {
    // given
    Files.createFile(checkout.top().resolve("broken"));

    // when
    CaravanCheckout.Result result = checkout.caravan("plan");

    // then
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("[ERROR] no such symbol", "the build failed", "target/build.log");
    assertThat(result.out()).isEmpty();
  }
}
