package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.SetupLocation;
import java.nio.file.Path;
import java.time.Duration;

/** The real aiperf, installed by {@code caravan setup} when this user has none. */
public final class RealAiperf {

  /** The first setup downloads 1.2 GB. */
  private static final Duration SETUP = Duration.ofMinutes(15);

  private RealAiperf() {}

  /** The aiperf script; {@code scratch} holds the home in which setup runs. */
  public static synchronized Path ready(Path scratch) {
    SetupLocation location = SetupLocation.of(System.getenv());
    if (location.aiperf().isEmpty()) {
      try (Caravan caravan = Caravan.in(scratch).with("PIP_NO_INDEX", "0")) {
        Program setup = caravan.start("setup");
        assertThat(setup.exit(SETUP)).as("%s", setup.out() + setup.err()).isZero();
      }
    }
    return location.aiperf().orElseThrow();
  }
}
