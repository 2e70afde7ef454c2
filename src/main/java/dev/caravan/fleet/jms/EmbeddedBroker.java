package dev.caravan.fleet.jms;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.fleet.hub.QueueDepths;
import dev.caravan.fleet.hub.QueueState;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An Artemis broker in this JVM with its journal in the home. Its settings are based on
 * measurements.
 */
public final class EmbeddedBroker implements QueueDepths, AutoCloseable {

  /** The URL for clients in this JVM. */
  public static final String URL = "vm://0";

  private static final int JOURNAL_FILE_BYTES = 2 << 20;
  private static final int START_TIMEOUT_MILLIS = 5_000;
  private static final int ID_CACHE_SIZE = 100_000;

  /** Created at startup, so that clients need no permission to create them. */
  private static final List<String> QUEUES =
      List.of(
          Destinations.SUBMIT,
          Destinations.OUTCOMES,
          Destinations.HEARTBEATS,
          Destinations.FILES,
          Destinations.DEAD_LETTERS);

  private static final List<String> TOPICS = List.of(Destinations.EVENTS, Destinations.HUB);

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

  private final ActiveMQServer server;

  private EmbeddedBroker(ActiveMQServer server) {
    this.server = server;
  }

  /**
   * Starts a broker without TLS and authentication at a URL, or only in this JVM when it is empty.
   */
  public static EmbeddedBroker start(Path folder, String listen) throws IOException {
    return start(folder, BrokerAcceptor.unsecured(listen), Long.MAX_VALUE);
  }

  /**
   * Starts a broker. A journal that is damaged is set aside, so that it costs only its messages.
   *
   * @param folder folder of its journal
   * @param maxBytes size of the folder above which messages from the network are refused
   * @throws IOException when it cannot start
   */
  public static EmbeddedBroker start(Path folder, BrokerAcceptor acceptor, long maxBytes)
      throws IOException {
    setAsideWhatIsNoFile(folder);
    try {
      return open(folder, acceptor, maxBytes);
    } catch (DamagedJournalException e) {
      Path aside = new DurableFiles().setAside(folder);
      LOG.error(
          "The broker cannot read its messages and starts without them: {}; they are in {}. Runs"
              + " and results are sent again, configs are not",
          e.getMessage(),
          aside);
      return open(folder, acceptor, maxBytes);
    }
  }

  /** A folder among the files of a journal stops Artemis, whatever the others hold. */
  private static void setAsideWhatIsNoFile(Path folder) throws IOException {
    DurableFiles files = new DurableFiles();
    for (String part : List.of("journal", "bindings")) {
      for (Path file : files.list(folder.resolve(part))) {
        if (file.toString().matches(".*\\.(amq|bindings)") && !RegularFiles.exists(file)) {
          LOG.error("{} is not a file; renamed to {}", file, files.setAside(file).getFileName());
        }
      }
    }
  }

  /** The journal is damaged. */
  private static final class DamagedJournalException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedJournalException(Throwable cause) {
      super(cause.getMessage(), cause);
    }
  }

  @SuppressWarnings("PMD.AvoidCatchingGenericException")
  private static EmbeddedBroker open(Path folder, BrokerAcceptor acceptor, long maxBytes)
      throws IOException {
    AtomicReference<Exception> failure = new AtomicReference<>(new IOException("timeout"));
    try {
      ActiveMQServer server =
          new ActiveMQServerImpl(
              configuration(folder, acceptor), acceptor.securityManager().orElse(null));
      server.registerBrokerPlugin(new MessageSizeLimits());
      DiskUsageLimit diskUsage = new DiskUsageLimit(folder, maxBytes);
      server.registerBrokerPlugin(diskUsage);
      server.getServiceRegistry().addIncomingInterceptor(new PacketFilter());
      server.getServiceRegistry().addIncomingInterceptor(diskUsage);
      server.registerActivationFailureListener(failure::set);
      server.start();
      boolean up = server.waitForActivation(START_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
      if (!up || server.getState() != ActiveMQServer.SERVER_STATE.STARTED || !server.isActive()) {
        server.stop();
        throw BrokerFailure.isDamage(failure.get())
            ? new DamagedJournalException(failure.get())
            : BrokerFailure.inWords(failure.get(), acceptor.listen());
      }
      return new EmbeddedBroker(server);
    } catch (IOException | SettingsRefusedException e) {
      throw e;
    } catch (Exception e) { // Artemis declares nothing more specific
      throw BrokerFailure.inWords(e, acceptor.listen());
    }
  }

  private static Configuration configuration(Path folder, BrokerAcceptor acceptor)
      throws Exception {
    Configuration configuration =
        new ConfigurationImpl()
            .setName("caravan")
            .setPersistenceEnabled(true)
            .setJournalType(JournalType.NIO)
            .setJournalFileSize(JOURNAL_FILE_BYTES)
            .setJournalMinFiles(2)
            .setJournalPoolFiles(10)
            .setJournalDirectory(folder.resolve("journal").toString())
            .setBindingsDirectory(folder.resolve("bindings").toString())
            .setLargeMessagesDirectory(folder.resolve("large-messages").toString())
            .setPagingDirectory(folder.resolve("paging").toString())
            .setJournalLockAcquisitionTimeout(START_TIMEOUT_MILLIS)
            .setMaxDiskUsage(-1) // DiskUsageLimit does; this would block the hub, too
            .setSecurityEnabled(acceptor.securityManager().isPresent())
            .setPopulateValidatedUser(acceptor.securityManager().isPresent())
            .setClusterPassword(
                BrokerAcceptor.randomPassword()) // the default password is publicly known
            .setIDCacheSize(ID_CACHE_SIZE)
            .addAcceptorConfiguration("in-vm", URL);
    acceptor.transport().ifPresent(configuration::addAcceptorConfiguration);
    configuration.addAddressSetting("#", settings());
    configuration.addAddressSetting("caravan.#", permanent());
    if (acceptor.securityManager().isPresent()) {
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

  private static AddressSettings permanent() {
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

  /** A queue that does not exist has never received a message. */
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
    } catch (Exception e) { // Artemis declares nothing more specific
      throw new IOException("the broker did not stop: " + e.getMessage(), e);
    }
  }
}
