package dev.caravan.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;

/** An Artemis in this JVM, its journal in the home; facts of its settings were measured. */
public final class EmbeddedBroker implements AutoCloseable {

  /** Where clients in this JVM find it. */
  public static final String URL = "vm://0";

  private static final int SMALL_JOURNAL = 2 << 20;
  private static final int LOCK_PATIENCE = 5_000;
  private static final int LARGEST_ID_CACHE = 100_000;

  private final ActiveMQServer server;

  private EmbeddedBroker(ActiveMQServer server) {
    this.server = server;
  }

  /**
   * Starts it.
   *
   * @param folder of its journal
   * @param listen url that others reach it at; empty for nobody
   * @throws IOException when it cannot start
   */
  @SuppressWarnings("PMD.AvoidCatchingGenericException")
  public static EmbeddedBroker start(Path folder, String listen) throws IOException {
    try {
      ActiveMQServer server = ActiveMQServers.newActiveMQServer(configuration(folder, listen));
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

  private static Configuration configuration(Path folder, String listen) throws Exception {
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
            .setSecurityEnabled(false)
            .setIDCacheSize(LARGEST_ID_CACHE)
            .addAcceptorConfiguration("in-vm", URL);
    if (!listen.isEmpty()) {
      configuration.addAcceptorConfiguration("network", listen);
    }
    configuration.addAddressSetting("#", settings());
    configuration.addAddressConfiguration(deadLetters());
    return configuration;
  }

  private static AddressSettings settings() {
    return new AddressSettings()
        .setDeadLetterAddress(SimpleString.of(Places.DEAD_LETTERS))
        .setMaxDeliveryAttempts(10)
        .setRedeliveryDelay(1_000)
        .setRedeliveryMultiplier(2)
        .setMaxRedeliveryDelay(60_000)
        .setAutoDeleteQueues(false)
        .setAutoDeleteAddresses(false);
  }

  private static CoreAddressConfiguration deadLetters() {
    return new CoreAddressConfiguration()
        .setName(Places.DEAD_LETTERS)
        .addRoutingType(RoutingType.ANYCAST)
        .addQueueConfig(
            QueueConfiguration.of(Places.DEAD_LETTERS)
                .setRoutingType(RoutingType.ANYCAST)
                .setDurable(true));
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
