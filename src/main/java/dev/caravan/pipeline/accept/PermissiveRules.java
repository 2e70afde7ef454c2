package dev.caravan.pipeline.accept;

import dev.caravan.config.ConfigRules;
import dev.caravan.config.settings.Setting;
import java.util.Optional;

/** Allows everything, to read back a config that was already accepted. */
final class PermissiveRules implements ConfigRules {

  static final ConfigRules INSTANCE = new PermissiveRules();

  private PermissiveRules() {}

  @Override
  public boolean optionAllowed(String name) {
    return true;
  }

  @Override
  public long maxRuns() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean secretAllowed(String variable) {
    return true;
  }

  @Override
  public String secretsProperty() {
    return Setting.KEYS_ALLOWED.key();
  }

  @Override
  public boolean secretSet(String variable) {
    return true;
  }

  @Override
  public Optional<String> outputFolderRefusal(String outputBaseDir, String batchName) {
    return Optional.empty();
  }

  @Override
  public Optional<String> inputFileRefusal(String inputFile) {
    return Optional.empty();
  }
}
