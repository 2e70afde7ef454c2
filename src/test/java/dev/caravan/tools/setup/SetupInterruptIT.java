package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.ProcFs;
import dev.caravan.testing.Program;
import dev.caravan.testing.ToolFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C during {@code caravan setup}. */
class SetupInterruptIT {

  @TempDir Path temp;

  @Test
  void endsWhatRunsAndStartsNothingElse() throws Exception {
    // given pip that is fetching uv, and that installs itself where that fails
    Path tools = ToolFolder.make(temp.resolve("tools"), FakePython.TOOLS);
    Path fetching = temp.resolve("fetching");
    FakePython python =
        new FakePython(temp.resolve("bin"))
            .insteadOfFetchingUv("echo $$ > '" + fetching + "'; exec sleep 60")
            .write("python3.13");
    try (Caravan caravan =
        Caravan.in(temp)
            .with("XDG_DATA_HOME", temp.resolve("data").toString())
            .with("PATH", temp.resolve("bin") + ":" + tools)) {
      Program setup = caravan.startJar("setup");
      await().until(() -> Files.exists(fetching) && Files.size(fetching) > 0);

      // when
      setup.signal("INT");

      // then
      assertThat(setup.exit()).isEqualTo(130);
      long pip = Long.parseLong(Files.readString(fetching).strip());
      await().until(() -> !ProcFs.isAlive(pip));
      assertThat(Files.readString(python.calls())).doesNotContain("aiperf==");
      assertThat(setup.out()).doesNotContain("pip installs");
      assertThat(setup.err()).doesNotContain("Exception");
    }
  }
}
