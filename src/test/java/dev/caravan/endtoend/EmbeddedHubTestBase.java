package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.Main;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class: a hub and worker in one JVM with an embedded broker, which the tests of a class
 * share, and a JMS client of it.
 */
abstract class EmbeddedHubTestBase {

  static Path marker;
  static String broker;
  static Caravan caravan;
  static Program program;
  static ActiveMQConnectionFactory factory;
  JMSContext jms;

  @BeforeAll
  static void startHub(@TempDir Path folder) {
    marker = folder.resolve("attacked");
    broker = "tcp://127.0.0.1:" + Caravan.freePort();
    caravan =
        Caravan.in(folder)
            .with("CARAVAN_BROKER_LISTEN", broker)
            .with("CARAVAN_BROKER", "embedded")
            .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
            .with("CARAVAN_KEYS_ALLOWED", "*_API_KEY")
            .with("SOME_API_KEY", "secret")
            .with("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString())
            .withAiperf(FakeAiperf.in(folder.resolve("bin")));
    // With the test classes on the class path, so that an attack could deserialise a gadget.
    program =
        caravan.startMain(Main.class, Map.of("caravan.test.marker", marker.toString()), "serve");
    program.awaitLine("Watching inbox");
    factory = new ActiveMQConnectionFactory(broker);
  }

  @AfterAll
  static void stopHub() {
    factory.close();
    caravan.close();
  }

  @BeforeEach
  void connect() {
    jms = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
  }

  @AfterEach
  void disconnect() {
    jms.close();
  }

  static String config(String name) {
    return """
        batch_name: %s
        base_config: {model: fake-ok, url: "http://127.0.0.1:9", warmup_request_count: 2,
          benchmark_duration: 1, concurrency: 1}
        readiness: {preflight: false, endpoint: none}
        """
        .formatted(name);
  }

  final String submit(String text, Consumer<JMSProducer> properties) throws Exception {
    return submit(jms.createTextMessage(text), properties);
  }

  final String submit(Message config, Consumer<JMSProducer> properties) throws Exception {
    Queue replies = jms.createTemporaryQueue();
    JMSProducer producer = jms.createProducer().setJMSReplyTo(replies);
    properties.accept(producer);
    producer.send(jms.createQueue("caravan.submit"), config);
    try (var consumer = jms.createConsumer(replies)) {
      Message reply = consumer.receive(TimeUnit.SECONDS.toMillis(30));
      assertThat(reply).as("the reply").isNotNull();
      return ((TextMessage) reply).getText();
    }
  }

  /** Sets a property whose name JMS does not allow, as AMQP clients can. */
  static Message withAmqpProperty(Message message, String name, String value) {
    ((ActiveMQMessage) message).getCoreMessage().putStringProperty(name, value);
    return message;
  }
}
