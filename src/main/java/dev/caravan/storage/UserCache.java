package dev.caravan.storage;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Files that Caravan keeps for a user to save time, and that may be lost: {@code
 * $XDG_CACHE_HOME/caravan}, by default {@code ~/.cache/caravan}.
 *
 * @param root that folder
 */
public record UserCache(Path root) {

  /** By XDG_CACHE_HOME; a relative one is ignored, as the XDG spec requires. */
  public static UserCache of(Map<String, String> environment) {
    Path base =
        Optional.ofNullable(environment.get("XDG_CACHE_HOME"))
            .filter(text -> text.startsWith("/"))
            .map(Path::of)
            .orElseGet(() -> UserFolder.of(environment).resolve(".cache"));
    return new UserCache(base.resolve("caravan"));
  }

  /** The index of batches for commands outside a home. */
  public Path batchIndex() {
    return root.resolve("list.json");
  }

  /** One empty file for each tokenizer that loaded lately. */
  public Path tokenizers() {
    return root.resolve("tokenizers");
  }
}
