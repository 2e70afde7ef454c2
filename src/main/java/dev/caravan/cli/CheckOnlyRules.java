package dev.caravan.cli;

import dev.caravan.config.ConfigRules;
import dev.caravan.config.HookEvent;
import dev.caravan.config.settings.SecretNames;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules for commands that check a config without running it. Its API key may be set only where
 * the config will run, so an unset variable is recorded for a warning instead of refused, and so is
 * an unknown hook.
 */
final class CheckOnlyRules implements ConfigRules {

  private final ConfigRules rules;
  private final Set<String> unset = new TreeSet<>();
  private final Set<String> unknownHooks = new LinkedHashSet<>();

  CheckOnlyRules(ConfigRules rules) {
    this.rules = rules;
  }

  /** The variables that the config needs and this environment does not set. */
  List<String> unset() {
    return List.copyOf(unset);
  }

  /** What to say of the hooks of the config that are not known here, in their order. */
  List<String> unknownHooks() {
    return List.copyOf(unknownHooks);
  }

  /** Only the host that runs the config must know the command. */
  @Override
  public Optional<String> hookRefusal(HookEvent event, String name) {
    rules
        .hookRefusal(event, name)
        .map(why -> "hook \"" + name + "\": " + why)
        .ifPresent(unknownHooks::add);
    return Optional.empty();
  }

  @Override
  public boolean secretSet(String variable) {
    if (rules.secretSet(variable) || !SecretNames.looksLikeName(variable)) {
      return rules.secretSet(variable);
    }
    unset.add(variable);
    return true;
  }

  @Override
  public Optional<String> secretFault(String variable) {
    return rules.secretFault(variable);
  }

  @Override
  public List<String> secretRemarks(String variable) {
    return rules.secretRemarks(variable);
  }

  @Override
  public Optional<String> encodingRefusal(String text) {
    return rules.encodingRefusal(text);
  }

  @Override
  public boolean optionAllowed(String name) {
    return rules.optionAllowed(name);
  }

  @Override
  public Optional<String> optionRemark(String name) {
    return rules.optionRemark(name);
  }

  @Override
  public long maxRuns() {
    return rules.maxRuns();
  }

  @Override
  public boolean secretAllowed(String variable) {
    return rules.secretAllowed(variable);
  }

  @Override
  public String secretsProperty() {
    return rules.secretsProperty();
  }

  @Override
  public Optional<String> outputFolderRefusal(String outputBaseDir, String batchName) {
    return rules.outputFolderRefusal(outputBaseDir, batchName);
  }

  @Override
  public Optional<String> inputFileRefusal(String inputFile) {
    return rules.inputFileRefusal(inputFile);
  }

  @Override
  public Optional<String> datasetRefusal(String inputFile, Optional<String> format) {
    return rules.datasetRefusal(inputFile, format);
  }
}
