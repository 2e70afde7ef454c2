package dev.caravan.observe.http;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.RegularFiles;
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

/** Access control for the HTTP server, as configured by the {@code caravan.http} settings. */
public final class HttpSecurity {

  private static final int MIN_TOKEN_LENGTH = 16;
  private static final Set<PosixFilePermission> GROUP_OR_OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Settings settings;

  /**
   * Checks the settings.
   *
   * @throws SettingsRefusedException when the server would be reachable from other machines without
   *     a token, or the token file is unusable
   */
  public HttpSecurity(Settings settings) {
    this.settings = settings;
    if (session().isEmpty() && !isLoopback(settings.text(Setting.HTTP_HOST))) {
      throw new SettingsRefusedException(
          Setting.HTTP_HOST.key()
              + " is "
              + settings.text(Setting.HTTP_HOST)
              + ", which other machines can reach: "
              + Setting.HTTP_TOKEN_FILE.key()
              + " must name a file that holds a token, for example one created with"
              + " `(umask 077; openssl rand -hex 24 > token)`");
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new SettingsRefusedException(
          Setting.HTTP_HOST.key() + ": unknown host \"" + host + "\"");
    }
  }

  AccessFilter accessFilter() {
    Set<String> names = new HashSet<>(Set.of("localhost"));
    names.add(settings.text(Setting.HTTP_HOST).toLowerCase(Locale.ROOT));
    settings.list(Setting.HTTP_NAMES).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return new AccessFilter(names, session());
  }

  /** Token and session checks; empty when no token is configured. */
  Optional<Session> session() {
    String file = settings.text(Setting.HTTP_TOKEN_FILE);
    return file.isBlank()
        ? Optional.empty()
        : Optional.of(new Session(token(settings.home().resolve(file)), Instant::now));
  }

  private static String token(Path file) {
    try {
      if (Files.getPosixFilePermissions(file).stream().anyMatch(GROUP_OR_OTHERS::contains)) {
        throw new SettingsRefusedException(
            file + " must be accessible only to its owner: chmod 600 " + file);
      }
      String token = RegularFiles.text(file.toRealPath()).strip();
      if (token.length() < MIN_TOKEN_LENGTH || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
        throw new SettingsRefusedException(
            file
                + " must hold a single token of at least "
                + MIN_TOKEN_LENGTH
                + " printable characters");
      }
      return token;
    } catch (IOException e) {
      throw new SettingsRefusedException(
          Setting.HTTP_TOKEN_FILE.key() + ": cannot read " + file + ": " + e);
    }
  }
}
