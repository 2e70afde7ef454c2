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
 * Reads the users of the embedded broker, one per line: name, comma-separated roles, and the
 * password, either as {@code env:NAME}, the variable that holds it, or as a hash from {@code
 * openssl passwd -6}. Empty lines and lines that start with # are ignored.
 */
final class UsersFile {

  /** User name of the Caravan that runs the broker. */
  static final String HUB = "caravan-hub";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final Pattern HASH =
      Pattern.compile("\\$[56]\\$(rounds=\\d{4,9}\\$)?[./0-9A-Za-z]{1,16}\\$[./0-9A-Za-z]{43,86}");
  private static final String VARIABLE_PREFIX = "env:";
  private static final Set<PosixFilePermission> PERMISSIONS_OF_OTHERS =
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
   * Reads the users; there must be at least one.
   *
   * @param keys resolves the variables of {@code env:NAME}
   * @throws SettingsRefusedException with all problems of the file
   */
  static List<BrokerUser> read(Path file, SecretStore keys) {
    UsersFile parser = new UsersFile(file, keys);
    List<String> lines = lines(file);
    for (int n = 0; n < lines.size(); n++) {
      parser.line(lines.get(n).strip(), n + 1);
    }
    if (parser.problems.isEmpty() && parser.users.isEmpty()) {
      parser.problems.add("lists no user");
    }
    if (!parser.problems.isEmpty()) {
      throw new SettingsRefusedException(file + ": " + String.join("; ", parser.problems));
    }
    return List.copyOf(parser.users);
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(PERMISSIONS_OF_OTHERS::contains)) {
        throw new SettingsRefusedException(
            file + " must be readable only by its owner: chmod 600 " + file);
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
    String[] fields = line.split("\\s+");
    if (fields.length != 3) { // not quoted: a field may be a password
      problem(number, "must be: name roles password, with the password as env:NAME or a $6$ hash");
      return;
    }
    Set<BrokerRole> roles = roles(fields[1], number);
    Optional<BrokerUser> user = user(fields[0], roles, fields[2], number);
    if (!NAME.matcher(fields[0]).matches() || fields[0].equals(HUB)) {
      problem(number, "not a valid user name: \"" + fields[0] + "\"");
    } else if (users.stream().anyMatch(other -> other.name().equals(fields[0]))) {
      problem(number, "duplicate user \"" + fields[0] + "\"");
    } else {
      user.ifPresent(users::add);
    }
  }

  private Set<BrokerRole> roles(String list, int number) {
    Set<BrokerRole> roles = EnumSet.noneOf(BrokerRole.class);
    for (String label : list.split(",")) {
      Optional<BrokerRole> role = BrokerRole.ofLabel(label);
      if (role.isEmpty()) {
        problem(
            number, "unknown role \"" + label + "\"; must be submit, work, read-events or admin");
      }
      role.ifPresent(roles::add);
    }
    return roles;
  }

  private Optional<BrokerUser> user(String name, Set<BrokerRole> roles, String secret, int number) {
    if (secret.startsWith(VARIABLE_PREFIX)) {
      String variable = secret.substring(VARIABLE_PREFIX.length());
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
