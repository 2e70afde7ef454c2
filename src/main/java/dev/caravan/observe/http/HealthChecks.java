package dev.caravan.observe.http;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.http.HealthCheckResult.Finding;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.storage.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The parts of the daemon that can fail. */
public final class HealthChecks {

  private static final String IN_MEMORY = "in memory";

  private final Settings settings;
  private final Home home;
  private final Supplier<AiperfInstall> aiperf;
  private final Supplier<DaemonStatus> status;
  private final Supplier<List<String>> overdue;

  /**
   * The checks of a daemon.
   *
   * @param overdue ids of runs that no limit could end
   */
  public HealthChecks(
      Settings settings,
      Home home,
      Supplier<AiperfInstall> aiperf,
      Supplier<DaemonStatus> status,
      Supplier<List<String>> overdue) {
    this.settings = settings;
    this.home = home;
    this.aiperf = aiperf;
    this.status = status;
    this.overdue = overdue;
  }

  /** All of them. */
  public List<HealthCheckResult> all() {
    DiskGate disk =
        new DiskGate(List.of(home.root(), home.results()), settings.bytes(Setting.DISK_MIN_FREE));
    return List.of(
        new HealthCheckResult("home", () -> writable(home.state())),
        new HealthCheckResult("inbox", () -> writable(home.inbox())),
        new HealthCheckResult("disk", () -> of(disk.closedReason(), "enough is free")),
        new HealthCheckResult("aiperf", this::aiperf),
        new HealthCheckResult("broker", this::broker),
        new HealthCheckResult("targets", this::targets),
        new HealthCheckResult("runs", this::runs));
  }

  private static Finding writable(Path folder) {
    return of(
        Files.isDirectory(folder) && Files.isWritable(folder)
            ? Optional.empty()
            : Optional.of(folder + " is no folder that can be written into"),
        folder + " is there");
  }

  private Finding aiperf() {
    return aiperf.get() instanceof AiperfInstall.Usable usable
        ? new Finding(true, "aiperf " + usable.version())
        : new Finding(false, ((AiperfInstall.Unusable) aiperf.get()).message());
  }

  /** The queues are of this process unless settings say otherwise. */
  private Finding broker() {
    String queue = settings.text(Setting.QUEUE_RUNS);
    return new Finding(true, queue.isBlank() ? IN_MEMORY : queue.replaceFirst("\\?.*", ""));
  }

  /** A target that is not ready is waited for: nothing that the daemon could not cope with. */
  private Finding targets() {
    String parked =
        status.get().parked().stream()
            .map(p -> p.target() + ": " + p.message())
            .collect(Collectors.joining("; "));
    return new Finding(true, parked.isEmpty() ? "none is parked" : "parked: " + parked);
  }

  /** Every run ends by its limits, unless a system call hangs: then a person has to look. */
  private Finding runs() {
    List<String> hanging = overdue.get();
    return hanging.isEmpty()
        ? new Finding(true, "none is over its limit")
        : new Finding(
            false,
            "over its limit and not ended, does its file system answer? "
                + String.join(", ", hanging));
  }

  private static Finding of(Optional<String> wrong, String well) {
    return wrong.map(message -> new Finding(false, message)).orElse(new Finding(true, well));
  }
}
