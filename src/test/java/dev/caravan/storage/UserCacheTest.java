package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where the cache is: as the launcher and other programs see it, by HOME. */
class UserCacheTest {

  @Test
  void isWhereTheEnvironmentSays() {
    assertThat(UserCache.of(Map.of("HOME", "/h", "XDG_CACHE_HOME", "/c")).root())
        .isEqualTo(Path.of("/c/caravan"));
    assertThat(UserCache.of(Map.of("HOME", "/h", "XDG_CACHE_HOME", "relative")).root())
        .isEqualTo(Path.of("/h/.cache/caravan"));
    assertThat(UserCache.of(Map.of("HOME", "/h")).root()).isEqualTo(Path.of("/h/.cache/caravan"));
  }

  @Test
  void isInTheFolderOfTheUserWithoutAHome() {
    assertThat(UserCache.of(Map.of()).root())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/caravan"));
  }
}
