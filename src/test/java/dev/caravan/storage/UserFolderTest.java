package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserFolderTest {

  private final String known = System.getProperty("user.home");

  @AfterEach
  void restore() {
    System.setProperty("user.home", known);
  }

  @ParameterizedTest
  @CsvSource({
    "/home/a, /root, /home/a",
    "'', /root, /root",
    "relative, /root, /root",
    "'', ?, /nonexistent",
    "relative, '', /nonexistent",
    "/home/a, ?, /home/a",
  })
  void isNeverInTheWorkingDirectory(String home, String known, Path folder) {
    // given
    System.setProperty("user.home", known);
    // when, then
    assertThat(UserFolder.of(Map.of("HOME", home))).isEqualTo(folder);
  }
}
