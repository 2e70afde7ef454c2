package dev.caravan.cli;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.InputFiles;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/** Reads configs that a command only looks at, by the rules of the command line. */
final class ConfigFiles {

  private final Settings settings;
  private final Home home;

  ConfigFiles(Settings settings) {
    this.settings = settings;
    this.home = new Home(settings.home());
  }

  /** The checked config; {@code warn} takes what does not speak against it. */
  BenchmarkConfig read(Path file, Consumer<String> warn) throws ConfigRefusedException {
    byte[] bytes = Acceptance.read(file, file.toString());
    CheckOnlyRules rules = new CheckOnlyRules(rules(file));
    BenchmarkConfig config = new ConfigReader(rules).read(bytes, file.toString());
    config.warnings().forEach(warn);
    rules.unset().stream()
        .map(name -> "the variable " + name + " is not set here; where it runs it must be")
        .forEach(warn);
    return config;
  }

  /** The folder that its batches will lie in. */
  Path parent(BenchmarkConfig config) {
    return outputs().resolve(config.outputBaseDir()).resolve(config.batchName());
  }

  /** A path as people see it from the home. */
  String shown(Path path) {
    return home.display(path);
  }

  private SourceRules rules(Path file) {
    return new SourceRules(
        new HashSet<>(settings.list(Setting.AIPERF_OPTIONS_ALLOWED)),
        settings.count(Setting.BATCH_MAX_RUNS, 1),
        List.of("*"),
        new SecretStore(home, settings.environment()),
        false,
        outputs(),
        InputFiles.ofCommand(file, home));
  }

  private OutputRoots outputs() {
    return new OutputRoots(home.root(), List.of(), true);
  }
}
