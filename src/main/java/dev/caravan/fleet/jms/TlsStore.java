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
 * A key store or trust store.
 *
 * @param file a PKCS #12, JKS or, if the name ends in .pem, PEM file
 * @param password password of the file; empty for PEM
 */
record TlsStore(Path file, String password) {

  private boolean isPem() {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".pem");
  }

  /** Artemis' options for the store, such as {@code keyStorePath}; {@code kind} is the prefix. */
  Map<String, Object> settings(String kind) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put(kind + "StorePath", file.toString());
    if (isPem()) {
      // Of a PEM file, a key store takes all certificates for the chain of its key.
      settings.put(kind + "StoreType", kind.equals("trust") ? "PEMCA" : "PEM");
    } else {
      settings.put(kind + "StorePassword", password);
    }
    return settings;
  }

  /** The same options as URL parameters. */
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
   * Checks that the file can be read and has the needed content; Artemis' own messages say little.
   *
   * @param needsKey whether it must contain a private key
   * @throws SettingsRefusedException when the check fails
   */
  void check(String setting, boolean needsKey) {
    try {
      if (isPem()) {
        String marker = needsKey ? "PRIVATE KEY-----" : "-----BEGIN CERTIFICATE-----";
        if (!Files.readString(file, StandardCharsets.ISO_8859_1).contains(marker)) {
          throw new SettingsRefusedException(
              setting + ": " + file + " contains no \"" + marker + "\"");
        }
        return;
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, password.toCharArray());
      }
      if (needsKey && !holdsKey(store)) {
        throw new SettingsRefusedException(setting + ": " + file + " contains no private key");
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
