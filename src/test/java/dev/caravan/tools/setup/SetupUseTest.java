package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The aiperf that Caravan uses when there is one already. */
class SetupUseTest extends SetupTestBase {

  @Test
  void selectsAnInstalledAiperf() throws Exception {
    // given
    Path venv = Files.createDirectories(temp.resolve("mine/bin")).getParent();
    FakePython.script(venv.resolve("bin/aiperf"), "#!/bin/sh\necho 0.12.1\n");

    // when
    Path aiperf = setup().use(venv, List.of());

    // then
    assertThat(aiperf).isEqualTo(venv.resolve("bin/aiperf"));
    assertThat(location.aiperf()).contains(aiperf);
    assertThat(warmed).containsExactly(aiperf);
  }

  @Test
  void refusesToSelectAnotherProgram() throws Exception {
    // given
    Path other = temp.resolve("other");
    FakePython.script(other, "#!/bin/sh\necho usage: other\n");

    // then
    assertThatThrownBy(() -> setup().use(other, List.of()))
        .message()
        .contains("does not respond to --version");
    assertThat(location.aiperf()).isEmpty();
  }

  @Test
  void providesTheAiperfThatWasInstalledTogetherWithCaravanElseTheTestedOne() throws Exception {
    // given
    python.write("python3.13");
    Path installed = setup().provide(List.of());
    environment.put("CARAVAN_PACKAGE_AIPERF", installed.toString());

    // when
    Path packaged = setup().provide(List.of());

    // then
    assertThat(installed).isEqualTo(temp.resolve("data/caravan/aiperf-0.13.0/bin/aiperf"));
    assertThat(packaged).isEqualTo(installed);
    assertThat(progress).last().asString().startsWith("Using aiperf ");
  }
}
