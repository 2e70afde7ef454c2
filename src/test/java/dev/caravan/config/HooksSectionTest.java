package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Hook.OnFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HooksSectionTest {

  private static Map<HookEvent, Hook> hooks(String hooks) {
    return FixedRules.read(FixedRules.BASE + "hooks: " + hooks + "\n").hooks();
  }

  private static String problem(String hooks) {
    return String.join("\n", FixedRules.problems(FixedRules.BASE + "hooks: " + hooks + "\n"));
  }

  @Test
  void takesANameOrAMapping() {
    assertThat(hooks("{before_batch: up, after_point: {run: reset-cache, on_failure: stop}}"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                HookEvent.BEFORE_BATCH, new Hook("up", OnFailure.STOP),
                HookEvent.AFTER_POINT, new Hook("reset-cache", OnFailure.STOP)));
  }

  @Test
  void hasAFailureLevelForEachEvent() {
    assertThat(
            hooks(
                "{before_batch: h, before_variant: h, before_point: h, after_point: h,"
                    + " after_batch: h}"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                HookEvent.BEFORE_BATCH, new Hook("h", OnFailure.STOP),
                HookEvent.BEFORE_VARIANT, new Hook("h", OnFailure.SKIP),
                HookEvent.BEFORE_POINT, new Hook("h", OnFailure.SKIP),
                HookEvent.AFTER_POINT, new Hook("h", OnFailure.CONTINUE),
                HookEvent.AFTER_BATCH, new Hook("h", OnFailure.CONTINUE)));
  }

  @Test
  void isEmptyByDefault() {
    assertThat(FixedRules.read(FixedRules.BASE).hooks()).isEmpty();
    assertThat(hooks("")).isEmpty();
    assertThat(hooks("{before_point: }")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./restart.sh",
        "--help",
        "/bin/sh",
        "rm -rf x",
        "Restart",
        "../up",
        "a.b",
        "allowed_from",
        "up;x"
      })
  void refusesWhatIsNoName(String name) {
    assertThat(problem("{before_point: \"" + name + "\"}"))
        .contains("hooks.before_point: ")
        .contains("must be a name of lower-case letters, digits and -");
  }

  @ParameterizedTest
  @CsvSource({
    "limit, limit",
    "limits, limit",
    "limit2, limit",
    "allow-from, allowed-from",
    "allowed-from, allowed-from",
    "environment, environment"
  })
  void refusesTheNamesOfItsOwnPropertiesAndWhatIsAlmostOne(String name, String own) {
    assertThat(problem("{before_point: " + name + "}"))
        .contains("\"" + name + "\": is too similar to Caravan's own property caravan.hooks." + own)
        .doesNotContain("must be");
  }

  @Test
  void refusesUnknownEventsAndLevels() {
    assertThat(problem("{before_pont: up}"))
        .contains("hooks.before_pont: unknown key; did you mean \"before_point\"?");
    assertThat(problem("{after_batch: {run: up, on_failure: stop}}"))
        .contains("hooks.after_batch.on_failure: ")
        .contains("continue");
    assertThat(problem("{before_batch: {run: up, on_failure: skip}}")).contains("stop, continue");
    assertThat(problem("{before_point: {on_failure: skip}}"))
        .contains("hooks.before_point: must have run, the name of a hook");
    assertThat(problem("{before_point: [up]}")).contains("a list: must be the name of a hook");
    assertThat(problem("up")).contains("hooks: must be a mapping");
  }
}
