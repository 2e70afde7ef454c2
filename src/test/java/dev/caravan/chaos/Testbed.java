package dev.caravan.chaos;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A home with a recording aiperf, targets and a ledger. Closing it stops all it started. */
final class Testbed implements AutoCloseable {

  private final Caravan caravan;
  private final RecordingAiperf aiperf;
  private final FakeTargets targets;
  private final Ledger ledger = new Ledger();
  private final Map<Path, Long> startsWhenFinished = new HashMap<>();
  private int lifetimes;

  /** A test bed with its own aiperf and targets. */
  Testbed(Path folder, int targets) {
    this(folder, "home", new RecordingAiperf(folder.resolve("bin")), new FakeTargets(targets));
  }

  /** A test bed with its own home that shares aiperf and targets with another. */
  Testbed(Path folder, String homeName, RecordingAiperf aiperf, FakeTargets targets) {
    this.aiperf = aiperf;
    this.targets = targets;
    this.caravan =
        Caravan.in(folder, homeName)
            .withAiperf(aiperf.command())
            .with("CARAVAN_READINESS_INTERVAL", "300ms")
            .with("CARAVAN_INBOX_POLL", "100ms");
  }

  Caravan caravan() {
    return caravan;
  }

  RecordingAiperf aiperf() {
    return aiperf;
  }

  FakeTargets targets() {
    return targets;
  }

  Ledger ledger() {
    return ledger;
  }

  Path home() {
    return caravan.home();
  }

  /** Submits a config by renaming it into the inbox; a renamed config counts as acknowledged. */
  void submit(int runs, String model, int target) {
    String name = "b" + ledger.configs();
    caravan.drop(name + ".yaml", ledger.record(name, runs, model, targets.url(target), ""));
  }

  /** Starts the packaged daemon; a new lifetime begins. */
  Program startDaemon() {
    beginLifetime();
    return caravan.startJar("serve");
  }

  /** Starts a daemon with another main class, such as one with faulty file operations. */
  Program startDaemon(Class<?> main, Map<String, String> properties) {
    beginLifetime();
    return caravan.startMain(main, properties, "serve");
  }

  /** In a variable that aiperf gets. */
  private void beginLifetime() {
    caravan.with("AIPERF_TEST_LIFETIME", String.valueOf(++lifetimes));
  }

  /** Records the runs finished by now; none of them may be executed again. */
  void recordFinishedRuns() {
    for (Path run : Ledger.doneRuns(home())) {
      startsWhenFinished.computeIfAbsent(run, this::starts);
    }
  }

  /** Runs that were executed again after they had a final result. */
  List<Path> finishedRunsRepeated() {
    return startsWhenFinished.entrySet().stream()
        .filter(run -> starts(run.getKey()) != run.getValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Runs that were started twice in one lifetime of a daemon. */
  List<String> startedTwiceInOneLifetime() {
    Map<String, Integer> counts = new HashMap<>();
    aiperf
        .executions()
        .forEach(e -> counts.merge(e.lifetime() + " " + e.folder(), 1, Integer::sum));
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 1)
        .map(entry -> "lifetime " + entry.getKey())
        .toList();
  }

  /** Waits until everything submitted is finished. */
  void awaitSettled(Program daemon, Duration atMost) {
    try {
      Awaitility.await()
          .atMost(atMost)
          .pollInterval(Duration.ofMillis(250))
          .until(() -> ledger.settled(home()) && idle() || !daemon.isRunning());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "not settled after "
              + atMost
              + ": "
              + pending()
              + "\nend of its log:\n"
              + tail(daemon.err()),
          e);
    }
    if (!daemon.isRunning()) {
      throw new AssertionError("the daemon exited:\n" + tail(daemon.err()));
    }
  }

  /** Whether the inbox and the list of open batches are empty; looks in the order of the way. */
  boolean idle() {
    return caravan.list("inbox").stream().noneMatch(Files::isRegularFile)
        && caravan.list("inbox/.claimed").isEmpty()
        && caravan.list(".caravan/open").stream().allMatch(Testbed::hidden);
  }

  /** Whether a file is left over from an interrupted write. */
  private static boolean hidden(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  /** Unfinished work, for error messages. */
  String pending() {
    return "lost "
        + ledger.check(home()).lost()
        + ", open "
        + caravan.list(".caravan/open")
        + ", claimed "
        + caravan.list("inbox/.claimed")
        + ", inbox "
        + caravan.list("inbox");
  }

  static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 6000));
  }

  private long starts(Path run) {
    return aiperf.executions().stream().filter(e -> e.folder().equals(run.toString())).count();
  }

  @Override
  public void close() {
    caravan.close();
    targets.close();
  }
}
