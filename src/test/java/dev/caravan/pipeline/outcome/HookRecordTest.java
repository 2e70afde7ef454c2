package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.HookEvent;
import dev.caravan.pipeline.outcome.HookRun.Status;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRecordTest {

  private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-28T02:00:00.123Z");
  private static final HookRun BEGUN = begun(HookEvent.BEFORE_POINT);

  /** Always in the same millisecond. */
  private static HookRun begun(HookEvent event) {
    return new HookRun(
        event.key(),
        "reset",
        Status.RUNNING,
        NOW,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        "",
        "hook.log");
  }

  private static HookRun ended(HookRun begun, int code) {
    Status status = code == 0 ? Status.SUCCEEDED : Status.FAILED;
    return begun.ended(status, Duration.ZERO, OptionalInt.of(code), "");
  }

  @Test
  void keepsExecutionsApartThatBeginInOneMillisecond() {
    // when
    HookRecord record =
        HookRecord.none(1)
            .with(BEGUN)
            .with(ended(BEGUN, 7))
            .with(BEGUN)
            .with(ended(BEGUN, 8))
            .with(BEGUN);
    // then
    assertThat(record.hooks())
        .extracting(HookRun::exitCode)
        .containsExactly(OptionalInt.of(7), OptionalInt.of(8), OptionalInt.empty());
    assertThat(record.underway()).contains(BEGUN);
    assertThat(record.with(ended(BEGUN, 0)).hooks()).hasSize(3).last().matches(HookRun::isSuccess);
  }

  @Test
  void keepsAnExecutionThatAKillCutOffBesideTheNext() {
    // when
    HookRecord record = HookRecord.none(1).with(BEGUN).with(BEGUN).with(ended(BEGUN, 0));
    // then
    assertThat(record.hooks())
        .extracting(HookRun::status)
        .containsExactly(Status.RUNNING, Status.SUCCEEDED);
    assertThat(record.with(begun(HookEvent.AFTER_POINT)).hooks()).hasSize(3);
  }

  @Test
  void addsAnEndWhoseBeginIsNotRecorded() {
    // given
    HookRun other = begun(HookEvent.BEFORE_VARIANT);
    // then
    assertThat(HookRecord.none(1).with(ended(BEGUN, 0)).hooks()).hasSize(1);
    assertThat(HookRecord.none(1).with(other).with(ended(BEGUN, 0)).hooks())
        .extracting(HookRun::event)
        .containsExactly("before_variant", "before_point");
  }

  @Test
  void readsARecordThatAnEarlierVersionWroteAndGoesOnWithIt(@TempDir Path folder) throws Exception {
    // given
    Files.writeString(
        folder.resolve("hooks.json"),
        """
        {"schema": 1, "attempt": 1, "begun": false, "hooks": [
        {"event": "before_point", "hook": "reset", "status": "running",
        "started_at": "2026-11-28T02:00:00.123Z", "ended_at": null, "duration_seconds": null,
        "exit_code": null, "failure": "", "log": "hook.log"}]}
        """,
        StandardCharsets.UTF_8);
    // when
    HookRecord record = HookRecord.of(folder, 1);
    // then
    assertThat(record.underway()).isPresent();
    assertThat(record.with(ended(BEGUN, 0)).hooks()).singleElement().matches(HookRun::isSuccess);
    assertThat(record.with(BEGUN).with(ended(BEGUN, 0)).hooks()).hasSize(2);
  }
}
