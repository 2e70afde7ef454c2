package dev.caravan.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.ExecutedCommand;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Random and mutated configs: each one is refused with a message, or accepted. */
class ConfigFuzzIT {

  private static final int CHUNK_SIZE = 20;
  private static final Duration DECISION = Duration.ofSeconds(1);
  private static final Pattern STACK_TRACE =
      Pattern.compile("^\\s+at [\\w.$]+\\(|Exception|Internal error", Pattern.MULTILINE);

  private final Experiment experiment = new Experiment("config fuzz");
  private final ConfigMutations mutations = new ConfigMutations(experiment.random());

  @Test
  void refusesOrAcceptsEveryConfigPromptly(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
      throws IOException {
    // given: a disk that counts as full, so that nothing runs
    int configs = experiment.size(200, 10_000);
    try (Caravan caravan =
        Caravan.in(folder)
            .withAiperf(FakeAiperf.in(folder.resolve("bin")))
            .with("CARAVAN_DISK_MIN_FREE", "900TB")
            .with("CARAVAN_INBOX_SETTLE", "0s")
            .with("CARAVAN_INBOX_POLL", "50ms")) {
      Program daemon = caravan.startJar("serve").awaitLine("Watching");
      Duration slowest = Duration.ZERO;
      List<Path> samples = new ArrayList<>();

      // when
      for (int done = 0; done < configs; done += CHUNK_SIZE) {
        List<String> names = drop(caravan, done);
        long before = System.nanoTime();
        await(caravan, names, daemon);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        slowest = took.compareTo(slowest) > 0 ? took : slowest;
        samples.addAll(names.stream().limit(1).map(name -> decidedFile(caravan, name)).toList());
      }

      // then
      int accepted = caravan.list("inbox/.done").size();
      List<Path> problems =
          caravan.list("inbox/.failed").stream()
              .filter(file -> file.toString().endsWith(".problems.txt"))
              .toList();
      experiment.report(
          "%d configs, %d accepted, %d refused; %d at once decided in %d ms at most"
              .formatted(configs, accepted, problems.size(), CHUNK_SIZE, slowest.toMillis()));
      assertThat(accepted + problems.size()).isEqualTo(configs);
      assertThat(accepted).isPositive();
      assertThat(problems)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file))
                      .isNotBlank()
                      .doesNotContainPattern(STACK_TRACE));
      assertThat(daemon.err()).doesNotContainPattern(STACK_TRACE);
      assertThat(slowest).isLessThan(DECISION.multipliedBy(experiment.isShort() ? 60 : 1));
      assertValidateRefuses(caravan, samples.subList(0, Math.min(100, samples.size())));
    }
  }

  private List<String> drop(Caravan caravan, int first) throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < CHUNK_SIZE; i++) {
      String name = "fuzz-" + (first + i) + ".yaml";
      Path temporary = Files.write(caravan.home().resolve(name + ".tmp"), mutations.next());
      Files.setLastModifiedTime(temporary, FileTime.from(Instant.now().minusSeconds(60)));
      Files.move(temporary, caravan.home().resolve("inbox").resolve(name));
      names.add(name);
    }
    return names;
  }

  private static void await(Caravan caravan, List<String> names, Program daemon) {
    Awaitility.await()
        .alias(names.toString())
        .atMost(Program.TIMEOUT)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () ->
                names.stream().allMatch(name -> Files.exists(decidedFile(caravan, name)))
                    || !daemon.isRunning());
    assertThat(daemon.isRunning()).as(daemon.err()).isTrue();
  }

  /** The file of a config after it was accepted or refused. */
  private static Path decidedFile(Caravan caravan, String name) {
    Path done = caravan.home().resolve("inbox/.done").resolve(name);
    return Files.exists(done) ? done : caravan.home().resolve("inbox/.failed").resolve(name);
  }

  private static void assertValidateRefuses(Caravan caravan, List<Path> configs) {
    List<String> arguments = new ArrayList<>(List.of("validate"));
    configs.forEach(file -> arguments.add(file.toString()));
    ExecutedCommand validate = caravan.execute(arguments.toArray(String[]::new));
    assertThat(validate.exit()).isEqualTo(2);
    assertThat(validate.out() + validate.err()).doesNotContainPattern(STACK_TRACE);
  }
}
