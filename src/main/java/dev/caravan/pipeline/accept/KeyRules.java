package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.Setting;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which key variables configs from one source may name.
 *
 * @param patterns names that a variable may have, with {@code *} as a wildcard
 * @param setting the property that the patterns come from
 */
public record KeyRules(List<String> patterns, Setting setting) {

  /** Any variable. */
  public static final KeyRules ALL = new KeyRules(List.of("*"), Setting.KEYS_ALLOWED);

  /** Whether a config may name this variable. */
  boolean allows(String variable) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, variable));
  }

  private static boolean matches(String pattern, String variable) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(variable));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
