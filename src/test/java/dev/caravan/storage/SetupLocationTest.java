package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetupLocationTest {

  @TempDir Path temp;

  @Test
  void followsXdg() {
    assertThat(SetupLocation.of(Map.of("HOME", "/h", "XDG_DATA_HOME", "/d")).root())
        .isEqualTo(Path.of("/d/caravan"));
    assertThat(SetupLocation.of(Map.of("HOME", "/h")).root())
        .isEqualTo(Path.of("/h/.local/share/caravan"));
    assertThat(SetupLocation.of(Map.of("HOME", "/h", "XDG_DATA_HOME", "rel")).root())
        .isEqualTo(Path.of("/h/.local/share/caravan"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rel"})
  void isThatOfTheUserWhereHomeIsNoFolder(String home) {
    assertThat(SetupLocation.of(Map.of("HOME", home)).root())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/caravan"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "."})
  void ignoresWhatIsNoProgram(String selected) throws IOException {
    // given
    SetupLocation location = new SetupLocation(temp);
    Files.writeString(location.selectedPath(), selected + "\n");

    // then
    assertThat(location.aiperf()).isEmpty();
  }

  @Test
  void ignoresAnAiperfThatNoLongerExists() throws IOException {
    // given
    SetupLocation location = new SetupLocation(temp);
    Files.writeString(location.selectedPath(), temp.resolve("gone") + "\n");

    // then
    assertThat(location.aiperf()).isEmpty();
    assertThat(location.lost()).contains(temp.resolve("gone"));
  }
}
