package dev.caravan.observe.http;

import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.observe.http.HealthCheck.Result;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.storage.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Creates the health checks of a daemon. */
public final class HealthChecks {

  private static final String IN_MEMORY = "in memory";
  private static final Set<String> OF_EXECUTION = Set.of("aiperf", "locks");

  private final Settings settings;
  private final Home home;
  private final Supplier<Optional<String>> inbox;
  private final Supplier<Optional<String>> results;
  private final Supplier<Optional<String>> locks;
  private final ReleaseGate disk;
  private final Supplier<AiperfInstall> aiperf;
  private final Supplier<DaemonStatus> status;
  private final Supplier<List<String>> overdue;

  /**
   * Creates the factory.
   *
   * @param inbox why configs cannot be claimed; empty while they can
   * @param results why no run of a batch can be recorded; empty while they can
   * @param locks why no run can be locked; empty while they can
   * @param disk closed while a disk of the results is full
   * @param overdue ids of runs that are still running past their time limit
   */
  public HealthChecks(
      Settings settings,
      Home home,
      Supplier<Optional<String>> inbox,
      Supplier<Optional<String>> results,
      Supplier<Optional<String>> locks,
      ReleaseGate disk,
      Supplier<AiperfInstall> aiperf,
      Supplier<DaemonStatus> status,
      Supplier<List<String>> overdue) {
    this.settings = settings;
    this.home = home;
    this.inbox = inbox;
    this.results = results;
    this.locks = locks;
    this.disk = disk;
    this.aiperf = aiperf;
    this.status = status;
    this.overdue = overdue;
  }

  /** All checks; those of aiperf and the locks only where runs are executed. */
  public List<HealthCheck> all() {
    boolean executes = Role.of(settings).executes();
    return Stream.of(
            new HealthCheck("home", () -> writable(home.state())),
            new HealthCheck("inbox", this::inbox),
            new HealthCheck("results", () -> of(results.get(), "runs can be recorded")),
            new HealthCheck("locks", () -> of(locks.get(), "runs can be locked")),
            new HealthCheck("disk", () -> of(disk.closedReason(), "enough free space")),
            new HealthCheck("aiperf", this::aiperf),
            new HealthCheck("broker", this::broker),
            new HealthCheck("targets", this::targets),
            new HealthCheck("runs", this::runs))
        .filter(check -> executes || !OF_EXECUTION.contains(check.name()))
        .toList();
  }

  private static Result writable(Path folder) {
    return of(
        Files.isDirectory(folder) && Files.isWritable(folder)
            ? Optional.empty()
            : Optional.of(folder + " is not a writable folder"),
        folder + " is writable");
  }

  private Result inbox() {
    Result folder = writable(home.inbox());
    return folder.healthy() ? of(inbox.get(), folder.message()) : folder;
  }

  private Result aiperf() {
    return aiperf.get() instanceof AiperfInstall.Usable usable
        ? new Result(true, "aiperf " + usable.version())
        : new Result(false, ((AiperfInstall.Unusable) aiperf.get()).message());
  }

  /** Names the run queue; without a setting it is inside this process. */
  private Result broker() {
    String queue = settings.text(Setting.QUEUE_RUNS);
    return new Result(true, queue.isBlank() ? IN_MEMORY : queue.replaceFirst("\\?.*", ""));
  }

  /**
   * Lists targets that are not ready, and batches that wait alone, such as one that its target
   * refuses. The daemon waits for them, so this check never fails.
   */
  private Result targets() {
    DaemonStatus now = status.get();
    Stream<String> parked =
        now.parked().stream().map(p -> "parked: " + p.target() + ": " + p.message());
    Stream<String> held =
        now.held().stream()
            .map(h -> "held: " + h.batch() + ": " + h.message() + " (" + h.target() + ")");
    String all = Stream.concat(parked, held).collect(Collectors.joining("; "));
    return new Result(true, all.isEmpty() ? "all ready" : all);
  }

  /** Time limits end every run unless a system call hangs, which needs an operator. */
  private Result runs() {
    List<String> hanging = overdue.get();
    return hanging.isEmpty()
        ? new Result(true, "no run is past its time limit")
        : new Result(
            false,
            "still running past the time limit (does the file system hang?): "
                + String.join(", ", hanging));
  }

  private static Result of(Optional<String> problem, String okMessage) {
    return problem.map(message -> new Result(false, message)).orElse(new Result(true, okMessage));
  }
}
