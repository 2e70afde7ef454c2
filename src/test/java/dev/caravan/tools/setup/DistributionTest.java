package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DistributionTest {

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ID=debian                              | sudo apt-get install -y python3 python3-venv",
        "ID_LIKE='ubuntu debian',ID=linuxmint   | sudo apt-get install -y python3 python3-venv",
        "ID=fedora                              | sudo dnf install -y python3.13",
        "ID=\"rocky\",ID_LIKE=\"rhel centos fedora\" | sudo dnf install -y python3.12",
        "ID=opensuse-leap,ID_LIKE='suse'        | sudo zypper install python313",
        "ID=alpine                              | sudo apk add python3",
        "ID=nixos,VERSION_ID=debian             | install Python 3.11, 3.12 or 3.13",
      })
  void suggestsTheInstallCommandOfTheDistribution(String lines, String command) throws IOException {
    // given
    Path osRelease = Files.writeString(temp.resolve("os-release"), lines.replace(",", "\n") + "\n");

    // then
    assertThat(Distribution.read(osRelease).pythonCommand()).startsWith(command);
  }

  @Test
  void toleratesAMissingOsRelease() {
    assertThat(Distribution.read(temp.resolve("none")).pythonCommand())
        .startsWith("install Python");
    assertThat(Distribution.read(temp.resolve("none")).venvCommand("3.12")).contains("3.12");
  }
}
