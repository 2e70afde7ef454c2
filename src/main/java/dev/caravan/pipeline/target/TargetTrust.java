package dev.caravan.pipeline.target;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that a probe trusts, as in OpenSSL: the file {@code SSL_CERT_FILE} and the
 * hashed files ({@code 1a2b3c4d.0}) in {@code SSL_CERT_DIR}. If only one of them is set, the system
 * bundle replaces the other; if neither is set, the system bundle and Java's own certificates
 * apply.
 */
final class TargetTrust {

  private static final Logger LOG = LoggerFactory.getLogger(TargetTrust.class);
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", Pattern.DOTALL);
  private static final Pattern HASHED = Pattern.compile("[0-9a-f]{8}\\.[0-9]+");

  /** The bundles of Debian, Fedora, openSUSE and Alpine. */
  private static final List<Path> SYSTEM_BUNDLES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/ca-bundle.pem"),
          Path.of("/etc/ssl/cert.pem"));

  private TargetTrust() {}

  /** The TLS context for probes. Reads files, so call it only if TLS is used. */
  static SSLContext context(TargetNetwork network) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, network.verifyTls() ? trustManagers(network) : trustAllManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("cannot set up TLS: " + e.getMessage(), e);
    }
  }

  /** OpenSSL rejects an expired certificate even if it is a trusted one; Java does not. */
  static void checkDates(SSLSession session) throws SSLException {
    for (Certificate certificate : session.getPeerCertificates()) {
      try {
        if (certificate instanceof X509Certificate x509) {
          x509.checkValidity();
        }
      } catch (CertificateException e) {
        throw new SSLException(e.getMessage(), e);
      }
    }
  }

  private static TrustManager[] trustManagers(TargetNetwork network)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    for (Certificate certificate : certificates(network)) {
      store.setCertificateEntry("ca" + count++, certificate);
    }
    return managers(store);
  }

  private static List<Certificate> certificates(TargetNetwork network)
      throws GeneralSecurityException, IOException {
    List<Certificate> all = new ArrayList<>();
    if (network.caFile().isPresent()) {
      all.addAll(read(network.caFile().get()));
    }
    for (Path folder : network.caFolders()) {
      all.addAll(readFolder(folder));
    }
    if (network.caFile().isEmpty() || network.caFolders().isEmpty()) {
      all.addAll(systemBundle());
    }
    if (network.caFile().isEmpty() && network.caFolders().isEmpty()) {
      all.addAll(javaDefaults());
    }
    return all;
  }

  private static List<Certificate> readFolder(Path folder)
      throws CertificateException, IOException {
    List<Path> hashedFiles;
    try (Stream<Path> files = Files.list(folder)) {
      hashedFiles =
          files.filter(file -> HASHED.matcher(file.getFileName().toString()).matches()).toList();
    }
    List<Certificate> all = new ArrayList<>();
    for (Path file : hashedFiles) {
      all.addAll(read(file));
    }
    return all;
  }

  private static List<Certificate> systemBundle() throws CertificateException, IOException {
    for (Path bundle : SYSTEM_BUNDLES) {
      if (Files.isReadable(bundle)) {
        return read(bundle);
      }
    }
    return List.of();
  }

  private static List<Certificate> javaDefaults() throws GeneralSecurityException {
    List<Certificate> all = new ArrayList<>();
    for (TrustManager manager : managers(null)) {
      if (manager instanceof X509TrustManager x509) {
        all.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return all;
  }

  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<Certificate> read(Path file) throws CertificateException, IOException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> all = new ArrayList<>();
    Matcher blocks = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
    while (blocks.find()) {
      try {
        byte[] der = Base64.getMimeDecoder().decode(blocks.group(1));
        all.add(factory.generateCertificate(new ByteArrayInputStream(der)));
      } catch (CertificateException | IllegalArgumentException e) {
        LOG.warn("Ignoring an invalid certificate in {}: {}", file, e.getMessage());
      }
    }
    return all;
  }

  private static TrustManager[] trustAllManagers() {
    return new TrustManager[] {new TrustAll()};
  }

  /** Verifies nothing, for AIPERF_HTTP_SSL_VERIFY=false; the user gets a warning. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
