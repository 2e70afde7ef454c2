package dev.caravan.pipeline.run;

import dev.caravan.config.ReadinessRules;
import dev.caravan.model.Run;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.ServiceIdentity;
import dev.caravan.pipeline.environment.ServiceMetrics;
import dev.caravan.pipeline.environment.ServiceSightings;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.SecretStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;

/**
 * Asks the services of runs what they are, before and after each attempt, and remembers it for the
 * next run of the batch. The questions before the run are answered while aiperf starts up, so that
 * they cost no time.
 */
public final class ServiceWatch implements AutoCloseable {

  private static final int MAX_SERVICES = 1_000;

  /** How far back the tree is searched after a restart of Caravan. */
  private static final int MAX_EARLIER = 20;

  /** With two replicas, the other one answers in 15 of 16 cases. */
  private static final int MOST_AGAIN = 4;

  private static final Duration MOST_TIME_AGAIN = Duration.ofSeconds(3);

  private final ServiceClient client;
  private final Duration mostTimeAgain;
  private final Recent<List<String>, LastSeen> known = new Recent<>(MAX_SERVICES);

  public ServiceWatch(SecretStore secrets, TargetClient client) {
    this(secrets, client, ServiceClient.LIMIT, MOST_TIME_AGAIN);
  }

  /** Waits this long for each answer, and asks again for so long. */
  ServiceWatch(SecretStore secrets, TargetClient client, Duration answer, Duration again) {
    this.client = new ServiceClient(secrets, client, answer);
    this.mostTimeAgain = again;
  }

  /** What a service was after a run. */
  private record LastSeen(String run, ServiceIdentity identity) {}

  /** Whether anything but completions may be requested from the service of a run. */
  static boolean mayAsk(Run run) {
    return TargetUrls.probe(run.parameters(), rules(run)).isPresent();
  }

  /** Asks how many requests the service of a run works on; empty if it does not tell. */
  CompletableFuture<OptionalDouble> inProgress(Run run) {
    return client.metrics(run).thenApply(ServiceMetrics::inProgress);
  }

  /** Begins to watch the service of an attempt of a run that is about to start. */
  Watched begin(Run run, int attempt) {
    boolean isNew = AttemptHooks.expectsChange(run, attempt);
    return mayAsk(run)
        ? new Watched(this, run, isNew, List.of(client.identity(run), client.identity(run)))
        : new Watched(this, run, isNew, List.of());
  }

  private static ReadinessRules rules(Run run) {
    return run.batch().config().readiness();
  }

  /**
   * The service of a run that has started.
   *
   * @param isNew whether hooks may have made it another one since the run before
   * @param before what it says that it is; empty if it must not be asked
   */
  record Watched(
      ServiceWatch watch, Run run, boolean isNew, List<CompletableFuture<ServiceIdentity>> before) {

    /** Asks once more after the run, without waiting for the answer. */
    Asked ask() {
      return before.isEmpty() ? skip() : new Asked(this, Optional.of(watch.client.identity(run)));
    }

    /** Asks no more. */
    Asked skip() {
      return new Asked(this, Optional.empty());
    }
  }

  /** The service of a run that has ended. */
  record Asked(Watched watched, Optional<CompletableFuture<ServiceIdentity>> after) {

    /**
     * All answers; waits for those that are still to come, for 2.5 s at most, or 8 s when the
     * service seems to have restarted.
     */
    ServiceSightings sightings() {
      return watched.before.isEmpty()
          ? ServiceSightings.NONE
          : watched.watch.sightings(
              watched,
              watched.before.stream().map(CompletableFuture::join).toList(),
              after.map(CompletableFuture::join).filter(ServiceIdentity::saysAnything));
    }
  }

  private ServiceSightings sightings(
      Watched watched, List<ServiceIdentity> before, Optional<ServiceIdentity> after) {
    Run run = watched.run;
    // A service that says nothing is not compared, so that no file is read for it.
    Optional<LastSeen> previous =
        before.get(0).saysAnything() && !watched.isNew
            ? known.find(service(run)).or(() -> inTree(run))
            : Optional.empty();
    ServiceSightings seen =
        new ServiceSightings(
            before,
            after,
            after.map(answer -> again(run, before, answer)).orElse(List.of()),
            previous.map(LastSeen::run).orElse(""),
            previous.map(LastSeen::identity));
    seen.last()
        .filter(ServiceIdentity::saysAnything)
        .ifPresent(last -> known.put(service(run), new LastSeen(run.folderName(), last)));
    return seen;
  }

  /**
   * Asks again if only the process seems to differ: a process that was replaced no longer answers.
   * Another version is a change even if an older replica still answers.
   */
  private List<ServiceIdentity> again(
      Run run, List<ServiceIdentity> before, ServiceIdentity after) {
    List<ServiceIdentity> again = new ArrayList<>();
    ServiceIdentity first = before.get(0);
    boolean isSettled = !ServiceSightings.isOne(before) || !first.isRestartedAs(after);
    long end = System.nanoTime() + mostTimeAgain.toNanos();
    while (!isSettled && again.size() < MOST_AGAIN && System.nanoTime() - end < 0) {
      ServiceIdentity answer = client.identity(run).join();
      again.add(answer);
      isSettled = first.isRepeatedBy(answer);
    }
    return again;
  }

  /** What an earlier run of the batch left in its folder, before a restart of Caravan. */
  private static Optional<LastSeen> inTree(Run run) {
    return run.batch()
        .before(run.index())
        .limit(MAX_EARLIER)
        .filter(earlier -> service(earlier).equals(service(run)))
        .flatMap(earlier -> lastSeen(earlier).stream())
        .findFirst();
  }

  private static Optional<LastSeen> lastSeen(Run run) {
    return Environment.read(new RunFolder(run.folder()).environment())
        .flatMap(environment -> environment.service().last())
        .filter(ServiceIdentity::saysAnything)
        .map(identity -> new LastSeen(run.folderName(), identity));
  }

  private static List<String> service(Run run) {
    return List.of(
        run.batch().record().claimId(),
        run.place().variant(),
        run.parameters().url(),
        run.parameters().model());
  }

  @Override
  public void close() {
    client.close();
  }
}
