package dev.caravan.cli;

import dev.caravan.cli.Engine.OneShot;
import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.accept.BatchFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan run}: runs one config in this process, without a daemon. */
@Command(
    name = "run",
    description = "Runs one config in the foreground, as run_aiperf.py did; needs no daemon.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan run --config-file benchmark.yaml --wait 20m")
final class RunCommand implements Callable<Integer> {

  private final Engine engine;

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Mixin private RunOutputs outputs;

  @Mixin private OverrideOptions overrides;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** What to run: a config, or the unfinished runs of a batch. */
  private static final class Source {

    @Option(names = "--config-file", paramLabel = "FILE", description = "The config.")
    private Path config;

    @Parameters(paramLabel = "FILE", description = "The config, as with --config-file.")
    private Path file;

    @Option(
        names = "--resume",
        paramLabel = "BATCH",
        description = "Resume an unfinished batch of `run`: its folder, id, name or `latest`.")
    private String batch;

    Path config() {
      return config == null ? file : config;
    }
  }

  @Option(
      names = "--dry-run",
      description = "Print the folder and command of every run; write and run nothing.")
  private boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Wait up to this long for the service before the first run, such as 20m.")
  private Duration wait;

  @Option(
      names = "--hook",
      paramLabel = "NAME=COMMAND",
      description = "The command of a hook that the config names, such as restart=./restart.sh.")
  private Map<String, String> hooks = Map.of();

  RunCommand(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Integer call() throws IOException {
    Settings settings = withHooks(caravan.settings());
    if (source.batch != null) {
      requireNoOverrides();
      return engine.resume(settings, batch(settings), outputs);
    }
    return dryRun
        ? new DryRun(settings).show(source.config(), overrides.overrides())
        : engine.run(
            settings,
            new OneShot(
                source.config(), overrides.overrides(), Optional.ofNullable(wait), outputs));
  }

  private Settings withHooks(Settings settings) {
    Settings with = settings;
    for (Map.Entry<String, String> hook : hooks.entrySet()) {
      with = with.withHook(hook.getKey(), hook.getValue());
    }
    return with;
  }

  private void requireNoOverrides() {
    if (overrides.overrides().any()) {
      throw new ParameterException(
          spec.commandLine(),
          "--name, --label and --set are for a new batch; one that is resumed keeps its own");
    }
  }

  private Path batch(Settings settings) throws IOException {
    return BatchFinder.of(settings)
        .find(source.batch, Path.of("").toAbsolutePath())
        .orElse(Path.of(source.batch));
  }
}
