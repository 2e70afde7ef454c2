package dev.caravan.fleet.jms;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Enumeration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file with keys or certificates.
 *
 * @param file PKCS #12, JKS, or PEM when its name ends in .pem
 * @param password of the file; empty for a PEM
 */
public record TlsStore(Path file, String password) {

  private boolean isPem() {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".pem");
  }

  /** The options of Artemis for it: {@code keyStorePath} and the like. */
  Map<String, Object> settings(String kind) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put(kind + "StorePath", file.toString());
    if (isPem()) {
      settings.put(kind + "StoreType", "PEM");
    } else {
      settings.put(kind + "StorePassword", password);
    }
    return settings;
  }

  /** The same as the end of a url. */
  String options(String kind) {
    StringBuilder options = new StringBuilder();
    settings(kind)
        .forEach(
            (name, value) -> {
              String encoded = URLEncoder.encode(value.toString(), StandardCharsets.UTF_8);
              options.append('&').append(name).append('=').append(encoded);
            });
    return options.toString();
  }

  /**
   * Whether it can be read and holds what it must, asked before Artemis does, which says little.
   *
   * @param needsKey whether it must hold a private key
   * @throws SettingsRefusedException when not
   */
  void check(String setting, boolean needsKey) {
    try {
      if (isPem()) {
        String what = needsKey ? "PRIVATE KEY-----" : "-----BEGIN CERTIFICATE-----";
        if (!Files.readString(file, StandardCharsets.ISO_8859_1).contains(what)) {
          throw new SettingsRefusedException(setting + ": " + file + " holds no \"" + what + "\"");
        }
        return;
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, password.toCharArray());
      }
      if (needsKey && !holdsKey(store)) {
        throw new SettingsRefusedException(setting + ": " + file + " holds no private key");
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new SettingsRefusedException(setting + ": cannot read " + file + ": " + e.getMessage());
    }
  }

  private static boolean holdsKey(KeyStore store) throws GeneralSecurityException {
    for (Enumeration<String> names = store.aliases(); names.hasMoreElements(); ) {
      if (store.isKeyEntry(names.nextElement())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
