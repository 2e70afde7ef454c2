package dev.caravan.pipeline.environment;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the service of an attempt said that it is, each time it was asked.
 *
 * @param before twice, before aiperf sent anything; empty if it was not asked
 * @param after after aiperf had ended; empty if it did not answer
 * @param again further answers, asked for because the process seems to have restarted
 * @param previousRun folder of the last run against this service; empty if there is none
 * @param previous what it was after that run
 */
public record ServiceSightings(
    List<ServiceIdentity> before,
    Optional<ServiceIdentity> after,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ServiceIdentity> again,
    String previousRun,
    Optional<ServiceIdentity> previous) {

  /** Of a service that was not asked. */
  public static final ServiceSightings NONE =
      new ServiceSightings(List.of(), Optional.empty(), List.of(), "", Optional.empty());

  public ServiceSightings {
    Objects.requireNonNull(previousRun);
    before = List.copyOf(before);
    again = again == null ? List.of() : List.copyOf(again);
  }

  /**
   * Whether several replicas answer, one after another: two answers before the run differ, or a
   * process that seems to have been replaced answers again.
   */
  public boolean comesFromReplicas() {
    ServiceIdentity first = before.get(0);
    return !isOne(before)
        || after.filter(first::isReplica).isPresent()
        || after.filter(first::isRestartedAs).isPresent()
            && again.stream().anyMatch(first::isRepeatedBy);
  }

  /** Whether all answers before a run are of one service. */
  public static boolean isOne(List<ServiceIdentity> before) {
    return before.stream().allMatch(before.get(0)::isSame);
  }

  /** What it is, by its last answer. */
  public Optional<ServiceIdentity> last() {
    return after.or(() -> before.stream().reduce((first, second) -> second));
  }
}
