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
 * API keys by variable name, from the process's environment or else from the home's {@code
 * keys.env}, which is read at each look-up. Values are never logged.
 */
public final class SecretStore {

  /** Shorter values are not masked in output: they could occur in ordinary numbers and words. */
  public static final int MIN_MASKED_LENGTH = 12;

  private static final Set<PosixFilePermission> FORBIDDEN =
      EnumSet.complementOf(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path file;
  private final Map<String, String> environment;

  public SecretStore(Home home, Map<String, String> environment) {
    this.file = home.secretsFile();
    this.environment = Map.copyOf(environment);
  }

  /**
   * The secret in this variable; empty if it is not set or blank.
   *
   * @throws SettingsRefusedException if keys.env is accessible to other users or cannot be read
   */
  public Optional<String> value(String variable) {
    String secret = environment.get(variable);
    return secret != null && !secret.isBlank() ? Optional.of(secret) : fromFile(variable);
  }

  private Optional<String> fromFile(String variable) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Collection<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(FORBIDDEN::contains)) {
        throw new SettingsRefusedException(
            file + " must be readable only by its owner: chmod 600 " + file);
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
