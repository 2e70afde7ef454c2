package dev.caravan.storage;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * API keys by name: from the process's environment, then from the home's {@code keys.env}, which is
 * read again each time. Only the values' users see them; nothing here is ever logged.
 */
public final class SecretStore {

  /** Length from which on a value is masked; a shorter one would be found in figures and words. */
  public static final int MASKED_FROM = 12;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path file;
  private final Map<String, String> environment;

  public SecretStore(Home home, Map<String, String> environment) {
    this.file = home.keys();
    this.environment = Map.copyOf(environment);
  }

  /**
   * The value of a key variable; empty when it has none.
   *
   * @throws SettingsRefusedException when keys.env is open to others or cannot be read
   */
  public Optional<String> value(String variable) {
    String set = environment.get(variable);
    return set != null && !set.isBlank() ? Optional.of(set) : fromFile(variable);
  }

  private Optional<String> fromFile(String variable) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Collection<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new SettingsRefusedException(
            file + " must be readable by its owner alone: chmod 600 " + file);
      }
      return Files.readAllLines(file).stream()
          .map(line -> line.strip().replaceFirst("^export\\s+", "").split("=", 2))
          .filter(pair -> pair.length == 2 && pair[0].strip().equals(variable))
          .map(pair -> unquoted(pair[1].strip()))
          .filter(value -> !value.isBlank())
          .findFirst();
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot read " + file + ": " + e);
    }
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() >= 2
            && (value.charAt(0) == '"' || value.charAt(0) == '\'')
            && value.charAt(value.length() - 1) == value.charAt(0);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
