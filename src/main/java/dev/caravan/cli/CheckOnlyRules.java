package dev.caravan.cli;

import dev.caravan.config.ConfigRules;
import dev.caravan.config.settings.SecretNames;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules of a command that only looks at a config: its key may be set where it will run, and not
 * in this shell. Notes the variables that are not set here.
 */
final class CheckOnlyRules implements ConfigRules {

  private final ConfigRules rules;
  private final Set<String> unset = new TreeSet<>();

  CheckOnlyRules(ConfigRules rules) {
    this.rules = rules;
  }

  /** The variables that were asked for and are not set here. */
  Set<String> unset() {
    return Set.copyOf(unset);
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
  public boolean secretTooShort(String variable) {
    return rules.secretTooShort(variable);
  }

  @Override
  public boolean optionAllowed(String name) {
    return rules.optionAllowed(name);
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
  public Optional<String> outputDirRefusal(String outputBaseDir) {
    return rules.outputDirRefusal(outputBaseDir);
  }

  @Override
  public Optional<String> inputFileRefusal(String inputFile) {
    return rules.inputFileRefusal(inputFile);
  }
}
