package dev.caravan.pipeline.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RefusingPort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetNetworkTest {

  @TempDir static Path folder;
  private static Path forLocalhost;
  private static Path forAnother;
  private static Path expired;

  @BeforeAll
  static void createKeyStores() throws Exception {
    forLocalhost = TargetServer.createKeyStore(folder, "dns:localhost");
    forAnother = TargetServer.createKeyStore(folder, "dns:other.example");
    expired =
        TargetServer.createKeyStore(
            folder, "dns:localhost", "-startdate", "-20d", "-validity", "1");
  }

  @Test
  void rejectsAnUntrustedCertificate() throws Exception {
    assertThat(messageFrom(forLocalhost, Map.of()))
        .contains("its certificate is not trusted (set SSL_CERT_FILE to the file of its CA)");
  }

  @Test
  void trustsTheCertificateFile() throws Exception {
    String pem = TargetServer.pem(forLocalhost).toString();
    assertThat(messageFrom(forLocalhost, Map.of("SSL_CERT_FILE", pem))).startsWith("ready");
  }

  @Test
  void trustsOnlyHashedFilesInCertificateFolders() throws Exception {
    // given
    Path hashed = Files.createDirectory(folder.resolve("hashed"));
    Files.copy(TargetServer.pem(forLocalhost), hashed.resolve("0a1b2c3d.0"));
    Path unhashed = Files.createDirectory(folder.resolve("unhashed"));
    Files.copy(TargetServer.pem(forLocalhost), unhashed.resolve("ca.pem"));

    // then
    assertThat(messageFrom(forLocalhost, Map.of("SSL_CERT_DIR", unhashed + ":" + hashed)))
        .startsWith("ready");
    assertThat(messageFrom(forLocalhost, Map.of("SSL_CERT_DIR", unhashed.toString())))
        .contains("not trusted");
  }

  @Test
  void rejectsACertificateThatIsForAnotherNameOrExpired() throws Exception {
    assertThat(messageFrom(forAnother, trusting(forAnother)))
        .contains("its certificate is for another host name");
    assertThat(messageFrom(expired, trusting(expired))).contains("its certificate has expired");
  }

  @Test
  void skipsVerificationWithAWarning() throws Exception {
    // given
    Map<String, String> environment = Map.of("AIPERF_HTTP_SSL_VERIFY", "FALSE");

    // then
    assertThat(messageFrom(forAnother, environment)).startsWith("ready");
    assertThat(messageFrom(expired, environment)).startsWith("ready");
    assertThat(TargetNetwork.of(environment).warnings())
        .containsExactly("AIPERF_HTTP_SSL_VERIFY=false: the target's certificate is not verified");
  }

  @Test
  void usesNoProxyUnlessAiperfDoes() throws IOException {
    try (TargetServer target = TargetServer.answering(200, "");
        TargetServer proxy = TargetServer.answering(200, "")) {
      // when
      TargetClientTest.message(
          Map.of("HTTP_PROXY", url(proxy), "http_proxy", url(proxy)), uri(target));

      // then
      assertThat(target.requests).hasSize(1);
      assertThat(proxy.requests).isEmpty();
    }
  }

  @Test
  void usesTheProxyWhenAiperfDoes() throws IOException {
    try (TargetServer proxy = TargetServer.answering(200, "")) {
      // when
      String message =
          TargetClientTest.message(
              Map.of("AIPERF_HTTP_TRUST_ENV", "true", "HTTP_PROXY", url(proxy)),
              URI.create("http://gpu.invalid:81/v1/models"));

      // then
      assertThat(message).startsWith("ready");
      assertThat(proxy.requests).containsExactly("GET http://gpu.invalid:81/v1/models");
    }
  }

  @Test
  void namesAProxyThatRefusesTheConnection() throws IOException {
    try (RefusingPort port = new RefusingPort()) {
      // given
      String proxy = "127.0.0.1:" + port.number();

      // when
      String message =
          TargetClientTest.message(
              Map.of("AIPERF_HTTP_TRUST_ENV", "1", "http_proxy", "u:secret@" + proxy),
              URI.create("http://gpu.invalid:81/v1/models"));

      // then
      assertThat(message).startsWith("connection refused by " + proxy + " (GET /");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gpu.corp,       gpu.corp,    true",
    "corp,           gpu.corp,    true",
    ".corp,          GPU.corp,    true",
    "'x, corp ',     gpu.corp,    true",
    "*,              gpu.corp,    true",
    "rp,             gpu.corp,    false",
    "gpu.corp:8000,  gpu.corp,    false",
    "10.0.0.0/8,     10.1.2.3,    false",
    "'',             localhost,   false",
  })
  void readsNoProxyLikeAiperf(String noProxy, String host, boolean direct) {
    // given
    TargetNetwork network =
        TargetNetwork.of(
            Map.of(
                "AIPERF_HTTP_TRUST_ENV", "true", "http_proxy", "http://p:1", "NO_PROXY", noProxy));

    // then
    assertThat(network.proxies().proxyFor("http", host).isEmpty()).isEqualTo(direct);
    assertThat(network.proxies().proxyFor("https", host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://u:secret@p:1", "socks5://u:secret@p:1", "http://u:secret@ p"})
  void warnsOfUnsupportedProxies(String proxy) {
    // when
    TargetNetwork network =
        TargetNetwork.of(Map.of("AIPERF_HTTP_TRUST_ENV", "true", "HTTPS_PROXY", proxy));

    // then
    assertThat(network.warnings())
        .containsExactly("https_proxy is not an http:// proxy; aiperf ignores other kinds");
    assertThat(network.proxies().proxyFor("https", "h")).isEqualTo(Optional.empty());
  }

  @Test
  void warnsOfSettingsThatStopAiperfFromStarting() {
    assertThat(
            TargetNetwork.of(
                    Map.of(
                        "AIPERF_HTTP_SSL_VERIFY", "nope",
                        "aiperf_http_ip_version", "5",
                        "SSL_CERT_FILE", "/no/such/file"))
                .warnings())
        .containsExactlyInAnyOrder(
            "AIPERF_HTTP_SSL_VERIFY is neither true nor false: aiperf will not start",
            "AIPERF_HTTP_IP_VERSION is not 4, 6 or auto: aiperf will not start",
            "SSL_CERT_FILE: cannot read /no/such/file");
  }

  private static Map<String, String> trusting(Path keyStore) {
    return Map.of("SSL_CERT_FILE", TargetServer.pem(keyStore).toString());
  }

  private static String messageFrom(Path keyStore, Map<String, String> environment)
      throws Exception {
    try (TargetServer server = TargetServer.secure(keyStore)) {
      return TargetClientTest.message(environment, https(server));
    }
  }

  private static URI https(TargetServer server) {
    return URI.create("https://localhost:" + server.port() + "/v1/models");
  }

  private static URI uri(TargetServer server) {
    return URI.create(url(server) + "/v1/models");
  }

  private static String url(TargetServer server) {
    return "http://127.0.0.1:" + server.port();
  }
}
