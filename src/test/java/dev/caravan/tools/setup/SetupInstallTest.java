package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the setup of aiperf does, and says meanwhile. */
class SetupInstallTest extends SetupTestBase {

  /** After a power cut, it would be taken for complete with half of its files. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void callsAnEnvironmentCompleteOnlyOnceItIsOnDisk(boolean byUv) throws Exception {
    // given
    Path synced = temp.resolve("synced");
    String list = "for each in \"$3\"/.c* \"$3\"/bin/*; do echo \"$each\"; done >'%s'";
    (byUv ? python.withUv() : python).insteadOfSyncing(list.formatted(synced)).write("python3.13");

    // when
    Path aiperf = setup().install("0.13.0", List.of());

    // then
    Path complete = location.completeMarker("0.13.0");
    assertThat(complete).exists();
    assertThat(Files.readAllLines(synced)).contains(aiperf + "").doesNotContain(complete + "");
  }

  @Test
  void isNotCompleteWhenTheDiskDoesNotTakeIt() throws Exception {
    // given
    python.insteadOfSyncing("echo Input/output error; exit 1").write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .isInstanceOf(SetupFailedException.class)
        .hasMessageContaining("Input/output error");
    assertThat(location.completeMarker("0.13.0")).doesNotExist();
    assertThat(location.aiperf()).isEmpty();
  }

  @Test
  void installsTheRequestedVersion() throws Exception {
    // given
    environment.put("PYTHONPATH", "/elsewhere");
    environment.put("COLUMNS", "0");
    python.write("python3.13");

    // when
    Path aiperf = setup().install("0.13.0", List.of());

    // then
    assertThat(aiperf)
        .isEqualTo(temp.resolve("data/caravan/aiperf-0.13.0/bin/aiperf"))
        .isExecutable();
    assertThat(location.aiperf()).contains(aiperf);
    assertThat(warmed).containsExactly(aiperf);
    assertThat(Files.readString(python.calls()))
        .contains("-m pip install --no-input", "aiperf==0.13.0 PYTHONPATH=unset COLUMNS=unset")
        .doesNotContain("/elsewhere");
  }

  @Test
  void announcesTheDownload() throws Exception {
    // given
    python.write("python3.13");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(String.join("\n", progress))
        .containsSubsequence(
            "Setting up aiperf 0.13.0 with Python 3.12", "1.2 GB", "minutes", "is ready");
  }

  @Test
  void reportsProgressWhilePipRuns() throws Exception {
    // given
    Path go = temp.resolve("go");
    python.beforePipInstall(
        "echo Downloading torch; until [ -e '" + go + "' ]; do sleep 0.05; done");
    python.write("python3.13");

    // when
    CompletableFuture<Path> setup = CompletableFuture.supplyAsync(this::installed);
    await()
        .until(
            () -> progress.stream().anyMatch(line -> line.contains(": installing: Downloading")));
    Files.createFile(go);

    // then
    assertThat(setup.get()).exists();
  }

  @Test
  void doesNothingWhenInstalledAlready() throws Exception {
    // given
    python.write("python3.13");
    setup().install("0.13.0", List.of());
    String calls = Files.readString(python.calls());
    progress.clear();

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress)
        .containsExactly("aiperf 0.13.0 is already installed: " + location.aiperf().orElseThrow());
    assertThat(Files.readString(python.calls())).isEqualTo(calls);
    assertThat(warmed).hasSize(1);
  }

  @Test
  void serialisesConcurrentCalls() throws Exception {
    // given
    python.beforePipInstall("sleep 0.3").write("python3.13");

    // when
    CompletableFuture<Path> one = CompletableFuture.supplyAsync(this::installed);
    CompletableFuture<Path> other = CompletableFuture.supplyAsync(this::installed);

    // then
    assertThat(one.get()).isEqualTo(other.get());
    assertThat(
            Files.readAllLines(python.calls()).stream().filter(line -> line.contains("aiperf==")))
        .hasSize(1);
  }

  @Test
  void showsTheLastLinesOfPipAndRetriesNextTime() throws Exception {
    // given
    python
        .beforePipInstall("for i in $(seq 1 40); do echo line $i; done; exit 1")
        .write("python3.13");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .isInstanceOf(SetupFailedException.class)
        .message()
        .contains("failed (exit 1)", "line 40", "line 26", location.log().toString())
        .doesNotContain("line 25");
    assertThat(location.aiperf()).isEmpty();

    // when
    python.beforePipInstall(":").write("python3.13");

    // then
    assertThat(setup().install("0.13.0", List.of())).exists();
  }

  @Test
  void toleratesAFailedWarmUpAndRetriesNextTime() throws Exception {
    // given
    python.write("python3.13");
    WarmUp broken =
        (aiperf, tokenizers) -> {
          throw new IOException("no free port");
        };

    // when
    setup(broken, Duration.ofSeconds(20)).install("0.13.0", List.of());
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress).contains("  warm-up failed (no free port); the first run may be slow");
    assertThat(warmed).hasSize(1);
  }

  @Test
  void refusesInvalidVersions() {
    assertThatThrownBy(() -> setup().install("../../x", List.of()))
        .message()
        .contains("'../../x' is not an aiperf version");
    assertThatThrownBy(() -> setup().install("--index-url=x", List.of()))
        .isInstanceOf(SetupFailedException.class);
  }
}
