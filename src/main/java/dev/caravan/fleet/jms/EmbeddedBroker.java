package dev.caravan.fleet.jms;

import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.fleet.hub.QueueState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** An Artemis in this JVM, its journal in the home; facts of its settings were measured. */
public final class EmbeddedBroker implements QueueDepths, AutoCloseable {

  /** Where clients in this JVM find it. */
  public static final String URL = "vm://0";

  private static final int SMALL_JOURNAL = 2 << 20;
  private static final int LOCK_PATIENCE = 5_000;
  private static final int LARGEST_ID_CACHE = 100_000;

  /** They are there from the start, so that nobody who uses them must be allowed to make them. */
  private static final List<String> QUEUES =
      List.of(
          Destinations.SUBMIT,
          Destinations.OUTCOMES,
          Destinations.HEARTBEATS,
          Destinations.FILES,
          Destinations.DEAD_LETTERS);

  private static final List<String> TOPICS = List.of(Destinations.EVENTS, Destinations.HUB);

  private final ActiveMQServer server;

  private EmbeddedBroker(ActiveMQServer server) {
    this.server = server;
  }

  /** Starts one that asks nobody who he is, at a url, or nowhere when that is empty. */
  public static EmbeddedBroker start(Path folder, String listen) throws IOException {
    return start(folder, BrokerAcceptor.open(listen));
  }

  /**
   * Starts it.
   *
   * @param folder of its journal
   * @throws IOException when it cannot start
   */
  @SuppressWarnings("PMD.AvoidCatchingGenericException")
  public static EmbeddedBroker start(Path folder, BrokerAcceptor doors) throws IOException {
    String listen = doors.listen();
    try {
      ActiveMQServer server =
          new ActiveMQServerImpl(configuration(folder, doors), doors.keeper().orElse(null));
      server.registerBrokerPlugin(new MessageSizeLimits());
      server.start();
      boolean up = server.waitForActivation(LOCK_PATIENCE, TimeUnit.MILLISECONDS);
      if (!up || server.getState() != ActiveMQServer.SERVER_STATE.STARTED || !server.isActive()) {
        server.stop();
        throw new IOException("the broker did not start; is its port taken? " + listen);
      }
      return new EmbeddedBroker(server);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) { // Artemis declares no other
      throw new IOException("the broker did not start: " + e.getMessage(), e);
    }
  }

  private static Configuration configuration(Path folder, BrokerAcceptor doors) throws Exception {
    Configuration configuration =
        new ConfigurationImpl()
            .setName("caravan")
            .setPersistenceEnabled(true)
            .setJournalType(JournalType.NIO)
            .setJournalFileSize(SMALL_JOURNAL)
            .setJournalMinFiles(2)
            .setJournalPoolFiles(10)
            .setJournalDirectory(folder.resolve("journal").toString())
            .setBindingsDirectory(folder.resolve("bindings").toString())
            .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
            .setPagingDirectory(folder.resolve("paging").toString())
            .setJournalLockAcquisitionTimeout(LOCK_PATIENCE)
            .setMaxDiskUsage(-1) // our own gate watches the disk; Artemis would block senders
            .setSecurityEnabled(doors.keeper().isPresent())
            .setPopulateValidatedUser(doors.keeper().isPresent())
            .setClusterPassword(BrokerAcceptor.secret()) // its default opens every door
            .setIDCacheSize(LARGEST_ID_CACHE)
            .addAcceptorConfiguration("in-vm", URL);
    doors.acceptor().ifPresent(configuration::addAcceptorConfiguration);
    configuration.addAddressSetting("#", settings());
    configuration.addAddressSetting("caravan.#", lasting());
    if (doors.keeper().isPresent()) {
      Permissions.all().forEach(configuration::putSecurityRoles);
    }
    QUEUES.forEach(name -> configuration.addAddressConfiguration(queue(name)));
    TOPICS.forEach(name -> configuration.addAddressConfiguration(topic(name)));
    return configuration;
  }

  private static AddressSettings settings() {
    return new AddressSettings()
        .setDeadLetterAddress(SimpleString.of(Destinations.DEAD_LETTERS))
        .setMaxDeliveryAttempts(10)
        .setRedeliveryDelay(1_000)
        .setRedeliveryMultiplier(2)
        .setMaxRedeliveryDelay(60_000);
  }

  private static AddressSettings lasting() {
    return settings().setAutoDeleteQueues(false).setAutoDeleteAddresses(false);
  }

  private static CoreAddressConfiguration queue(String name) {
    return new CoreAddressConfiguration()
        .setName(name)
        .addRoutingType(RoutingType.ANYCAST)
        .addQueueConfig(
            QueueConfiguration.of(name).setRoutingType(RoutingType.ANYCAST).setDurable(true));
  }

  private static CoreAddressConfiguration topic(String name) {
    return new CoreAddressConfiguration().setName(name).addRoutingType(RoutingType.MULTICAST);
  }

  @Override
  public Map<String, QueueState> of(Collection<String> pools) {
    return pools.stream().collect(Collectors.toMap(pool -> pool, this::state));
  }

  /** One that is not there has never had a message. */
  private QueueState state(String pool) {
    Queue queue = server.locateQueue(SimpleString.of(Destinations.runs(pool)));
    if (queue == null) {
      return QueueState.EMPTY;
    }
    MessageReference first = queue.peekFirstMessage();
    return new QueueState(
        queue.getMessageCount(),
        first == null ? Duration.ZERO : JmsQueueInspector.age(first.getMessage().getTimestamp()));
  }

  @Override
  public void close() throws IOException {
    try {
      server.stop();
    } catch (Exception e) { // Artemis declares no other
      throw new IOException("the broker did not stop: " + e.getMessage(), e);
    }
  }
}
