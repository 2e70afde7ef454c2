package dev.caravan.cli;

import dev.caravan.config.Overrides;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that set something over a config for one batch. */
final class OverrideOptions {

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Give the batch this name instead of batch_name.")
  private String name;

  @Option(
      names = "--label",
      paramLabel = "NAME=TEXT",
      description = "Give the batch this label; repeatable.")
  private List<String> labels = List.of();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key of the config, such as base_config.concurrency=4; repeatable.")
  private List<String> settings = List.of();

  /** What they set, checked only when the config is. */
  Overrides overrides() {
    return Overrides.of(Optional.ofNullable(name), labels, settings);
  }
}
