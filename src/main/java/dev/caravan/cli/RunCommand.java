package dev.caravan.cli;

import dev.caravan.cli.Engine.OneShot;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code caravan run}: one config, here and now. */
@Command(
    name = "run",
    description = "Runs one config here and now, as run_aiperf.py did.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  /** The mildest outcome that makes the command fail. */
  enum FailOn {
    FAILED(Outcome.FAILED),
    DEGRADED(Outcome.DEGRADED);

    private final Outcome outcome;

    FailOn(Outcome outcome) {
      this.outcome = outcome;
    }
  }

  private final Engine engine;

  @ParentCommand private CaravanCommand caravan;

  @Mixin private RunOutputs outputs;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** What to run: a config, or what is left of a batch. */
  private static final class Source {

    @Option(names = "--config-file", paramLabel = "FILE", description = "The config.")
    private Path config;

    @Option(
        names = "--resume",
        paramLabel = "BATCH",
        description =
            "Go on with what an earlier run left unfinished: a folder, id, bare name or `latest`.")
    private String batch;
  }

  @Option(
      names = "--dry-run",
      description = "Print every run's folder and command; write nothing, run nothing.")
  private boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Wait this long for the target before the first run, such as 20m.")
  private Duration wait;

  @Option(
      names = "--fail-on",
      defaultValue = "failed",
      paramLabel = "OUTCOME",
      description = "The mildest outcome that gives exit 1: failed or degraded (default: failed).")
  private FailOn failOn;

  RunCommand(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = caravan.settings();
    if (source.batch != null) {
      return engine.resume(settings, batch(settings), failOn.outcome, outputs);
    }
    return dryRun
        ? new DryRun(settings).show(source.config)
        : engine.run(
            settings,
            new OneShot(source.config, Optional.ofNullable(wait), failOn.outcome, outputs));
  }

  private Path batch(Settings settings) throws IOException {
    return BatchFinder.of(settings)
        .find(source.batch, Path.of("").toAbsolutePath())
        .orElse(Path.of(source.batch));
  }
}
