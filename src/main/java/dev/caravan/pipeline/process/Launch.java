package dev.caravan.pipeline.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process to start.
 *
 * @param argv program and arguments, never through a shell
 * @param environment the complete environment of the process; nothing else is inherited
 * @param directory its working directory
 * @param stdout file for its standard output
 * @param stderr file for its standard error; may be that of its standard output
 * @param temp its private temporary folder, which must not exist yet; passed as TMPDIR and removed
 *     once the process tree is gone
 * @param limit run time after which the tree is killed
 * @param interruptGrace time between SIGINT and SIGKILL; zero means SIGKILL at once
 * @param interruptMarker text that appears on stdout once the process handles SIGINT; until then it
 *     is killed with SIGKILL at once. Empty if it handles SIGINT from the start
 * @param watchdog checks the process while it runs; empty for none, which costs nothing
 * @param input file for its standard input; empty for none
 * @param mayDetach whether a child that starts a session of its own may outlive the process; it is
 *     then not given TMPDIR, by which it would be found
 */
public record Launch(
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    Path stdout,
    Path stderr,
    Path temp,
    Duration limit,
    Duration interruptGrace,
    Optional<String> interruptMarker,
    Optional<Watchdog> watchdog,
    Optional<Path> input,
    boolean mayDetach) {

  public Launch {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /** A process that handles SIGINT from the start and has no watchdog. */
  public Launch(
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      Path stdout,
      Path stderr,
      Path temp,
      Duration limit,
      Duration interruptGrace) {
    this(
        argv,
        environment,
        directory,
        stdout,
        stderr,
        temp,
        limit,
        interruptGrace,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** A copy that is killed with SIGKILL at once until {@code marker} appears on stdout. */
  public Launch interruptibleAfter(String marker) {
    return with(Optional.of(marker), watchdog, input, mayDetach);
  }

  /** A copy that this watchdog checks while it runs. */
  public Launch watchedBy(Watchdog newWatchdog) {
    return with(interruptMarker, Optional.of(newWatchdog), input, mayDetach);
  }

  /** A copy that reads this file, and whose children may outlive it in sessions of their own. */
  public Launch detaching(Path newInput) {
    return with(interruptMarker, watchdog, Optional.of(newInput), true);
  }

  private Launch with(
      Optional<String> marker,
      Optional<Watchdog> newWatchdog,
      Optional<Path> newInput,
      boolean detaches) {
    return new Launch(
        argv,
        environment,
        directory,
        stdout,
        stderr,
        temp,
        limit,
        interruptGrace,
        marker,
        newWatchdog,
        newInput,
        detaches);
  }
}
