package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The Python that the setup chooses, and what it says when there is none to choose. */
class SetupPythonTest extends SetupTestBase {

  @Test
  void choosesTheNewestSupportedPython() throws Exception {
    // given
    python.version("3.9").write("python3.13");
    python.version("3.11").write("python3.11");

    // when
    setup().install("0.13.0", List.of());

    // then
    assertThat(progress.get(0))
        .endsWith("with Python 3.11 (" + temp.resolve("bin/python3.11") + ")");
  }

  @Test
  void reportsAMissingPython() throws Exception {
    // given
    python.version("3.9").write("python3");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .hasMessage(
            "aiperf needs Python 3.11, 3.12 or 3.13; %s is 3.9.\n"
                    .formatted(temp.resolve("bin/python3"))
                + "  sudo apt-get install -y python3 python3-venv");
  }

  @Test
  void findsNoPythonOfThisMachineWhenTheFakeOneIsBroken() throws Exception {
    // given
    python.write("python3.13");
    FakePython.script(temp.resolve("bin/python3.13"), "#!/bin/sh\nexit 1\n");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .message()
        .startsWith("aiperf needs Python 3.11, 3.12 or 3.13; none found on PATH.\n");
  }

  @Test
  void reportsAMissingVenvModule() throws Exception {
    // given
    python.version("3.11").withoutVenv().write("python3");

    // then
    assertThatThrownBy(() -> setup().install("0.13.0", List.of()))
        .message()
        .contains("its venv module is missing", "sudo apt-get install -y python3.11-venv");
    assertThat(location.venv("0.13.0")).doesNotExist();
  }
}
