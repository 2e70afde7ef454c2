package dev.caravan.cli;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.pipeline.accept.GivenConfig;
import dev.caravan.pipeline.accept.HookRules;
import dev.caravan.pipeline.accept.InputFiles;
import dev.caravan.pipeline.accept.KeyRules;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.process.AiperfExtras;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.function.Consumer;

/** Reads configs for commands that check or plan them, by the rules of the command line. */
final class ConfigFiles {

  private final Settings settings;
  private final Home home;

  ConfigFiles(Settings settings) {
    this.settings = settings;
    this.home = new Home(settings.home());
  }

  /**
   * Reads and checks a config with overrides; {@code warn} receives problems that do not refuse it.
   */
  BenchmarkConfig read(Path file, Overrides overrides, Consumer<String> warn)
      throws ConfigRefusedException {
    GivenConfig given = GivenConfig.read(file, file.toString()).with(overrides);
    CheckOnlyRules rules = new CheckOnlyRules(rules(file));
    BenchmarkConfig config = given.check(rules, file.toString());
    config.warnings().forEach(warn);
    rules.unset().stream()
        .map(name -> "$" + name + " is not set here; it must be set where the config runs")
        .forEach(warn);
    rules.unknownHooks().forEach(warn);
    return config;
  }

  /** The folder that will hold the batches of this config. */
  Path parent(BenchmarkConfig config) {
    return outputs().batches(config.outputBaseDir(), config.batchName());
  }

  /** A path as shown to users: relative to the home when it is inside. */
  String shown(Path path) {
    return home.display(path);
  }

  private SourceRules rules(Path file) {
    return new SourceRules(
        new HashSet<>(settings.list(Setting.AIPERF_OPTIONS_ALLOWED)),
        settings.count(Setting.BATCH_MAX_RUNS, 1),
        KeyRules.ALL,
        new SecretStore(home, settings.environment()),
        false,
        outputs(),
        InputFiles.ofCommand(file, home),
        HookRules.ofCommand(settings),
        AiperfExtras.of(settings));
  }

  private OutputRoots outputs() {
    return new OutputRoots(home.root(), List.of(), true);
  }
}
