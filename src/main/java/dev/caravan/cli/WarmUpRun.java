package dev.caravan.cli;

import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.TempFolder;
import dev.caravan.tools.setup.WarmUp;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Warms aiperf up by a short run against a simulated LLM in this process. */
final class WarmUpRun implements WarmUp {

  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Override
  public void run(Path aiperf, Path tokenizers) throws IOException {
    Path folder = Files.createTempDirectory("caravan-warm-up-");
    try (Simulator simulator = Simulator.start(SimulatorOptions.defaults().withPort(0))) {
      new ProcessRunner().run(launch(aiperf, tokenizers, folder, simulator), new StopSignal());
    } finally {
      TempFolder.remove(folder);
    }
  }

  private static Launch launch(Path aiperf, Path tokenizers, Path folder, Simulator simulator) {
    return new Launch(
        arguments(aiperf, folder, simulator),
        AiperfEnvironment.of(System.getenv(), List.of(), tokenizers),
        folder,
        folder.resolve("stdout.log"),
        folder.resolve("stderr.log"),
        TempFolder.newPath(TempFolder.parent()),
        LIMIT,
        Duration.ZERO);
  }

  private static List<String> arguments(Path aiperf, Path folder, Simulator simulator) {
    return List.of(
        aiperf.toString(),
        "profile",
        "--model",
        simulator.options().models().get(0),
        "--url",
        simulator.url(),
        "--tokenizer",
        "builtin",
        "--streaming",
        "--concurrency",
        "1",
        "--request-count",
        "2",
        "--output-artifact-dir",
        folder.toString(),
        "--ui-type",
        "none");
  }
}
