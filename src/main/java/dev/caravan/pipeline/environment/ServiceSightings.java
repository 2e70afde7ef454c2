package dev.caravan.pipeline.environment;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the service of an attempt said that it is, each time it was asked.
 *
 * @param before twice, before aiperf sent anything; empty if it was not asked
 * @param after after aiperf had ended; empty if it did not answer
 * @param previousRun folder of the last run against this service; empty if there is none
 * @param previous what it was after that run
 */
public record ServiceSightings(
    List<ServiceIdentity> before,
    Optional<ServiceIdentity> after,
    String previousRun,
    Optional<ServiceIdentity> previous) {

  /** Of a service that was not asked. */
  public static final ServiceSightings NONE =
      new ServiceSightings(List.of(), Optional.empty(), "", Optional.empty());

  public ServiceSightings {
    Objects.requireNonNull(previousRun);
    before = List.copyOf(before);
  }

  /** What it is, by its last answer. */
  public Optional<ServiceIdentity> last() {
    return after.or(() -> before.stream().reduce((first, second) -> second));
  }
}
