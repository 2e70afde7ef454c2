package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.storage.OutputRoots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchFolderCheckTest {

  @TempDir private Path folder;
  private Path home;
  private Path elsewhere;
  private BatchFolderCheck check;

  @BeforeEach
  void setUp() throws IOException {
    home = Files.createDirectories(folder.toRealPath().resolve("home"));
    elsewhere = Files.createDirectories(folder.toRealPath().resolve("elsewhere"));
    check = new BatchFolderCheck(new OutputRoots(home, List.of(home), false));
  }

  @Test
  void allowsAFolderBelowTheRootsWhetherItIsThereOrNot() throws IOException {
    // given
    Files.createDirectories(home.resolve("out/there"));
    Files.createSymbolicLink(home.resolve("out/link"), home.resolve("out/there"));
    // then
    assertThat(check.refusal("aiperf_results", "night")).isEmpty();
    assertThat(check.refusal("out", "there")).isEmpty();
    assertThat(check.refusal("out", "link")).isEmpty();
    assertThat(check.refusal("out", "latest run")).isEmpty();
    assertThat(check.refusal("out/inbox", "datasets")).isEmpty();
  }

  @Test
  void refusesAFolderThatLinksLeadOutOfTheRoots() throws IOException {
    // given
    Files.createSymbolicLink(home.resolve("aiperf_results"), elsewhere);
    Files.createDirectories(home.resolve("out"));
    Files.createSymbolicLink(home.resolve("out/night"), elsewhere);
    // then
    assertThat(check.refusal("aiperf_results", "night").orElseThrow())
        .contains("leads to " + elsewhere, "caravan.results.roots");
    assertThat(check.refusal("out", "night").orElseThrow()).contains("leads to " + elsewhere);
  }

  @Test
  void refusesWhatIsAFileOrALinkToNowhere() throws IOException {
    // given
    Files.createDirectories(home.resolve("out"));
    Files.writeString(home.resolve("out/notes"), "text");
    Files.createSymbolicLink(home.resolve("out/broken"), home.resolve("gone"));
    Files.writeString(home.resolve("results"), "text");
    // then
    assertThat(check.refusal("out", "notes")).contains(home + "/out/notes is not a folder");
    assertThat(check.refusal("out", "broken")).contains(home + "/out/broken is a broken link");
    assertThat(check.refusal("results/a", "b")).contains(home + "/results is not a folder");
  }

  @ParameterizedTest
  @CsvSource({
    "., inbox",
    "inbox, x",
    "inbox/.failed, x",
    "., routes",
    "datasets/deep, x",
    ".caravan, x",
    "x/../inbox, y",
    "through, x"
  })
  void refusesTheFoldersOfTheHomeItself(String output, String name) throws IOException {
    // given
    Files.createDirectories(home.resolve("inbox"));
    Files.createSymbolicLink(home.resolve("through"), home.resolve("inbox"));
    // then
    assertThat(check.refusal(output, name).orElseThrow()).contains("which Caravan uses itself");
    BatchFolderCheck anywhere = new BatchFolderCheck(new OutputRoots(home, List.of(), true));
    assertThat(anywhere.refusal(output, name)).isPresent();
  }

  @Test
  void refusesNamesAndPathsThatNoFileSystemTakes() {
    // then
    assertThat(check.refusal("a/" + "ü".repeat(128), "b").orElseThrow())
        .isEqualTo("contains a name of 256 bytes; the maximum is 255");
    assertThat(check.refusal("ü".repeat(127), "b")).isEmpty();
    assertThat(check.refusal(("d".repeat(200) + "/").repeat(20), "b").orElseThrow())
        .contains("the maximum is 3583");
    assertThat(check.refusal("a\0b", "c").orElseThrow()).contains("is not a usable folder");
  }

  @Test
  void refusesAPathThatLeavesNoPlaceForTheFilesOfRuns() {
    // given
    String most = pathOf(3_583 - "/b".length());
    // then
    assertThat(check.refusal(most, "b")).isEmpty();
    assertThat(check.refusal(most, "bb")).contains("is a path of 3584 bytes; the maximum is 3583");
  }

  @Test
  void refusesAFolderThatBecameUnusableAfterItsConfigWasRead() throws IOException {
    // given
    Path notes = Files.writeString(home.resolve("notes"), "text");
    // then
    assertThatCode(() -> BatchFolderCheck.requireUsable(home.resolve("out"), "a.yaml"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> BatchFolderCheck.requireUsable(notes.resolve("b"), "a.yaml"))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageStartingWith("a.yaml: ")
        .hasMessageContaining(notes + " is not a folder");
  }

  /** A path of this many bytes, of names that are short enough. */
  private String pathOf(int bytes) {
    StringBuilder path = new StringBuilder(home.toString());
    while (path.length() < bytes - 200) {
      path.append("/").append("d".repeat(100));
    }
    return path + "/" + "e".repeat(bytes - path.length() - 1);
  }
}
