package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.KeyTool;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.artemis.core.remoting.impl.ssl.SSLSupport;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hub logs of the peers that its broker refuses. */
class RefusalsTest {

  private static final String PASSWORD = "store-secret";

  private static Path hubKey;
  private static Path workerKey;
  private static Path strangerKey;
  private static Path hubPem;
  private static Path workerPem;

  private final CapturedLog log = CapturedLog.of(Refusals.class);
  private EmbeddedBroker broker;
  private int port;

  @BeforeAll
  static void makeKeys(@TempDir Path folder) {
    hubKey = KeyTool.keyStore(folder.resolve("hub.p12"), PASSWORD);
    workerKey = KeyTool.keyStore(folder.resolve("worker.p12"), PASSWORD);
    strangerKey = KeyTool.keyStore(folder.resolve("stranger.p12"), PASSWORD);
    hubPem = KeyTool.certificate(hubKey, PASSWORD, folder.resolve("hub.pem"));
    workerPem = KeyTool.certificate(workerKey, PASSWORD, folder.resolve("worker.pem"));
  }

  @BeforeEach
  void startBroker(@TempDir Path folder) throws IOException {
    port = Caravan.freePort();
    TlsStores asking = new TlsStores(key(hubKey), trust(workerPem));
    BrokerUser user = new BrokerUser("lab1", Set.of(BrokerRole.WORK), "lab-secret", false);
    broker =
        EmbeddedBroker.start(
            folder, BrokerAcceptor.of("tcp://127.0.0.1:" + port, asking, List.of(user)), 1 << 30);
  }

  @AfterEach
  void stopBroker() throws IOException {
    log.close();
    broker.close();
  }

  private static Optional<TlsStore> key(Path store) {
    return Optional.of(new TlsStore(store, PASSWORD));
  }

  private static Optional<TlsStore> trust(Path pem) {
    return Optional.of(new TlsStore(pem, ""));
  }

  @Test
  void saysOnceThatAClientShowsNoCertificate() {
    // when
    refused(Optional.empty());
    refused(Optional.empty());

    // then
    awaitLines("Refused 127.0.0.1: it shows no certificate");
  }

  @Test
  void saysThatACertificateIsUnknownBesideAnotherRefusalOfThatHost() {
    // when
    refused(Optional.empty());
    refused(key(strangerKey));
    refused(Optional.empty());
    refused(key(strangerKey));

    // then
    awaitLines(
        "Refused 127.0.0.1: it shows no certificate",
        "Refused 127.0.0.1: its certificate is not trusted by caravan.broker.trust-store: Signature"
            + " does not match");
  }

  @Test
  void saysThatAClientDoesNotTrustTheBroker() {
    // when
    refused(new TlsStores(key(workerKey), trust(workerPem)), "lab1", "lab-secret");

    // then: which alert it is depends on the release of Java
    await()
        .untilAsserted(
            () ->
                assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches(
                        "Refused 127.0.0.1: it does not trust this broker: [a-z]+_[a-z]+\\. Rep.*"));
  }

  @Test
  void saysThatAClientDoesNotSpeakTls() throws IOException {
    // when
    for (int n = 0; n < 2; n++) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.getOutputStream().write(("GET /" + n).getBytes(StandardCharsets.US_ASCII));
        socket.getInputStream().readAllBytes();
      }
    }

    // then
    awaitLines("Refused 127.0.0.1: it does not speak TLS");
  }

  /** As the checks of a load balancer do. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isSilentOnAClientThatOnlyConnects(boolean resets) throws IOException {
    // when
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoLinger(resets, 0);
    }
    refused(Optional.empty());

    // then
    awaitLines("Refused 127.0.0.1: it shows no certificate");

    // when: nothing that it has to say may come later
    broker.close();

    // then
    awaitLines("Refused 127.0.0.1: it shows no certificate");
  }

  @Test
  void saysOncePerUserThatALoginFails() {
    // when
    for (int n = 0; n < 2; n++) {
      refused(new TlsStores(key(workerKey), trust(hubPem)), "lab1", "wrong");
      refused(new TlsStores(key(workerKey), trust(hubPem)), "nobody" + n, "lab-secret");
      refused(new TlsStores(key(workerKey), trust(hubPem)), "", "");
    }

    // then
    awaitLines(
        "Refused 127.0.0.1: wrong password of user \"lab1\"",
        "Refused 127.0.0.1: unknown user \"nobody0\"",
        "Refused 127.0.0.1: it names no user");
  }

  @Test
  void saysOnceWhatAUserMayNotDo() throws JMSException {
    // given
    TlsStores trusted = new TlsStores(key(workerKey), trust(hubPem));
    try (JMSContext context = connect(trusted, "lab1", "lab-secret")) {
      // when
      context.createProducer().send(context.createQueue(Destinations.HEARTBEATS), "{}");
      for (String queue : List.of(Destinations.SUBMIT, Destinations.EVENTS)) {
        assertThatThrownBy(() -> context.createProducer().send(context.createQueue(queue), "x"))
            .isInstanceOf(JMSRuntimeException.class);
      }
    }

    // then
    awaitLines("Refused user \"lab1\", whose roles are [work]: SEND at \"caravan.submit\"");
  }

  @Test
  void namesTheHostOfAnAddress() {
    assertThat(Refusals.host("/10.0.0.7:40000")).isEqualTo("10.0.0.7");
    assertThat(Refusals.host("lab1/10.0.0.7:40000")).isEqualTo("10.0.0.7");
    assertThat(Refusals.host("/[2001:db8:0:0:0:0:0:1]:40000")).isEqualTo("[2001:db8:0:0:0:0:0:1]");
    assertThat(Refusals.host("invm:0")).isEqualTo("invm");
    assertThat(Refusals.host(null)).isEqualTo("an unknown address");
  }

  private void awaitLines(String... lines) {
    await()
        .untilAsserted(
            () ->
                assertThat(log.lines())
                    .containsExactly(
                        List.of(lines).stream()
                            .map(line -> line + ". Repetitions are not logged")
                            .toArray(String[]::new)));
  }

  /** Does not leave before the broker has looked, as a client of JMS, which hears nothing of it. */
  private void refused(Optional<TlsStore> key) {
    assertThatThrownBy(() -> connect(new TlsStores(key, trust(hubPem))))
        .isInstanceOf(IOException.class);
  }

  private void connect(TlsStores stores) throws Exception {
    SSLSupport support =
        new SSLSupport()
            .setTruststoreType("PEMCA")
            .setTruststorePath(stores.trust().orElseThrow().file().toString());
    stores
        .key()
        .ifPresent(
            key -> support.setKeystorePath(key.file().toString()).setKeystorePassword(PASSWORD));
    try (Socket socket =
        support.createContext().getSocketFactory().createSocket("127.0.0.1", port)) {
      new DataInputStream(socket.getInputStream()).readByte(); // a broker says nothing first
    }
  }

  private void refused(TlsStores stores, String user, String password) {
    assertThatThrownBy(() -> connect(stores, user, password).close())
        .isInstanceOf(JMSRuntimeException.class);
  }

  private JMSContext connect(TlsStores stores, String user, String password) throws JMSException {
    BrokerEndpoint endpoint = new BrokerEndpoint("tcp://127.0.0.1:" + port, user, password, stores);
    ActiveMQConnectionFactory connections = endpoint.connectionFactory();
    return connections.createContext();
  }
}
