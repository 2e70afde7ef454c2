package dev.caravan.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.LiveTree;
import dev.caravan.testing.Results;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A durable subscriber of a hub's events, offline until the end, and the events it must get. */
final class EventSubscriber {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = "caravan.events";

  private final String broker;
  private final Set<String> ids = new TreeSet<>();
  private int messages;

  /** Subscribes and disconnects. */
  EventSubscriber(String broker) {
    this.broker = broker;
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker);
        JMSContext jms = context(factory)) {
      jms.createDurableConsumer(jms.createTopic(TOPIC), "all").close();
    }
  }

  /** Receives the pending events; returns the ids of all events received so far. */
  Set<String> receivedIds() {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(broker);
        JMSContext jms = context(factory);
        JMSConsumer events = jms.createDurableConsumer(jms.createTopic(TOPIC), "all")) {
      String text = events.receiveBody(String.class, 1_000);
      for (; text != null; text = events.receiveBody(String.class, 1_000)) {
        ids.add(JSON.readTree(text).path("id").asText());
        messages++;
      }
      return ids;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Number of messages received, including duplicates. */
  int messages() {
    return messages;
  }

  /**
   * Ids of the events implied by a result tree whose runs are finished, except best-effort ones.
   */
  static Set<String> implied(Path home) {
    Set<String> ids = new TreeSet<>();
    for (Path batch : Ledger.batches(home)) {
      String id = batch.getParent().getFileName() + "/" + batch.getFileName();
      ids.add(id + ":1:batch.accepted");
      ids.add(id + ":1:batch.finished");
      for (Path run : runs(batch)) {
        JsonNode result = Results.result(run);
        ids.add(id + "/" + run.getFileName() + ":" + result.path("attempt") + ":run.finished");
      }
    }
    return ids;
  }

  private static List<Path> runs(Path batch) {
    return LiveTree.list(batch).stream()
        .filter(entry -> Files.exists(entry.resolve("process_result.json")))
        .toList();
  }

  private static JMSContext context(ActiveMQConnectionFactory factory) {
    JMSContext jms = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
    jms.setClientID("ledger");
    return jms;
  }
}
