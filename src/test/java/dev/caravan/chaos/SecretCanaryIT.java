package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import dev.caravan.testing.SecretFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** An API key whose value must not leak, whatever the outcome of the runs that use it. */
class SecretCanaryIT {

  private static final List<String> OUTCOMES =
      List.of(
          "fake-ok",
          "fake-show",
          "fake-degraded",
          "fake-exit-3",
          "fake-killed-by-11",
          "fake-rejected",
          "fake-unauthorized",
          "fake-refused",
          "fake-incomplete",
          "fake-no-json",
          "fake-torn-json",
          "fake-hang");

  private static final String KEY =
      """
        api_key_env_var: CANARY_API_KEY
      limits: {same_cause: 0, run_timeout: 2s}
      retry: {attempts: 1}""";

  private final Experiment experiment = new Experiment("secret canary");

  /**
   * In the short form, {@link #showsNoKeyInMessages} looks at the same outcomes and files, {@code
   * InboxIT} at files, pages and process lists of a daemon without a fleet, and {@code
   * AiperfBatchIT} at process lists with the real aiperf.
   */
  @Test
  @EnabledIfSystemProperty(named = "caravan.chaos.scale", matches = ".+")
  void showsNoKeyInFilesLogsOrProcessLists(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws IOException {
    // given
    String canary = canary();
    int runs = experiment.size(12, 300);
    Set<String> seen = new ConcurrentSkipListSet<>();
    ScheduledExecutorService snapshots = Executors.newSingleThreadScheduledExecutor();
    try (Testbed testbed = new Testbed(folder, 4)) {
      testbed
          .caravan()
          .with("CANARY_API_KEY", canary)
          .with("CARAVAN_AIPERF_KEY_PASSING", "environment")
          .with("CARAVAN_RUN_ALLOWANCE", "1s")
          .with("CARAVAN_WORKERS", "4");
      snapshots.scheduleWithFixedDelay(
          () -> seen.addAll(commandLinesContaining(canary)), 0, 20, TimeUnit.MILLISECONDS);
      submit(testbed, runs);

      // when
      Program daemon = testbed.startDaemon();
      testbed.awaitSettled(daemon, Duration.ofMinutes(experiment.size(3, 20)));
      daemon.terminate();
      daemon.exit();

      // then
      List<String> files = SecretFiles.containing(folder, canary);
      Ledger.Findings found = testbed.ledger().check(testbed.home());
      experiment.report(
          "%d runs, outcomes %s; key found in %d files and %d command lines"
              .formatted(testbed.ledger().runs(), found.outcomes(), files.size(), seen.size()));
      assertThat(files).isEmpty();
      assertThat(seen).isEmpty();
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsKey("succeeded").hasSizeGreaterThan(5);
    } finally {
      snapshots.shutdownNow();
    }
  }

  @Test
  void showsNoKeyInMessages(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws IOException {
    // given: a hub and workers that connect to the broker through a tap; one worker in the short
    // form
    String canary = canary();
    int runs = experiment.size(12, 300);
    Duration lease = Duration.ofSeconds(20);
    try (FleetTestbed fleet = new FleetTestbed(folder, 4, Duration.ofMillis(500), lease);
        MessageTap tap = fleet.tap(canary, "fake-degraded", "\"succeeded\"")) {
      fleet
          .with("CANARY_API_KEY", canary)
          .with("CARAVAN_AIPERF_KEY_PASSING", "environment")
          .with("CARAVAN_RUN_ALLOWANCE", "1s")
          .with("CARAVAN_RUN_MAX_LOST", "3");
      for (int i = 0; fleet.ledger().runs() < runs; i++) {
        fleet.submit(runsPerConfig(runs), OUTCOMES.get(i % OUTCOMES.size()), i, KEY);
      }

      // when
      fleet.start(FleetTestbed.HUB);
      fleet.start("w1");
      if (!experiment.isShort()) {
        fleet.start("w2");
      }
      fleet.awaitSettled(Duration.ofMinutes(experiment.size(3, 20)));

      // then: result archives are compressed, but their contents are in the files
      List<String> files = SecretFiles.containing(folder, canary);
      long posts =
          fleet.webhook().deliveries.stream().filter(post -> post.body().contains(canary)).count();
      Ledger.Findings found = fleet.ledger().check(fleet.home());
      experiment.report(
          ("%d runs over a broker, outcomes %s; %d bytes of messages, key found in them: %s;"
                  + " in %d files and %d of %d posts")
              .formatted(
                  fleet.ledger().runs(),
                  found.outcomes(),
                  tap.bytes(),
                  tap.seen().contains(canary),
                  files.size(),
                  posts,
                  fleet.webhook().deliveries.size()));
      assertThat(tap.seen()).containsExactlyInAnyOrder("fake-degraded", "\"succeeded\"");
      assertThat(files).isEmpty();
      assertThat(posts).isZero();
      assertThat(found.lost()).isEmpty();
      assertThat(found.outcomes()).containsKey("succeeded").hasSizeGreaterThan(5);
    }
  }

  /** Two, or one where there are too few runs to cover every outcome by two. */
  private static int runsPerConfig(int runs) {
    return runs < 2 * OUTCOMES.size() ? 1 : 2;
  }

  private String canary() {
    return "sk-canary-%016x%016x".formatted(experiment.random().nextLong(), experiment.seed());
  }

  private static void submit(Testbed testbed, int runs) {
    for (int i = 0; testbed.ledger().runs() < runs; i++) {
      String name = "canary" + i;
      String model = OUTCOMES.get(i % OUTCOMES.size());
      String config =
          testbed.ledger().record(name, runsPerConfig(runs), model, testbed.targets().url(i), KEY);
      testbed.caravan().drop(name + ".yaml", config);
    }
  }

  private static List<String> commandLinesContaining(String secret) {
    List<String> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              try {
                Path file = Path.of("/proc", process.pid() + "", "cmdline");
                String command = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (command.contains(secret)) {
                  found.add(command.replace('\0', ' '));
                }
              } catch (IOException gone) {
                return;
              }
            });
    return found;
  }
}
