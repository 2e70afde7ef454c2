package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real launcher source with a minimal aiperf. */
@Tag("timing")
class LauncherTest {

  /** Nobody else's, since it is looked for in all processes of this machine. */
  private static final String KEY = "nvapi-" + UUID.randomUUID();

  private static final Secret SECRET = new Secret("NVIDIA_API_KEY", KEY);

  /** Writes what it received to a file and waits for a file to end. */
  private static final String WAITING_APP =
      """
      import os, pathlib, sys, time

      def app(tokens):
          received = [sys.argv, tokens, sorted(name for name in os.environ if "KEY" in name or "CARAVAN" in name)]
          pathlib.Path("received.part").write_text(repr(received))
          os.rename("received.part", "received")
          while not os.path.exists("go"):
              time.sleep(0.02)
          return 5
      """;

  @TempDir Path folder;

  @Test
  void passesTheKeyWithoutExposingItInArgvOrEnvironment() throws Exception {
    // given
    AiperfCommand.Ready command = command(Optional.of(SECRET));
    // when
    CompletableFuture<ProcessExit> exit =
        CompletableFuture.supplyAsync(
            () -> new ProcessRunner().run(launch(command), new StopSignal()));
    await().until(() -> Files.exists(folder.resolve("received")));
    // then
    assertThat(folder.resolve("received"))
        .hasContent(
            "[['aiperf', 'profile', '--model', 'm'], ['profile', '--model', 'm', '--api-key', '%s'], []]"
                .formatted(KEY));
    assertThat(Processes.containing(KEY, "cmdline")).isEmpty();
    assertThat(Processes.containing(KEY, "environ")).isEmpty();
    assertThat(command.executed()).noneMatch(argument -> argument.contains(KEY));
    assertThat(command.toString()).doesNotContain(KEY);
    Files.createFile(folder.resolve("go"));
    assertThat(exit.get().returnCode()).isEqualTo(5);
  }

  @Test
  void runsWithoutAKey() throws IOException {
    // given
    Files.createFile(folder.resolve("go"));
    // when
    ProcessExit exit = new ProcessRunner().run(launch(command(Optional.empty())), new StopSignal());
    // then
    assertThat(exit.returnCode()).isEqualTo(5);
    assertThat(folder.resolve("received")).content().endsWith("['profile', '--model', 'm'], []]");
  }

  @Test
  void importsNothingFromTheWorkingDirectory() throws IOException {
    // given
    Files.createFile(folder.resolve("go"));
    Files.writeString(folder.resolve("ctypes.py"), "raise SystemExit(66)");
    Files.writeString(folder.resolve("pathlib.py"), "raise SystemExit(67)");
    // when
    ProcessExit exit = new ProcessRunner().run(launch(command(Optional.empty())), new StopSignal());
    // then
    assertThat(exit.returnCode()).isEqualTo(5);
  }

  @Test
  void endsAtOnceIfItsParentIsAlreadyDead() throws IOException {
    // given
    AiperfCommand.Ready command = command(Optional.empty());
    Map<String, String> environment = new HashMap<>(environment(command));
    environment.put(Launcher.PARENT, "1");
    Launch launch =
        Processes.launch(folder, command.argv(), environment, Processes.MINUTE, Processes.GRACE);
    // when
    ProcessExit exit = new ProcessRunner().run(launch, new StopSignal());
    // then
    assertThat(exit.returnCode()).isEqualTo(-9);
    assertThat(folder.resolve("received")).doesNotExist();
  }

  @Test
  void endsWithTheJvmThatStartedIt() throws Exception {
    // given: another JVM that started it
    Python.aiperf(folder, WAITING_APP);
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
    await()
        .until(
            () -> Files.exists(folder.resolve("received")) && Files.exists(folder.resolve("pid")));
    long launcher = Long.parseLong(Files.readString(folder.resolve("pid")));
    assertThat(Processes.isAlive(launcher)).isTrue();
    // when: kill -9
    jvm.destroyForcibly();
    // then
    await().until(() -> !Processes.isAlive(launcher));
  }

  /** Starts the launcher and waits for it, as Caravan does. */
  static final class RunnerInAnotherJvm {

    private RunnerInAnotherJvm() {}

    public static void main(String[] args) {
      LauncherTest test = new LauncherTest();
      test.folder = Path.of(args[0]);
      new ProcessRunner()
          .run(test.launch(ready(test.folder, Optional.empty())), new StopSignal(), test::savePid);
    }
  }

  private void savePid(ProcessRecord started) {
    try {
      Path part = folder.resolve("pid.part");
      Files.writeString(part, Long.toString(started.pid()));
      Files.move(part, folder.resolve("pid"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private AiperfCommand.Ready command(Optional<Secret> secret) throws IOException {
    Python.aiperf(folder, WAITING_APP);
    return ready(folder, secret);
  }

  private static AiperfCommand.Ready ready(Path folder, Optional<Secret> secret) {
    AiperfInstall found =
        new AiperfFinder(
                () -> Optional.of(folder.resolve("aiperf").toString()),
                folder,
                Map.of(),
                Processes.MINUTE)
            .find();
    return (AiperfCommand.Ready)
        AiperfCommand.of(
            (AiperfInstall.Usable) found,
            List.of("profile", "--model", "m"),
            secret,
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
