package dev.caravan.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Creates key stores with the JDK's keytool, as users do, and reads their certificates. */
public final class KeyTool {

  private KeyTool() {}

  /** A PKCS #12 store with a key and a self-signed certificate for 127.0.0.1 and localhost. */
  public static Path keyStore(Path file, String password) {
    run(
        "-genkeypair -alias hub -keyalg EC -groupname secp256r1 -validity 3650 -dname CN=hub"
            + " -ext SAN=dns:localhost,ip:127.0.0.1 -storetype PKCS12",
        file,
        password);
    return file;
  }

  /** Exports the certificate of such a key store as PEM. */
  public static Path certificate(Path keyStore, String password, Path pem) {
    try {
      KeyStore store = KeyStore.getInstance(keyStore.toFile(), password.toCharArray());
      byte[] der = store.getCertificate("hub").getEncoded();
      String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
      return Files.writeString(
          pem, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
    } catch (IOException | GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void run(String arguments, Path store, String password) {
    List<String> argv = new ArrayList<>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    argv.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    argv.addAll(List.of(arguments.split(" ")));
    argv.addAll(List.of("-keystore", store.toString(), "-storepass", password));
    try {
      int exit = new ProcessBuilder(argv).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new AssertionError("keytool exited with " + exit);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
