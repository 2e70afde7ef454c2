package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.ServiceIdentity;
import dev.caravan.pipeline.environment.ServiceSightings;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service at what makes it another one. */
class ServiceTest {

  private static final OffsetDateTime BEGIN = OffsetDateTime.parse("2026-11-28T12:00:00Z");
  private static final double BEGIN_SECONDS = BEGIN.toEpochSecond();
  private static final ServiceIdentity OLD = identity(0, "1", -3_600);

  /** A service asked so many seconds after the begin, whose process started at that time. */
  private static ServiceIdentity identity(int asked, String version, double started) {
    return new ServiceIdentity(
        BEGIN.plusSeconds(asked),
        Map.of("model", "m", "root", "/models/m", "version", version),
        OptionalDouble.of(BEGIN_SECONDS + started));
  }

  private static ServiceIdentity nameless(int asked) {
    return new ServiceIdentity(BEGIN.plusSeconds(asked), Map.of(), OptionalDouble.empty());
  }

  private static ServiceSightings seen(
      ServiceIdentity first, ServiceIdentity second, ServiceIdentity after) {
    return new ServiceSightings(
        List.of(first, second), Optional.ofNullable(after), List.of(), "", Optional.empty());
  }

  private static ServiceSightings seen(
      ServiceIdentity first,
      ServiceIdentity second,
      ServiceIdentity after,
      ServiceIdentity... again) {
    return new ServiceSightings(
        List.of(first, second), Optional.of(after), List.of(again), "", Optional.empty());
  }

  private static Attempt attempt(ServiceSightings service) {
    Moment moment = new Moment(BEGIN, 0, Map.of());
    return Attempt.honest()
        .environment(
            new Environment(1, Map.of(), Map.of(), moment, moment, List.of(), service, ""));
  }

  private static String level(ServiceSightings service) {
    return attempt(service).level("service");
  }

  @ParameterizedTest
  @CsvSource({
    "1, -3600, silent",
    "2, -3600, invalid", // another version
    "1, 20, invalid", // a restart in the run
    "1, -3599, silent", // a start that was rounded
    "1, -9, invalid", // the service's clock may be behind
    "1, -100, unchecked", // a process that is older than the run: another replica
    "1, -7200, unchecked",
  })
  void whatItIsAfterTheRun(String version, double started, String level) {
    assertThat(level(seen(OLD, OLD, identity(60, version, started)))).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource({"1, -3600, silent", "2, -3600, warning", "1, -40, warning", "1, -7200, silent"})
  void whatItWasAfterTheLastRun(String version, double started, String level) {
    // given: the last run ended 60 s before this one
    ServiceIdentity last = identity(-60, "1", -3_600);
    ServiceIdentity now = identity(0, version, started);
    // then
    assertThat(
            level(
                new ServiceSightings(
                    List.of(now, now),
                    Optional.of(now),
                    List.of(),
                    "concurrency1",
                    Optional.of(last))))
        .isEqualTo(level);
  }

  @Test
  void aRestartThatIsOverIsSeenInTheScrapesOfAiperf() {
    // given
    ServiceSightings service = seen(OLD, OLD, null);
    // then
    assertThat(attempt(service).processStart(BEGIN_SECONDS + 20).level("service"))
        .isEqualTo("invalid");
    assertThat(attempt(service).processStart(BEGIN_SECONDS - 3_600).level("service"))
        .isEqualTo("unchecked");
    assertThat(attempt(seen(OLD, OLD, OLD)).processStart(BEGIN_SECONDS - 3_600).level("service"))
        .isEqualTo("silent");
  }

  @Test
  void aYoungReplicaIsNoRestartAsLongAsTheOlderOneAnswers() {
    // given: both were started a few seconds before the run
    ServiceIdentity one = identity(0, "1", -9);
    ServiceIdentity other = identity(60, "1", -3);
    // then: it answered after the run
    assertThat(level(seen(one, one, other, other, other))).isEqualTo("invalid");
    assertThat(level(seen(one, one, other, other, identity(61, "1", -9)))).isEqualTo("unchecked");
    // then: it answered aiperf
    assertThat(attempt(seen(one, one, one)).processStart(BEGIN_SECONDS - 3).level("service"))
        .isEqualTo("unchecked");
    assertThat(attempt(seen(one, one, other)).processStart(BEGIN_SECONDS - 3).level("service"))
        .isEqualTo("invalid");
    // then: the older one answered after the run
    assertThat(level(seen(other, other, one))).isEqualTo("unchecked");
  }

  @Test
  void anotherVersionIsAChangeEvenIfAnOlderReplicaAnswersToo() {
    // given
    ServiceIdentity old = identity(0, "1", -9);
    ServiceIdentity upgraded = identity(60, "2", 20);
    // then
    assertThat(level(seen(old, old, upgraded, identity(61, "1", -9)))).isEqualTo("invalid");
  }

  @Test
  void anAnswerThatIsIncompleteDoesNotTellThatTheServiceIsTheSame() {
    // given
    ServiceIdentity restarted = identity(60, "1", 20);
    ServiceIdentity starting =
        new ServiceIdentity(BEGIN.plusSeconds(61), OLD.properties(), OptionalDouble.empty());
    // then
    assertThat(level(seen(OLD, OLD, restarted, starting, nameless(62)))).isEqualTo("invalid");
  }

  @Test
  void nobodyCanTellOfReplicasOrOfWhatSaysNothing() {
    ServiceIdentity replica = identity(0, "1", -3_607);
    assertThat(level(seen(OLD, replica, OLD))).isEqualTo("unchecked");
    assertThat(level(seen(OLD, identity(0, "2", -3_600), OLD))).isEqualTo("unchecked");
    assertThat(level(seen(nameless(0), nameless(0), nameless(60)))).isEqualTo("unchecked");
    assertThat(level(seen(OLD, OLD, null))).isEqualTo("unchecked");
    assertThat(level(ServiceSightings.NONE)).isEqualTo("unchecked");
    assertThat(Attempt.honest().level("service")).isEqualTo("unchecked");
  }

  @Test
  void whatOnlyOneAnswerSaysIsNoChange() {
    ServiceIdentity modelOnly =
        new ServiceIdentity(BEGIN.plusSeconds(60), Map.of("model", "m"), OptionalDouble.empty());
    assertThat(level(seen(OLD, OLD, modelOnly))).isEqualTo("silent");
  }
}
