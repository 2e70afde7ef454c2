package dev.caravan.cli;

import dev.caravan.config.settings.Version;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code --version}. */
public final class CaravanVersion implements IVersionProvider {

  @Override
  public String[] getVersion() {
    return new String[] {
      "caravan " + Version.CARAVAN + " (tested with aiperf " + Version.AIPERF + ")"
    };
  }
}
