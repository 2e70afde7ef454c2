package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthChecksTest {

  @TempDir private Path folder;
  private ScratchHome scratch;
  private Optional<String> trouble = Optional.empty();
  private Optional<String> unrecorded = Optional.empty();
  private Optional<String> unlockable = Optional.empty();

  @BeforeEach
  void makeAHome() throws IOException {
    scratch = new ScratchHome(folder);
  }

  private HealthCheck.Result inbox() {
    return check("inbox");
  }

  private HealthCheck.Result check(String name) {
    return checks(Map.of()).stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow()
        .run();
  }

  private List<HealthCheck> checks(Map<String, String> environment) {
    return new HealthChecks(
            Settings.of(folder, environment, new Properties()),
            scratch.home,
            () -> trouble,
            () -> unrecorded,
            () -> unlockable,
            Optional::empty,
            () -> null,
            () -> null,
            List::of)
        .all();
  }

  @Test
  void isDownWhileTheInboxIsGone() throws IOException {
    // given
    Path inbox = scratch.home.inbox();
    assertThat(inbox().healthy()).isTrue();
    // when
    scratch.files.delete(inbox);
    // then
    assertThat(inbox().healthy()).isFalse();
    assertThat(inbox().message()).isEqualTo(inbox + " is not a writable folder");
    // when
    Files.createDirectory(inbox);
    // then
    assertThat(inbox().healthy()).isTrue();
  }

  @Test
  void isDownWhileAFileIsInPlaceOfTheInbox() throws IOException {
    // given
    scratch.files.delete(scratch.home.inbox());
    Files.writeString(scratch.home.inbox(), "text");
    // then
    assertThat(inbox().healthy()).isFalse();
  }

  @Test
  void isDownWhileNothingCanBeClaimed() {
    // given
    trouble = Optional.of("a.yaml cannot be claimed");
    // then
    assertThat(inbox().healthy()).isFalse();
    assertThat(inbox().message()).isEqualTo("a.yaml cannot be claimed");
  }

  @Test
  void isDownWhileTheRunsOfABatchCannotBeRecorded() {
    // given
    assertThat(check("results").healthy()).isTrue();
    // when
    unrecorded = Optional.of("cannot write into /r/b/1: permission denied");
    // then
    assertThat(check("results").healthy()).isFalse();
    assertThat(check("results").message()).isEqualTo("cannot write into /r/b/1: permission denied");
  }

  @Test
  void isDownWhileNoRunCanBeLockedWhereRunsAreExecuted() {
    // given
    assertThat(check("locks").healthy()).isTrue();
    // when
    unlockable = Optional.of("cannot use the locks in /l: /l: is not a folder");
    // then
    assertThat(check("locks").healthy()).isFalse();
    assertThat(check("locks").message()).isEqualTo(unlockable.get());
    assertThat(checks(Map.of("CARAVAN_ROLE", "hub", "CARAVAN_BROKER", "tcp://b:61616")))
        .extracting(HealthCheck::name)
        .doesNotContain("locks", "aiperf");
  }
}
