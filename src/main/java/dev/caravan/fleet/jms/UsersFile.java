package dev.caravan.fleet.jms;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the users of the embedded broker, one a line: name, roles with commas, and either {@code
 * env:NAME} for the variable that holds the password or its hash as {@code openssl passwd -6} makes
 * it. Empty lines and those that begin with # say nothing.
 */
final class UsersFile {

  /** Of the Caravan that the broker is in. */
  static final String HUB = "caravan-hub";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HASH =
      Pattern.compile("\\$[56]\\$(rounds=\\d{4,9}\\$)?[./0-9A-Za-z]{1,16}\\$[./0-9A-Za-z]{43,86}");
  private static final String VARIABLE = "env:";
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));

  private final Path file;
  private final SecretStore keys;
  private final List<BrokerUser> users = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private UsersFile(Path file, SecretStore keys) {
    this.file = file;
    this.keys = keys;
  }

  /**
   * The users that the file names, at least one.
   *
   * @param keys where the passwords of {@code env:} are
   * @throws SettingsRefusedException with all that is wrong with it
   */
  static List<BrokerUser> read(Path file, SecretStore keys) {
    UsersFile read = new UsersFile(file, keys);
    List<String> lines = lines(file);
    for (int n = 0; n < lines.size(); n++) {
      read.line(lines.get(n).strip(), n + 1);
    }
    if (read.problems.isEmpty() && read.users.isEmpty()) {
      read.problems.add("it names no user");
    }
    if (!read.problems.isEmpty()) {
      throw new SettingsRefusedException(file + ": " + String.join("; ", read.problems));
    }
    return List.copyOf(read.users);
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new SettingsRefusedException(
            file + " must be readable by its owner alone: chmod 600 " + file);
      }
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot read " + file + ": " + e);
    }
  }

  private void line(String line, int number) {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    String[] message = line.split("\\s+");
    if (message.length != 3) { // never quoted: a word may be a password
      problem(number, "must be: name roles password, the password as env:NAME or $6$ hash");
      return;
    }
    Set<BrokerRole> roles = roles(message[1], number);
    Optional<BrokerUser> user = user(message[0], roles, message[2], number);
    if (!NAME.matcher(message[0]).matches() || message[0].equals(HUB)) {
      problem(number, "no name of a user: \"" + message[0] + "\"");
    } else if (users.stream().anyMatch(other -> other.name().equals(message[0]))) {
      problem(number, "a second user \"" + message[0] + "\"");
    } else {
      user.ifPresent(users::add);
    }
  }

  private Set<BrokerRole> roles(String message, int number) {
    Set<BrokerRole> roles = EnumSet.noneOf(BrokerRole.class);
    for (String word : message.split(",")) {
      Optional<BrokerRole> role = BrokerRole.ofWord(word);
      if (role.isEmpty()) {
        problem(number, "no role \"" + word + "\"; roles are submit, work, read-events, admin");
      }
      role.ifPresent(roles::add);
    }
    return roles;
  }

  private Optional<BrokerUser> user(String name, Set<BrokerRole> roles, String secret, int number) {
    if (secret.startsWith(VARIABLE)) {
      String variable = secret.substring(VARIABLE.length());
      Optional<String> password = keys.value(variable);
      if (password.isEmpty()) {
        problem(number, "$" + variable + " is not set");
      }
      return password.map(value -> new BrokerUser(name, roles, value, false));
    }
    if (!HASH.matcher(secret).matches()) {
      problem(number, "the password must be env:NAME or a hash of openssl passwd -6");
      return Optional.empty();
    }
    return Optional.of(new BrokerUser(name, roles, secret, true));
  }

  private void problem(int number, String message) {
    problems.add("line " + number + ": " + message);
  }
}
