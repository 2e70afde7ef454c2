package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.KeyTool;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedded broker that asks its clients for a certificate. */
class BrokerTlsTest {

  private static final String PASSWORD = "store-secret";

  /** A client hears nothing when its certificate is refused. */
  private static final long SILENCE_MS = 4_000;

  private static final long PATIENCE_MS = 60_000;

  private static EmbeddedBroker broker;
  private static String url;
  private static Optional<TlsStore> trust;
  private static Optional<TlsStore> known;
  private static Optional<TlsStore> second;
  private static Optional<TlsStore> unknown;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws IOException {
    url = "tcp://127.0.0.1:" + Caravan.freePort();
    Path hub = KeyTool.keyStore(folder.resolve("hub.p12"), PASSWORD);
    Path worker = KeyTool.keyStore(folder.resolve("worker.p12"), PASSWORD);
    Path stranger = KeyTool.keyStore(folder.resolve("stranger.p12"), PASSWORD);
    trust = pem(hub, folder.resolve("hub.pem"));
    known = Optional.of(new TlsStore(worker, PASSWORD));
    Path other = KeyTool.keyStore(folder.resolve("other.p12"), PASSWORD);
    second = Optional.of(new TlsStore(other, PASSWORD));
    unknown = Optional.of(new TlsStore(stranger, PASSWORD));
    TlsStores asking =
        new TlsStores(
            Optional.of(new TlsStore(hub, PASSWORD)),
            both(pem(worker, folder.resolve("worker.pem")), pem(other, folder.resolve("o.pem"))));
    BrokerUser user = new BrokerUser("lab1", Set.of(BrokerRole.WORK), "lab-secret", false);
    broker =
        EmbeddedBroker.start(
            folder.resolve("broker"), BrokerAcceptor.of(url, asking, List.of(user)), 1 << 30);
  }

  private static Optional<TlsStore> pem(Path store, Path pem) {
    return Optional.of(new TlsStore(KeyTool.certificate(store, PASSWORD, pem), ""));
  }

  /** One file with the certificates of both, as cat makes it. */
  private static Optional<TlsStore> both(Optional<TlsStore> first, Optional<TlsStore> next)
      throws IOException {
    Path file = first.orElseThrow().file();
    Files.writeString(file, Files.readString(next.orElseThrow().file()), StandardOpenOption.APPEND);
    return first;
  }

  @AfterAll
  static void stopBroker() throws IOException {
    broker.close();
  }

  @Test
  void servesClientsWithATrustedCertificateAndPassword() throws JMSException {
    assertThat(connect(known, "lab-secret")).isTrue();
    assertThat(connect(second, "lab-secret")).isTrue();
  }

  @Test
  void refusesClientsWithoutOne() {
    assertThatThrownBy(() -> connect(Optional.empty(), "lab-secret", SILENCE_MS))
        .isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(() -> connect(unknown, "lab-secret", SILENCE_MS))
        .isInstanceOf(JMSRuntimeException.class);
  }

  @Test
  void stillAsksForThePassword() {
    assertThatThrownBy(() -> connect(known, "wrong")).isInstanceOf(JMSRuntimeException.class);
  }

  private static boolean connect(Optional<TlsStore> key, String password) throws JMSException {
    return connect(key, password, PATIENCE_MS);
  }

  private static boolean connect(Optional<TlsStore> key, String password, long limit)
      throws JMSException {
    BrokerEndpoint endpoint = new BrokerEndpoint(url, "lab1", password, new TlsStores(key, trust));
    ActiveMQConnectionFactory connections = endpoint.connectionFactory();
    connections.setCallTimeout(limit);
    try (JMSContext context = connections.createContext()) {
      context.createProducer().send(context.createQueue(Destinations.HEARTBEATS), "{}");
      return true;
    }
  }
}
