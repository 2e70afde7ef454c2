package dev.caravan.pipeline.target;

import java.time.Duration;
import java.util.Map;

/** A client that waits for a target of the test as long as a busy machine needs. */
public final class PatientClient {

  /** How long it waits for each reply. */
  public static final Duration LIMIT = Duration.ofMinutes(1);

  private PatientClient() {}

  public static TargetClient of(Map<String, String> environment) {
    return new TargetClient(environment, LIMIT, LIMIT, LIMIT);
  }
}
