package dev.caravan.pipeline.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Run;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What is kept of the output of a hook. */
class HookOutputTest extends HooksTestBase {

  private String log(Run run, String event) throws Exception {
    return Files.readString(run.folder().resolve("hook_" + event + ".log"));
  }

  @Test
  void keepsTheOutputWithoutTheKey() throws Exception {
    // given
    hook("reset", "echo done; echo key " + ScratchHome.KEY + " >&2");
    Run run =
        accept("  api_key_env_var: SET_API_KEY\n" + TWO + "hooks: {before_point: reset}").run(0);
    // when
    before(run, 1);
    // then
    assertThat(log(run, "before_point")).isEqualTo("done\nkey ********\n");
  }

  @Test
  void keepsTheEndOfALongOutputFromTheStartOfALine() throws Exception {
    // given
    hook("reset", "yes 0123456789 | head -c 3000000");
    Run run = accept(TWO + "hooks: {before_point: reset}").run(0);
    // when
    before(run, 1);
    // then
    assertThat(log(run, "before_point"))
        .startsWith("[the beginning of the output is left out]\n0123456789\n")
        .hasSizeLessThan(1_100_000);
  }

  @Test
  void keepsNoHalfOfAKeyOfALineWithoutEnd() throws Exception {
    // given: a key across the byte from which the output is kept
    hook("reset", "printf '%s' " + ScratchHome.KEY + "; head -c 1048570 /dev/zero | tr '\\0' x");
    Run run =
        accept("  api_key_env_var: SET_API_KEY\n" + TWO + "hooks: {before_point: reset}").run(0);
    // when
    before(run, 1);
    // then
    assertThat(log(run, "before_point")).endsWith("xxx").doesNotContain("789");
  }
}
