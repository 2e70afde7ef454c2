package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The home that commands act on when none is given. */
class NearestHomeTest {

  @TempDir private Path home;
  private Path below;

  @BeforeEach
  void makeAHomeWithAFolder() throws IOException {
    Files.createDirectories(home.resolve(".caravan"));
    below = Files.createDirectories(home.resolve("configs/llama"));
  }

  @Test
  void isAboveTheWorkingDirectory() {
    // when / then
    assertThat(CaravanCommand.nearestHome(below)).isEqualTo(home);
    assertThat(CaravanCommand.nearestHome(home)).isEqualTo(home);
  }

  @Test
  void isTheWorkingDirectoryInWhichADaemonIsStarting() throws IOException {
    // given
    Files.createDirectory(below.resolve("inbox"));

    // when / then
    assertThat(CaravanCommand.nearestHome(below)).isEqualTo(below);
  }

  @Test
  void isTheInnerOneOfTwo() throws IOException {
    // given
    Files.createDirectory(below.getParent().resolve(".caravan"));

    // when / then
    assertThat(CaravanCommand.nearestHome(below)).isEqualTo(below.getParent());
  }
}
