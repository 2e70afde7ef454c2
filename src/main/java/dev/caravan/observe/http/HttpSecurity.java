package dev.caravan.observe.http;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who may come in, by the settings. */
public final class HttpSecurity {

  private static final int SHORTEST = 16;
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Settings settings;

  /**
   * The rules of these settings.
   *
   * @throws SettingsRefusedException when they would let everybody in, or the token cannot be read
   */
  public HttpSecurity(Settings settings) {
    this.settings = settings;
    if (session().isEmpty() && !isLoopback(settings.text(Setting.HTTP_HOST))) {
      throw new SettingsRefusedException(
          Setting.HTTP_HOST.key()
              + " is "
              + settings.text(Setting.HTTP_HOST)
              + ", which others can reach: "
              + Setting.HTTP_TOKEN_FILE.key()
              + " must name a file with a token, for example made by"
              + " `(umask 077; openssl rand -hex 24 > token)`");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new SettingsRefusedException(
          Setting.HTTP_HOST.key() + ": there is no host \"" + host + "\"");
    }
  }

  AccessFilter door() {
    Set<String> names = new HashSet<>(Set.of("localhost"));
    names.add(settings.text(Setting.HTTP_HOST).toLowerCase(Locale.ROOT));
    settings.list(Setting.HTTP_NAMES).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return new AccessFilter(names, session());
  }

  /** What stands for the token; empty when none is asked for. */
  Optional<Session> session() {
    String file = settings.text(Setting.HTTP_TOKEN_FILE);
    return file.isBlank()
        ? Optional.empty()
        : Optional.of(new Session(token(settings.home().resolve(file)), Instant::now));
  }

  private static String token(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
        throw new SettingsRefusedException(
            file + " must be readable by its owner alone: chmod 600 " + file);
      }
      String token = Files.readString(file).strip();
      if (token.length() < SHORTEST || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new SettingsRefusedException(
            file + " must hold one token of at least " + SHORTEST + " printable characters");
      }
      return token;
    } catch (IOException e) {
      throw new SettingsRefusedException(
          Setting.HTTP_TOKEN_FILE.key() + ": cannot read " + file + ": " + e);
    }
  }
}
