package dev.caravan.storage;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final Path file;
  private final Map<String, String> environment;

  /** The keys of the home of these settings. */
  public static SecretStore of(Settings settings) {
    return new SecretStore(new Home(settings.home()), settings.environment());
  }

  public SecretStore(Home home, Map<String, String> environment) {
    this.file = home.secretsFile();
    this.environment = Map.copyOf(environment);
  }

  /**
   * The value of a variable, for passwords and the like; empty if it is not set or blank. White
   * space that a paste left around it is not part of it.
   *
   * @throws SettingsRefusedException if keys.env is accessible to other users or cannot be read, or
   *     if the value contains control characters
   */
  public Optional<String> value(String variable) {
    Optional<SecretText> found = find(variable);
    refuse(variable, found.flatMap(SecretText::fault));
    return found.map(SecretText::value);
  }

  /**
   * The API key in this variable; empty if it is not set or blank.
   *
   * @throws SettingsRefusedException as {@link #value}, and if no HTTP header can carry it
   */
  public Optional<String> apiKey(String variable) {
    Optional<SecretText> found = find(variable);
    refuse(variable, found.flatMap(SecretText::headerFault));
    return found.map(SecretText::value);
  }

  /** Why the value of this variable cannot be an API key; empty if it can, or is not set. */
  public Optional<String> apiKeyFault(String variable) {
    return find(variable).flatMap(SecretText::headerFault).map(why -> fault(variable, why));
  }

  /** The value of this variable, valid or not, to be masked; empty if it is not set. */
  public Optional<String> toMask(String variable) {
    return find(variable).map(SecretText::value);
  }

  /** Warnings about the value of this variable, without showing it. */
  public List<String> remarks(String variable) {
    Optional<SecretText> found = find(variable);
    Stream<String> removed =
        found.stream()
            .filter(text -> !text.removed().isEmpty())
            .map(text -> " is used without " + String.join(", ", text.removed()));
    Stream<String> tooShort =
        found.stream()
            .filter(text -> text.value().length() < MIN_MASKED_LENGTH)
            .map(text -> " is too short to be masked in aiperf's output");
    return Stream.concat(removed, tooShort)
        .map(remark -> "the value of " + variable + remark)
        .toList();
  }

  private static void refuse(String variable, Optional<String> fault) {
    fault.ifPresent(
        why -> {
          throw new SettingsRefusedException(fault(variable, why));
        });
  }

  private static String fault(String variable, String why) {
    return "the value of " + variable + " " + why;
  }

  private Optional<SecretText> find(String variable) {
    Optional<SecretText> set =
        Optional.ofNullable(environment.get(variable))
            .map(SecretText::ofVariable)
            .filter(text -> !text.value().isEmpty());
    return set.isPresent() ? set : fromFile(variable);
  }

  private Optional<SecretText> fromFile(String variable) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String text = text();
    boolean marked = text.startsWith(BYTE_ORDER_MARK);
    return text.substring(marked ? 1 : 0)
        .lines()
        .map(line -> line.strip().replaceFirst("^export\\s+", "").split("=", 2))
        .filter(pair -> pair.length == 2 && pair[0].strip().equals(variable))
        .map(pair -> SecretText.ofLine(pair[1]))
        .filter(value -> !value.value().isEmpty())
        .findFirst()
        .map(value -> marked ? value.and("the byte order mark of its file") : value)
        .map(value -> text.contains("\r\n") ? value.and("the Windows line ends") : value);
  }

  private String text() {
    try {
      Collection<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(FORBIDDEN::contains)) {
        throw new SettingsRefusedException(
            file + " must be readable only by its owner: chmod 600 " + file);
      }
      byte[] bytes = RegularFiles.read(file.toRealPath());
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new SettingsRefusedException("cannot read " + file + ": it is not UTF-8 text");
    } catch (AccessDeniedException e) {
      throw new SettingsRefusedException(
          "cannot read " + file + ": it must belong to " + ProcessUser.name());
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot read " + file + ": " + e);
    }
  }
}
