package dev.caravan.pipeline.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentTest {

  private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-11-28T12:00:00.125+01:00");

  @TempDir Path folder;

  private static Environment environment(ServiceSightings service) {
    Moment moment = new Moment(NOON, 12.5, Map.of(Moment.BOOT, 99.25, "load_1m", 0.5));
    return new Environment(
        2,
        Map.of("name", "client-1", "cpus", 2),
        Map.of("aiperf", "0.13.0"),
        moment,
        moment,
        List.of(new PhaseMark("12:00:00.125 Phase profiling (profiling) started", moment, 12.25)),
        service,
        "abc");
  }

  @Test
  void readsWhatItWrote() throws IOException {
    // given
    ServiceIdentity identity =
        new ServiceIdentity(
            NOON, Map.of("model", "m", "version", "0.33.0"), OptionalDouble.of(1_764_327_600.5));
    Environment written =
        environment(
            new ServiceSightings(
                List.of(identity, identity),
                Optional.of(identity),
                List.of(identity),
                "run-1",
                Optional.of(identity)));
    // when
    Path file = Files.write(folder.resolve("environment.json"), written.json());
    // then
    assertThat(Environment.read(file)).contains(written);
    assertThat(Environment.prompts(file)).contains("abc");
  }

  @Test
  void tellsARunWithoutPromptsFromOneThatNobodyCanRead() throws IOException {
    assertThat(Environment.prompts(folder.resolve("none"))).isEmpty();
    for (String text : List.of("{\"prompts_sha256\": [", "null", "")) {
      assertThat(Environment.prompts(Files.writeString(folder.resolve("odd"), text))).isEmpty();
    }
    for (String text : List.of("{}", "{\"prompts_sha256\": \"\"}")) {
      assertThat(Environment.prompts(Files.writeString(folder.resolve("odd"), text))).contains("");
    }
  }

  @Test
  void aServiceThatWasNotAskedHasNoIdentity() throws IOException {
    Path file =
        Files.write(folder.resolve("environment.json"), environment(ServiceSightings.NONE).json());
    assertThat(Environment.read(file).orElseThrow().service()).isEqualTo(ServiceSightings.NONE);
  }

  @Test
  void nothingIsReadFromWhatIsNoSuchFile() throws IOException {
    assertThat(Environment.read(folder.resolve("none"))).isEmpty();
    for (String text :
        List.of(
            "",
            "[]",
            "null",
            "{}",
            "{\"before\": 1",
            "{\"before\": {\"wall\": 7}}",
            "{\"attempt\": 1, \"marks\": [null]}")) {
      assertThat(Environment.read(Files.writeString(folder.resolve("damaged"), text)))
          .as(text)
          .isEmpty();
    }
  }

  @Test
  void theKernelTellsOfItsLoad() {
    // when
    Moment first = Moment.nowWithLoad();
    Moment second = Moment.now();
    // then
    assertThat(first.figures())
        .containsKeys(Moment.BOOT, Moment.CPU, Moment.STEAL, "load_1m", "memory_available_bytes")
        .allSatisfy((name, figure) -> assertThat(figure).as(name).isNotNegative());
    assertThat(second.since(first, Moment.BOOT).orElseThrow()).isBetween(0.0, 60.0);
    assertThat(second.since(first, "load_1m")).isEmpty();
    assertThat(HostFacts.read()).containsKeys("name", "kernel", "cpus", "memory_bytes");
  }

  @Test
  void aMarkHasTheTimeThatAiperfStamped() {
    Moment now = Moment.now();
    assertThat(new PhaseMark("19:21:38.553 NOTICE   Phase x", now, 0).timeOfDay())
        .hasValueSatisfying(time -> assertThat(time).hasMillis(69_698_553));
    assertThat(new PhaseMark("Phase x", now, 0).timeOfDay()).isEmpty();
    assertThat(new PhaseMark("x".repeat(5_000), now, 0).line()).hasSize(200);
  }
}
