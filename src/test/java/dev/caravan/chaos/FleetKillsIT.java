package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.WebhookServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kills workers, hub and broker repeatedly while they work. */
class FleetKillsIT {

  private static final List<String> MODELS = List.of("fake-ok", "fake-sleep-0.3", "fake-sleep-1");
  private static final int TARGETS = 8;

  private final Experiment experiment = new Experiment("fleet kills");

  @Test
  void losesNothingAndDuplicatesNothingWhenMembersAreKilled(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    // given
    int runs = experiment.size(12, 2_000);
    List<String> workers = workers(experiment.isShort() ? 2 : 4);
    Duration lease = Duration.ofSeconds(experiment.isShort() ? 8 : 15);
    List<String> victims = victims(workers);
    int outageAfter = experiment.isShort() ? -1 : victims.size() / 2;
    Duration outage = Duration.ofSeconds(experiment.size(0, 180));
    try (FleetTestbed fleet = new FleetTestbed(folder, TARGETS, lease.dividedBy(8), lease)) {
      EventSubscriber events = new EventSubscriber(fleet.url());
      fleet.start(FleetTestbed.HUB);
      workers.forEach(fleet::start);
      submit(fleet, runs);

      // when
      for (int kill = 0; kill < victims.size(); kill++) {
        fleet.awaitExecutions(Duration.ofMinutes(5), runs * (kill + 1) / (victims.size() + 2));
        Experiment.sleep(Duration.ofMillis(experiment.between(0, 1_000)));
        fleet.kill(victims.get(kill));
        Experiment.sleep(
            Duration.ofMillis(experiment.between(0, experiment.isShort() ? 500 : 5_000)));
        fleet.start(victims.get(kill));
        if (kill == outageAfter) {
          fleet.kill(FleetTestbed.BROKER);
          Experiment.sleep(outage);
          fleet.start(FleetTestbed.BROKER);
        }
      }
      fleet.awaitSettled(Duration.ofMinutes(experiment.size(5, 30)));

      // then
      check(fleet, events, victims, runs);
    }
  }

  private void check(FleetTestbed fleet, EventSubscriber events, List<String> victims, int runs) {
    Set<String> implied = EventSubscriber.implied(fleet.home());
    Set<String> missingAtSubscriber = new TreeSet<>(implied);
    Set<String> missingAtWebhook = new TreeSet<>(implied);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                missingAtSubscriber.removeAll(events.receivedIds());
                fleet.webhook().deliveries.stream()
                    .map(WebhookServer.Delivery::event)
                    .forEach(event -> missingAtWebhook.remove(event.path("id").asText()));
                return missingAtSubscriber.isEmpty() && missingAtWebhook.isEmpty();
              });
    } finally {
      report(fleet, events, victims, runs, implied.size(), missingAtSubscriber, missingAtWebhook);
    }
    Ledger.Findings found = fleet.ledger().check(fleet.home());
    assertThat(found.lost()).isEmpty();
    assertThat(found.unexpected()).isEmpty();
    assertThat(found.duplicated()).isEmpty();
    assertThat(found.outcomes()).containsOnlyKeys("succeeded");
    assertThat(fleet.aiperf().overlaps()).isEmpty();
    assertThat(fleet.aiperf().overlappingStarts()).isEmpty();
    if (!experiment
        .isShort()) { // a worker that missed the acknowledgement sends again after a minute
      Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> fleet.spools().isEmpty());
    }
  }

  private void report(
      FleetTestbed fleet,
      EventSubscriber events,
      List<String> victims,
      int runs,
      int implied,
      Set<String> missingAtSubscriber,
      Set<String> missingAtWebhook) {
    Map<String, Long> kills =
        victims.stream()
            .map(name -> name.startsWith("w") ? "worker" : name)
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    experiment.report(
        ("kills %s, %d runs on %d targets, %d executions; %s; overlaps %d, overlapping starts %d;"
                + " events implied %d, the subscriber lacks %d of them (%d messages), the webhook"
                + " %d (%d posts)")
            .formatted(
                kills,
                runs,
                TARGETS,
                fleet.aiperf().executions().size(),
                fleet.ledger().check(fleet.home()).summary(),
                fleet.aiperf().overlaps().size(),
                fleet.aiperf().overlappingStarts().size(),
                implied,
                missingAtSubscriber.size(),
                events.messages(),
                missingAtWebhook.size(),
                fleet.webhook().deliveries.size()));
  }

  private static List<String> workers(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> "w" + n).toList();
  }

  /** The members to kill, in order. */
  private List<String> victims(List<String> workers) {
    List<String> victims = new ArrayList<>();
    for (int n = 0; n < experiment.size(1, 20); n++) {
      victims.add(workers.get(experiment.random().nextInt(workers.size())));
    }
    victims.addAll(Collections.nCopies(experiment.size(1, 5), FleetTestbed.BROKER));
    victims.addAll(Collections.nCopies(experiment.size(1, 5), FleetTestbed.HUB));
    Collections.shuffle(victims, experiment.random());
    return victims;
  }

  private void submit(FleetTestbed fleet, int runs) {
    int maxRuns = Math.max(4, runs / 40);
    for (int n = 0, target = 0; n < runs; target++) {
      int size = Math.min(runs - n, experiment.between(maxRuns / 2, maxRuns));
      String model = MODELS.get(experiment.random().nextInt(MODELS.size()));
      fleet.submit(size, model, target % TARGETS);
      n += size;
    }
  }
}
