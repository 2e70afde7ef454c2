package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the home of a one-shot command keeps its files. */
class HomeTest {

  private final DurableFiles files = new DurableFiles();

  @TempDir Path folder;

  @Test
  void isInTheWorkingDirectory() {
    // when
    Home home = Home.ofCommand(folder, Map.of("XDG_STATE_HOME", "/nowhere"), files);
    // then
    assertThat(home).isEqualTo(new Home(folder));
    assertThat(home.state()).isDirectory();
  }

  @Test
  void keepsItsFilesInTheStateFolderOfTheUserIfItCannotWrite() throws IOException {
    // given
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = Files.createDirectory(folder.resolve("there"));
    Files.writeString(here.resolve(".caravan"), "in the way");
    Files.writeString(there.resolve(".caravan"), "in the way");
    Map<String, String> xdg = Map.of("XDG_STATE_HOME", folder.resolve("s").toString());
    // when
    Home home = Home.ofCommand(here, xdg, files);
    // then
    assertThat(home.root()).isEqualTo(here);
    assertThat(home.results()).isEqualTo(here.resolve("aiperf_results"));
    assertThat(home.state()).startsWithRaw(folder.resolve("s/caravan"));
    assertThat(home.secretsFile()).isEqualTo(here.resolve(".caravan/keys.env"));
    assertThat(Home.ofCommand(here, xdg, files)).isEqualTo(home);
    assertThat(Home.ofCommand(there, xdg, files).state()).isNotEqualTo(home.state());
    assertThat(HomeId.of(home, files)).isEqualTo(HomeId.of(home, files));
  }

  @Test
  void findsTheStateFolderByTheHomeOfTheUser() throws IOException {
    // given
    Files.writeString(folder.resolve(".caravan"), "in the way");
    // then
    assertThat(
            Home.ofCommand(folder, Map.of("XDG_STATE_HOME", "relative", "HOME", "/u"), files)
                .state())
        .startsWithRaw(Path.of("/u/.local/state/caravan"));
  }
}
