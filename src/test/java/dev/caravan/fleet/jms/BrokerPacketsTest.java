package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.testing.Caravan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQNotConnectedException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ClientConsumer;
import org.apache.activemq.artemis.api.core.client.ClientProducer;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.api.core.client.ClientSessionFactory;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.client.impl.ClientSessionFactoryInternal;
import org.apache.activemq.artemis.core.client.impl.ClientSessionImpl;
import org.apache.activemq.artemis.core.config.federation.FederationDownstreamConfiguration;
import org.apache.activemq.artemis.core.protocol.core.CoreRemotingConnection;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.ChannelImpl.CHANNEL_ID;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.BackupRegistrationMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ClusterConnectMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.CreateAddressMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.CreateQueueMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.CreateQueueMessage_V2;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.CreateSharedQueueMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.FederationDownstreamConnectMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.NodeAnnounceMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ReattachSessionMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ReattachSessionResponseMessage;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.SessionDeleteQueueMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Raw packets to a broker with users, on the channels that exist before a client logs in. */
class BrokerPacketsTest {

  private static final SimpleString STRANGER = SimpleString.of("stranger");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static EmbeddedBroker broker;
  private static String url;

  @BeforeAll
  static void startBroker(@TempDir Path folder) throws IOException {
    url = "tcp://127.0.0.1:" + Caravan.freePort();
    List<BrokerUser> users =
        List.of(
            new BrokerUser("boss", Set.of(BrokerRole.ADMIN), "boss-secret", false),
            new BrokerUser("ci", Set.of(BrokerRole.SUBMIT), "ci-secret", false));
    broker = EmbeddedBroker.start(folder, BrokerAcceptor.of(url, TlsStores.NONE, users), 1 << 30);
  }

  @AfterAll
  static void stopBroker() throws IOException {
    broker.close();
  }

  static Stream<Arguments> forbidden() {
    TransportConfiguration here = new TransportConfiguration("none", Map.of());
    return Stream.of(
        packet(
            CHANNEL_ID.SESSION,
            new CreateQueueMessage(STRANGER, STRANGER, null, true, false, false)),
        packet(
            CHANNEL_ID.SESSION,
            new CreateQueueMessage(
                SimpleString.of(Destinations.SUBMIT), STRANGER, null, true, false, false)),
        packet(
            CHANNEL_ID.SESSION,
            new CreateQueueMessage_V2(
                QueueConfiguration.of(STRANGER).setMaxConsumers(-1).setPurgeOnNoConsumers(false),
                false)),
        packet(
            CHANNEL_ID.SESSION,
            new CreateSharedQueueMessage(STRANGER, STRANGER, null, true, false)),
        packet(
            CHANNEL_ID.SESSION,
            new CreateAddressMessage(STRANGER, EnumSet.of(RoutingType.ANYCAST), false, false)),
        packet(
            CHANNEL_ID.SESSION,
            new SessionDeleteQueueMessage(SimpleString.of(Destinations.SUBMIT))),
        packet(CHANNEL_ID.CLUSTER, new ClusterConnectMessage("ACTIVEMQ.CLUSTER.ADMIN.USER", "x")),
        packet(
            CHANNEL_ID.CLUSTER,
            new NodeAnnounceMessage(1, "node", "group", "all", false, here, null)),
        packet(CHANNEL_ID.PING, new BackupRegistrationMessage(here, "u", "p", false)),
        packet(CHANNEL_ID.FEDERATION, federation()));
  }

  private static Packet federation() {
    FederationDownstreamConnectMessage message = new FederationDownstreamConnectMessage();
    FederationDownstreamConfiguration downstream =
        new FederationDownstreamConfiguration().setName("stranger");
    downstream.setUpstreamConfiguration(new TransportConfiguration("none", Map.of()));
    message.setName("stranger");
    message.setStreamConfiguration(downstream);
    message.setFederationPolicyMap(Map.of());
    message.setTransformerConfigurationMap(Map.of());
    return message;
  }

  private static Arguments packet(CHANNEL_ID channel, Packet packet) {
    String name = packet.getClass().getSimpleName() + " on " + channel;
    return Arguments.of(Named.of(name, packet), channel);
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void closesTheConnectionOfAClientThatHasNotLoggedIn(Packet packet, CHANNEL_ID channel)
      throws Exception {
    try (ServerLocator locator = ActiveMQClient.createServerLocator(url);
        ClientSessionFactory factory = locator.createSessionFactory()) {
      // given
      CoreRemotingConnection connection = connection(factory);

      // when
      connection.getChannel(channel.id, -1).send(packet);

      // then
      awaitClosed(connection);
      assertUnchanged();
    }
  }

  /** The packets act with the broker's own rights whoever is logged in on the connection. */
  @ParameterizedTest
  @MethodSource("forbidden")
  void closesTheConnectionOfAUserWhoBypassesTheSession(Packet packet, CHANNEL_ID channel)
      throws Exception {
    try (ServerLocator locator = ActiveMQClient.createServerLocator(url);
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session =
            factory.createSession("ci", "ci-secret", false, true, true, false, 0)) {
      // given
      assertThat(session.isClosed()).isFalse();
      CoreRemotingConnection connection = connection(factory);

      // when
      connection.getChannel(channel.id, -1).send(packet);

      // then
      awaitClosed(connection);
      assertUnchanged();
    }
  }

  @Test
  void handsNoSessionToAConnectionThatKnowsItsName() throws Exception {
    try (ServerLocator locator = ActiveMQClient.createServerLocator(url);
        ClientSessionFactory owner = locator.createSessionFactory();
        ClientSession session =
            owner.createSession("boss", "boss-secret", false, true, true, false, 0);
        ClientSessionFactory stranger = locator.createSessionFactory()) {
      // given
      String name = ((ClientSessionImpl) session).getName();

      // when
      Packet answer =
          connection(stranger)
              .getChannel(CHANNEL_ID.SESSION.id, -1)
              .sendBlocking(new ReattachSessionMessage(name, 0), PacketImpl.REATTACH_SESSION_RESP);

      // then
      assertThat(((ReattachSessionResponseMessage) answer).isReattached()).isFalse();
      assertThat(session.queueQuery(STRANGER).isExists()).isFalse();
    }
  }

  @Test
  void servesClientsThatLogInFirst() throws Exception {
    try (ServerLocator locator =
            ActiveMQClient.createServerLocator(url + "?ha=true&confirmationWindowSize=65536");
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = boss(factory)) {
      // given
      session.start();
      session.createQueue(QueueConfiguration.of("own").setRoutingType(RoutingType.ANYCAST));

      // when
      try (ClientProducer producer = session.createProducer("own");
          ClientConsumer consumer = session.createConsumer("own")) {
        producer.send(session.createMessage(true));

        // then
        assertThat(consumer.receive(PATIENCE.toMillis())).isNotNull();
      }
      session.deleteQueue("own");
    }
  }

  @Test
  void letsAClientLogInAgainAfterItsConnectionBroke() throws Exception {
    try (ServerLocator locator =
            ActiveMQClient.createServerLocator(
                url + "?confirmationWindowSize=65536&reconnectAttempts=50&retryInterval=50");
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = boss(factory)) {
      // given
      assertThat(session.queueQuery(STRANGER).isExists()).isFalse();

      // when
      connection(factory).fail(new ActiveMQNotConnectedException("the network is down"));

      // then
      assertThat(session.queueQuery(SimpleString.of(Destinations.SUBMIT)).isExists()).isTrue();
    }
  }

  private static CoreRemotingConnection connection(ClientSessionFactory factory) {
    return (CoreRemotingConnection) ((ClientSessionFactoryInternal) factory).getConnection();
  }

  private static ClientSession boss(ClientSessionFactory factory) throws ActiveMQException {
    return factory.createSession("boss", "boss-secret", false, true, true, false, 0);
  }

  private static void awaitClosed(CoreRemotingConnection connection) {
    await().atMost(PATIENCE).until(() -> !connection.getTransportConnection().isOpen());
  }

  private static void assertUnchanged() throws Exception {
    try (ServerLocator locator = ActiveMQClient.createServerLocator(url);
        ClientSessionFactory factory = locator.createSessionFactory();
        ClientSession session = boss(factory)) {
      assertThat(session.queueQuery(STRANGER).isExists()).isFalse();
      assertThat(session.addressQuery(STRANGER).isExists()).isFalse();
      assertThat(session.queueQuery(SimpleString.of(Destinations.SUBMIT)).isExists()).isTrue();
    }
  }
}
