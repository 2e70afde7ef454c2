package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputRootsTest {

  @TempDir private Path folder;
  private Path home;
  private OutputRoots roots;

  @BeforeEach
  void createFolders() throws IOException {
    home = Files.createDirectories(folder.toRealPath().resolve("home"));
    Files.createDirectories(home.resolve("real"));
    Files.createDirectories(home.resolveSibling("home-of-another"));
    Files.createDirectories(home.resolveSibling("big"));
    Files.createSymbolicLink(home.resolve("inside"), home.resolve("real"));
    Files.createSymbolicLink(
        home.resolve("out"), Files.createDirectories(folder.resolve("outside")));
    roots = new OutputRoots(home, List.of(home, home.resolveSibling("big")), false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aiperf_results",
        "a/b/c",
        ".",
        "real/../a",
        "inside/deep",
        "../big/x",
        "../home/x"
      })
  void allowsFoldersBelowARoot(String outputBaseDir) {
    assertThat(roots.refusal(outputBaseDir)).isEmpty();
    assertThat(roots.contains(roots.resolve(outputBaseDir))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../home-of-another", "/etc", "a/../../x", "out", "out/deep", "/tmp/x"})
  void refusesFoldersOutsideTheRoots(String outputBaseDir) {
    assertThat(roots.refusal(outputBaseDir).orElseThrow())
        .contains("outside the results roots", "caravan.results.roots");
    assertThat(roots.contains(roots.resolve(outputBaseDir))).isFalse();
  }

  @Test
  void resolvesALinkBelowALinkedFolder() throws IOException {
    // given: a link whose parent folder is itself a link
    Files.createSymbolicLink(home.resolve("real/up"), Path.of("../.."));
    // then
    assertThat(roots.refusal("inside/up/x").orElseThrow()).contains(home.resolveSibling("x") + ",");
  }

  @Test
  void refusesAnInvalidPath() {
    assertThat(roots.refusal("nul\0byte").orElseThrow()).contains("not a usable folder");
  }

  @Test
  void allowsAnyFolderWhenUnrestricted() {
    // given
    OutputRoots unrestricted = new OutputRoots(home, List.of(), true);
    // then
    assertThat(unrestricted.refusal("/etc/x")).isEmpty();
    assertThat(unrestricted.contains(Path.of("/etc/x"))).isTrue();
    assertThat(unrestricted.resolve("/etc/x")).isEqualTo(Path.of("/etc/x"));
    assertThat(unrestricted.resolve("a/../b")).isEqualTo(home.resolve("b"));
  }
}
