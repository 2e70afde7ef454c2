package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's real text, around an aiperf of a few lines. */
@Timeout(30)
class LauncherTest {

  private static final String KEY = "nvapi-0123456789-secret";
  private static final Secret API_KEY = new Secret("NVIDIA_API_KEY", KEY);

  /** Tells what it got, and stays until it is told to go. */
  private static final String STAYS =
      """
      import os, pathlib, sys, time

      def app(tokens):
          got = [sys.argv, tokens, sorted(name for name in os.environ if "KEY" in name or "CARAVAN" in name)]
          pathlib.Path("got.part").write_text(repr(got))
          os.rename("got.part", "got")
          while not os.path.exists("go"):
              time.sleep(0.02)
          return 5
      """;

  @TempDir Path folder;

  @Test
  void handsTheKeyOverInNoArgvAndNoEnvironment() throws Exception {
    // given
    AiperfCommand.Ready command = command(Optional.of(API_KEY));
    // when
    CompletableFuture<ProcessExit> ended =
        CompletableFuture.supplyAsync(
            () -> new ProcessRunner().run(launch(command), new StopSignal()));
    await().until(() -> Files.exists(folder.resolve("got")));
    // then
    assertThat(folder.resolve("got"))
        .hasContent(
            "[['aiperf', 'profile', '--model', 'm'], ['profile', '--model', 'm', '--api-key', '%s'], []]"
                .formatted(KEY));
    assertThat(Processes.showing(KEY, "cmdline")).isEmpty();
    assertThat(Processes.showing(KEY, "environ")).isEmpty();
    assertThat(command.executed()).noneMatch(argument -> argument.contains(KEY));
    assertThat(command.toString()).doesNotContain(KEY);
    Files.createFile(folder.resolve("go"));
    assertThat(ended.get().returnCode()).isEqualTo(5);
  }

  @Test
  void runsWithoutAKeyToo() throws IOException {
    // given
    Files.createFile(folder.resolve("go"));
    // when
    ProcessExit ended =
        new ProcessRunner().run(launch(command(Optional.empty())), new StopSignal());
    // then
    assertThat(ended.returnCode()).isEqualTo(5);
    assertThat(folder.resolve("got")).content().endsWith("['profile', '--model', 'm'], []]");
  }

  @Test
  void importsNothingFromTheWorkingDirectory() throws IOException {
    // given
    Files.createFile(folder.resolve("go"));
    Files.writeString(folder.resolve("ctypes.py"), "raise SystemExit(66)");
    Files.writeString(folder.resolve("pathlib.py"), "raise SystemExit(67)");
    // when
    ProcessExit ended =
        new ProcessRunner().run(launch(command(Optional.empty())), new StopSignal());
    // then
    assertThat(ended.returnCode()).isEqualTo(5);
  }

  @Test
  void endsAtOnceWhenItsParentIsDeadAlready() throws IOException {
    // given
    AiperfCommand.Ready command = command(Optional.empty());
    Map<String, String> other = new HashMap<>(environment(command));
    other.put(Launcher.PARENT, "1");
    Launch launch =
        Processes.launch(folder, command.argv(), other, Processes.MINUTE, Processes.GRACE);
    // when
    ProcessExit ended = new ProcessRunner().run(launch, new StopSignal());
    // then
    assertThat(ended.returnCode()).isEqualTo(-9);
    assertThat(folder.resolve("got")).doesNotExist();
  }

  @Test
  void endsWithin5SecondsOfTheJvmThatStartedIt() throws Exception {
    // given: another JVM that runs it
    Python.aiperf(folder, STAYS);
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RunnerInAnotherJvm.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("jvm.log").toFile())
            .start();
    await().until(() -> Files.exists(folder.resolve("got")));
    long launcher = Long.parseLong(Files.readString(folder.resolve("pid")));
    assertThat(Processes.lives(launcher)).isTrue();
    // when: kill -9
    jvm.destroyForcibly();
    // then
    await().atMost(Duration.ofSeconds(5)).until(() -> !Processes.lives(launcher));
  }

  /** Starts the launcher and follows it, as Caravan does. */
  static final class RunnerInAnotherJvm {

    private RunnerInAnotherJvm() {}

    public static void main(String[] args) {
      LauncherTest run = new LauncherTest();
      run.folder = Path.of(args[0]);
      new ProcessRunner()
          .run(run.launch(ready(run.folder, Optional.empty())), new StopSignal(), run::writeDown);
    }
  }

  private void writeDown(ProcessRecord started) {
    try {
      Files.writeString(folder.resolve("pid"), Long.toString(started.pid()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private AiperfCommand.Ready command(Optional<Secret> key) throws IOException {
    Python.aiperf(folder, STAYS);
    return ready(folder, key);
  }

  private static AiperfCommand.Ready ready(Path folder, Optional<Secret> key) {
    AiperfInstall found =
        new AiperfFinder(
                () -> Optional.of(folder.resolve("aiperf").toString()),
                folder,
                Map.of(),
                Duration.ofSeconds(20))
            .find();
    return (AiperfCommand.Ready)
        AiperfCommand.of(
            (AiperfInstall.Usable) found,
            List.of("profile", "--model", "m"),
            key,
            KeyPassing.LAUNCHER);
  }

  private Launch launch(AiperfCommand.Ready command) {
    return Processes.launch(
        folder, command.argv(), environment(command), Processes.MINUTE, Processes.GRACE);
  }

  private Map<String, String> environment(AiperfCommand.Ready command) {
    Map<String, String> environment = new HashMap<>(command.environment());
    environment.put("PYTHONPATH", folder.resolve("lib").toString());
    return environment;
  }
}
