package dev.caravan.pipeline.environment;

import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A moment by several clocks, with the counters of the host at that time.
 *
 * @param wall by the wall clock
 * @param monotonic seconds by the monotonic clock, which stands still while the host sleeps
 * @param figures what the kernel reports, by name; what it does not report is absent
 */
public record Moment(OffsetDateTime wall, double monotonic, Map<String, Double> figures) {

  /** Seconds since boot, with those in which the host slept. */
  public static final String BOOT = "boot_seconds";

  /** Time of all CPUs so far. */
  public static final String CPU = "cpu_seconds";

  /** Time so far in which CPUs had work and the hypervisor gave them to others. */
  public static final String STEAL = "steal_seconds";

  private static final double MICROS = 1e6;
  private static final double NANOS_PER_MICRO = 1e3;

  public Moment {
    Objects.requireNonNull(wall);
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
  }

  /** Now, with the clocks and the CPU times only; takes less than 0.1 ms. */
  public static Moment now() {
    return new Moment(OffsetDateTime.now(), monotonicNow(), KernelFigures.clocks());
  }

  /** Now, with everything that the kernel tells about the load of the host. */
  public static Moment nowWithLoad() {
    return new Moment(OffsetDateTime.now(), monotonicNow(), KernelFigures.all());
  }

  /** Seconds by the monotonic clock. */
  public static double monotonicNow() {
    return Math.rint(System.nanoTime() / NANOS_PER_MICRO) / MICROS;
  }

  /** How much a figure grew since an earlier moment; empty if one of the two has none. */
  public OptionalDouble since(Moment earlier, String figure) {
    Double then = earlier.figures.get(figure);
    Double now = figures.get(figure);
    return then == null || now == null ? OptionalDouble.empty() : OptionalDouble.of(now - then);
  }
}
