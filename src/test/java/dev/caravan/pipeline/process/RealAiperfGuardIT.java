package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.storage.SetupLocation;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import dev.caravan.testing.RealAiperf;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real aiperf ends when the Caravan that started it does, and only then. */
class RealAiperfGuardIT {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private Path aiperf;

  @BeforeEach
  void setUp() {
    aiperf = RealAiperf.ready(folder.resolve("setup"));
  }

  @Test
  void endsWithin5SecondsWhenItsDaemonIsKilledAndNobodyRestartsIt() throws Exception {
    try (Simulator llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
        Caravan caravan = Caravan.in(folder).with("CARAVAN_AIPERF_COMMAND", "")) {
      // given: a measuring aiperf with its service processes
      Program daemon = caravan.startJar("serve").awaitLine("Watching");
      caravan.drop("real.yaml", config(llm.url()));
      await().atMost(PATIENCE).until(() -> isMeasuring(caravan));
      List<ProcessHandle> tree =
          ProcessHandle.of(daemon.pid()).orElseThrow().descendants().toList();
      assertThat(tree).hasSizeGreaterThan(3);
      // when: kill -9
      daemon.kill();
      // then
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> tree.stream().noneMatch(process -> Processes.isAlive(process.pid())));
    }
  }

  @Test
  void keepsRunningWhenTheThreadThatRequestedItsStartEnds() throws Exception {
    try (Simulator llm = Simulator.start(SimulatorOptions.defaults().withPort(0))) {
      // given
      Launch launch = launch(llm.url());
      TempFolder.create(launch.temp());
      AtomicReference<Process> process = new AtomicReference<>();
      Thread thread = new Thread(() -> process.set(start(launch)));
      // when
      thread.start();
      thread.join();
      // then
      assertThat(process.get().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.get().exitValue()).as(Files.readString(launch.stderr())).isZero();
      assertThat(folder.resolve("run/profile_export_aiperf.json")).exists();
    }
  }

  private static boolean isMeasuring(Caravan caravan) {
    return caravan.batches("real").stream()
        .map(batch -> batch.resolve("profile_export.jsonl"))
        .anyMatch(requests -> requests.toFile().length() > 0);
  }

  private static Process start(Launch launch) {
    try {
      return ProcessStarter.start(launch);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Launch launch(String url) {
    AiperfInstall install =
        new AiperfFinder(() -> Optional.of(aiperf.toString()), folder, Map.of(), PATIENCE).find();
    String arguments =
        "profile --model simulated-model --tokenizer builtin --streaming --concurrency 1"
            + " --warmup-request-count 1 --benchmark-duration 2 --prompt-input-tokens-mean 20"
            + " --prompt-output-tokens-mean 4 --ui-type none --output-artifact-dir run --url "
            + url;
    AiperfCommand.Ready command =
        (AiperfCommand.Ready)
            AiperfCommand.of(
                (AiperfInstall.Usable) install,
                List.of(arguments.split(" ")),
                Optional.empty(),
                KeyPassing.LAUNCHER);
    Map<String, String> environment =
        new HashMap<>(
            AiperfEnvironment.of(
                System.getenv(), List.of(), SetupLocation.of(System.getenv()).tokenizers()));
    environment.putAll(command.environment());
    return Processes.launch(folder, command.argv(), environment, PATIENCE, Processes.GRACE);
  }

  private static String config(String url) {
    return """
        batch_name: real
        readiness: {preflight: false}
        base_config:
          model: simulated-model
          tokenizer: builtin
          url: %s
          streaming: true
          warmup_request_count: 1
          benchmark_duration: 100
          concurrency: 2
        """
        .formatted(url);
  }
}
