package dev.caravan.pipeline.environment;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What a service said that it is, as far as it said.
 *
 * @param askedAt when it was asked
 * @param properties the {@code model}'s id, its {@code root} and the {@code version}
 * @param processStart when its process started, in seconds since 1970
 */
public record ServiceIdentity(
    OffsetDateTime askedAt, Map<String, String> properties, OptionalDouble processStart) {

  /** The change that its process is a new one. */
  public static final String RESTARTED = "it restarted";

  /** How much the clock of a service may be behind. */
  private static final Duration SKEW = Duration.ofSeconds(10);

  /** Starts that are closer are one start, since some services round. */
  private static final double SAME_START = 1.5;

  private static final double MILLIS = 1e3;

  public ServiceIdentity {
    Objects.requireNonNull(askedAt);
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  /** Whether the service said anything about itself. */
  public boolean saysAnything() {
    return !properties.isEmpty() || processStart.isPresent();
  }

  /**
   * How the service differs from this one, such as {@code version 1 → 2}. What only one of the two
   * answers has does not count. A process that started before this question is another replica, not
   * a change.
   */
  public List<String> changes(ServiceIdentity later) {
    List<String> changes =
        new ArrayList<>(
            properties.keySet().stream()
                .filter(later.properties::containsKey)
                .filter(name -> !properties.get(name).equals(later.properties.get(name)))
                .map(name -> name + " " + properties.get(name) + " → " + later.properties.get(name))
                .toList());
    if (isRestart(later.processStart)) {
      changes.add(RESTARTED);
    }
    return changes;
  }

  /** Whether a process with this start was started after this question, so after this process. */
  public boolean isRestart(OptionalDouble start) {
    return isOther(start)
        && start.getAsDouble() > processStart.getAsDouble()
        && start.getAsDouble() > millis(askedAt.minus(SKEW)) / MILLIS;
  }

  /** Whether another process of the same service answered. */
  public boolean isReplica(ServiceIdentity other) {
    return isOther(other.processStart) && !isRestart(other.processStart);
  }

  /** Whether both answers are exactly alike. */
  public boolean isSame(ServiceIdentity other) {
    return changes(other).isEmpty() && !isOther(other.processStart);
  }

  /** Whether another answer differs in nothing but a process that was started later. */
  public boolean isRestartedAs(ServiceIdentity later) {
    return properties.equals(later.properties) && isRestart(later.processStart);
  }

  /** Whether another answer says all that this one says. */
  public boolean isRepeatedBy(ServiceIdentity other) {
    return saysAnything()
        && properties.equals(other.properties)
        && processStart.isPresent() == other.processStart.isPresent()
        && !isOther(other.processStart);
  }

  private boolean isOther(OptionalDouble start) {
    return processStart.isPresent()
        && start.isPresent()
        && Math.abs(start.getAsDouble() - processStart.getAsDouble()) > SAME_START;
  }

  private static double millis(OffsetDateTime time) {
    return time.toInstant().toEpochMilli();
  }
}
