package dev.caravan;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Python;
import dev.caravan.testing.Results;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultExchangeHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes from a broker: configs, and attacks. Hub and worker are one JVM here. */
class FleetMessagesIT {

  private static final List<String> QUEUES =
      List.of("caravan.runs.default", "caravan.submit", "caravan.outcomes", "caravan.heartbeats");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DEAD = "caravan.dead-letters";

  private Path marker;
  private String broker;
  private Caravan caravan;
  private Program program;
  private ActiveMQConnectionFactory factory;
  private JMSContext jms;

  @BeforeEach
  void prepare(@TempDir Path folder) {
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
    // With the test classes on its class path, so that a gadget is there for an attacker to find.
    program =
        caravan.startMain(Main.class, Map.of("caravan.test.marker", marker.toString()), "serve");
    program.awaitLine("Watching inbox");
    factory = new ActiveMQConnectionFactory(broker);
    jms = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE);
  }

  @AfterEach
  void end() {
    jms.close();
    factory.close();
    caravan.close();
  }

  private static String config(String name) {
    return """
        batch_name: %s
        base_config: {model: fake-ok, url: "http://127.0.0.1:9", warmup_request_count: 2,
          benchmark_duration: 1, concurrency: 1}
        readiness: {preflight: false, endpoint: none}
        """
        .formatted(name);
  }

  private String ask(String text, Consumer<JMSProducer> properties) throws Exception {
    Queue replies = jms.createTemporaryQueue();
    JMSProducer producer = jms.createProducer().setJMSReplyTo(replies);
    properties.accept(producer);
    producer.send(jms.createQueue("caravan.submit"), jms.createTextMessage(text));
    try (var consumer = jms.createConsumer(replies)) {
      Message reply = consumer.receive(TimeUnit.SECONDS.toMillis(30));
      assertThat(reply).as("the reply").isNotNull();
      return ((TextMessage) reply).getText();
    }
  }

  @Test
  void makesAMessageABatchOnce() throws Exception {
    // when
    String first = ask(config("sent"), p -> p.setProperty("caravan_dedupe_id", "a"));
    String again = ask(config("sent"), p -> p.setProperty("caravan_dedupe_id", "a"));

    // then
    assertThat(first).contains("\"accepted\"", "\"sent/").isEqualTo(again);
    Results results = new Results(caravan);
    results.await("sent");
    assertThat(caravan.batches("sent")).hasSize(1);
    assertThat(results.summary("sent").path("completed").asInt()).isEqualTo(1);
  }

  @Test
  void letsAMessageOfAHigherPriorityGoFirst() throws Exception {
    // given
    ask(config("busy").replace("fake-ok", "fake-sleep-4"), p -> {});

    // when
    ask(config("usual"), p -> {});
    ask(config("urgent"), p -> p.setPriority(7));
    ask(config("idle") + "priority: 1\n", p -> p.setPriority(9));

    // then
    assertThat(caravan.run("status").out())
        .containsSubsequence("urgent/", "priority 7", "usual/", "idle/", "priority 1");
    Results results = new Results(caravan);
    List<String> ended = new ArrayList<>();
    for (String name : List.of("busy", "urgent", "usual", "idle")) {
      results.await(name);
      ended.add(results.summary(name).path("finished_at").asText());
    }
    assertThat(ended).isSorted();
    assertThat(caravan.batch("urgent").resolve("batch.json"))
        .content()
        .contains("\"priority\" : 7");
  }

  @Test
  void tellsASubscriberThatWasAwayAllThatHappened() throws Exception {
    // given
    try (JMSContext subscriber = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
      subscriber.setClientID("reader");
      subscriber.createDurableConsumer(subscriber.createTopic("caravan.events"), "all").close();
    }

    // when
    ask(config("told"), p -> {});
    new Results(caravan).await("told");

    // then
    List<String> types;
    try (JMSContext subscriber = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
      subscriber.setClientID("reader");
      types =
          idsUntilTheBatchIsFinished(
              subscriber.createDurableConsumer(subscriber.createTopic("caravan.events"), "all"));
    }
    assertThat(types.get(0)).contains("accepted");
    assertThat(types).anyMatch(type -> type.contains("run.finished"));
  }

  @Test
  void refusesConfigsWithAllThatIsWrongWithThem() throws Exception {
    assertThat(ask("batch_nam: x\nbase_config: {concurency: 1}\n", p -> {}))
        .contains("\"refused\"", "did you mean", "concurrency");
    assertThat(ask("#".repeat((1 << 20) + 1), p -> {})).contains("at most 1048576 bytes");
    String key = config("key").replace("model:", "api_key_env_var: SOME_API_KEY, model:");
    assertThat(ask(key, p -> {})).contains("\"refused\"", "api_key_env_var");
    assertThat(caravan.list("aiperf_results")).isEmpty();
  }

  @Test
  void takesConfigsFromPythonAndTellsItWhatHappenedOverAmqp() throws Exception {
    // given
    assumeThat(Python.hasProton()).as("python3 with python-qpid-proton").isTrue();
    Path script = caravan.write("client.py", PYTHON);
    Path config = caravan.write("mine.txt", config("amqp"));
    Path said = caravan.home().resolve("said.txt");
    try (JMSContext subscriber = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
      subscriber.setClientID("reader");
      JMSConsumer byJms =
          subscriber.createDurableConsumer(subscriber.createTopic("caravan.events"), "all");

      // when
      Process client =
          new ProcessBuilder(
                  Python.command(),
                  script.toString(),
                  broker.replace("tcp:", "amqp:"),
                  config.toString())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();

      // then
      assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(said);
      assertThat(lines.get(0)).contains("\"accepted\"", "\"amqp/");
      List<String> events = lines.subList(1, lines.size());
      assertThat(events).first().asString().contains("batch.accepted");
      assertThat(events).last().asString().contains("batch.finished");
      assertThat(events).hasSize(4).doesNotHaveDuplicates();
      assertThat(idsUntilTheBatchIsFinished(byJms)).isEqualTo(events);
    }
  }

  /** Of the events of batches and runs, in the order in which they come. */
  private static List<String> idsUntilTheBatchIsFinished(JMSConsumer events) throws Exception {
    List<String> ids = new ArrayList<>();
    while (ids.stream().noneMatch(id -> id.contains("batch.finished"))) {
      Message event = events.receive(TimeUnit.SECONDS.toMillis(30));
      assertThat(event).as("one more event after " + ids).isNotNull();
      JsonNode json = JSON.readTree(event.getBody(String.class));
      if (!json.path("type").asText().contains(".worker.")) {
        ids.add(json.path("type").asText() + " " + json.path("id").asText());
      }
    }
    return ids;
  }

  /** Subscribes, goes away, sends a config, and reads later what happened meanwhile. */
  private static final String PYTHON =
      """
      import json, sys, time
      from proton import Message
      from proton.reactor import Container, DurableSubscription
      from proton.utils import BlockingConnection, SyncRequestResponse

      def connect():
          container = Container()
          container.container_id = "python-reader"
          return BlockingConnection(sys.argv[1], timeout=30, container=container)

      def subscribe(connection):
          return connection.create_receiver(
              "caravan.events", name="all", options=DurableSubscription())

      connection = connect()
      subscribe(connection)
      connection.close()

      connection = BlockingConnection(sys.argv[1], timeout=30)
      client = SyncRequestResponse(connection, "caravan.submit")
      print(client.call(Message(body=open(sys.argv[2]).read())).body.replace("\\n", " "))
      connection.close()
      time.sleep(2)

      connection = connect()
      events = subscribe(connection)
      kind = ""
      while not kind.endswith("batch.finished"):
          event = json.loads(events.receive(timeout=30).body)
          events.accept()
          kind = event["type"]
          if ".worker." not in kind:
              print(kind, event["id"])
      connection.close()
      """;

  /** CVE-2026-40453: Camel's filter of JMS headers looks at one way to write them only. */
  @Test
  void runsNothingThatAHeaderNames() throws Exception {
    for (String queue : QUEUES) {
      for (String prefix :
          List.of("Camel", "CAmel", "camel", "CAMEL", "org_DOT_apache_DOT_camel_DOT_")) {
        jms.createProducer()
            .setProperty(prefix + "ExecCommandExecutable", "/usr/bin/touch")
            .setProperty(prefix + "ExecCommandArgs", marker.toString())
            .setProperty(prefix + "HttpUri", "http://127.0.0.1:9/attacked")
            .send(jms.createQueue(queue), jms.createTextMessage("attack"));
      }
    }
    // The queue of configs answers what is no config; of the others each message is dead.
    awaitDeadLetters(15);
    assertStillServes();
  }

  /** CVE-2026-40860: an object message is deserialised. */
  @Test
  void deserialisesNoObject() throws Exception {
    for (String queue : QUEUES) {
      jms.createProducer().send(jms.createQueue(queue), jms.createObjectMessage(new Gadget()));
    }
    awaitDeadLetters(4);
    assertStillServes();
  }

  /** CVE-2026-43866: a forged holder of an exchange brings headers that no filter sees. */
  @Test
  void takesNoForgedExchange() throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      Exchange forged = new DefaultExchange(camel);
      forged.getIn().setBody("attack");
      forged.getIn().setHeader("CamelExecCommandExecutable", "/usr/bin/touch");
      forged.getIn().setHeader("CamelExecCommandArgs", marker.toString());
      Serializable holder = DefaultExchangeHolder.marshal(forged);
      for (String queue : QUEUES) {
        jms.createProducer().send(jms.createQueue(queue), jms.createObjectMessage(holder));
      }
    }
    awaitDeadLetters(4);
    assertStillServes();
  }

  @Test
  void keepsWhatIsNoMessageOfOursByteForByte() throws Exception {
    // when
    jms.createProducer()
        .setProperty("their_own", 7)
        .send(jms.createQueue("caravan.runs.default"), jms.createTextMessage("{\"a\": 1}"));

    // then
    awaitDeadLetters(1);
    try (QueueBrowser browser = jms.createBrowser(jms.createQueue(DEAD))) {
      TextMessage kept = (TextMessage) browser.getEnumeration().nextElement();
      assertThat(kept.getText().getBytes(StandardCharsets.UTF_8))
          .isEqualTo("{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
      assertThat(kept.getIntProperty("their_own")).isEqualTo(7);
      assertThat(kept.getStringProperty("caravan_cause")).contains("assignment");
      assertThat(kept.getStringProperty("caravan_found_in")).contains("caravan.runs.default");
    }
  }

  /** Damaged outcomes are set apart at once, and never tried again and again. */
  @Test
  void keepsADamagedOutcomeByteForByte() throws Exception {
    // given
    byte[] damaged = new byte[700_000];
    new Random(7).nextBytes(damaged);
    byte[] zip = {'P', 'K', 3, 4, 20, 0, 8, 8, 8, 0, 1, 2, 3, 4};

    // when
    for (byte[] bytes : List.of(damaged, zip, new byte[0])) {
      BytesMessage message = jms.createBytesMessage();
      message.writeBytes(bytes);
      jms.createProducer()
          .setProperty("their_own", 7)
          .send(jms.createQueue("caravan.outcomes"), message);
    }

    // then
    awaitDeadLetters(3);
    try (JMSConsumer consumer = jms.createConsumer(jms.createQueue(DEAD))) {
      for (byte[] bytes : List.of(damaged, zip, new byte[0])) {
        BytesMessage kept = (BytesMessage) consumer.receive(10_000);
        byte[] held = new byte[(int) kept.getBodyLength()];
        kept.readBytes(held);
        assertThat(held).isEqualTo(bytes);
        assertThat(kept.getStringProperty("caravan_cause")).isNotBlank();
        assertThat(kept.getStringProperty("caravan_found_in")).contains("caravan.outcomes");
        assertThat(kept.getIntProperty("their_own")).isEqualTo(7);
        assertThat(kept.propertyExists("_AMQ_ORIG_ADDRESS")).isFalse();
      }
    }
    assertStillServes();
  }

  /** What the hub may send to, those who ask it for an answer need not be allowed to. */
  @Test
  void answersNowhereWhereOnlyItMaySend() throws Exception {
    for (String name : List.of("caravan.runs.default", "caravan.outcomes", "caravan.submit")) {
      jms.createProducer()
          .setJMSReplyTo(jms.createQueue(name))
          .send(jms.createQueue("caravan.submit"), "no config");
    }
    jms.createProducer()
        .setJMSReplyTo(jms.createTopic("caravan.events"))
        .send(jms.createQueue("caravan.submit"), "no config");
    assertStillServes();
    assertThat(deadLetters()).isZero();
    assertThat(program.err())
        .contains("at a place that gets none")
        .doesNotContain("could not be answered");
  }

  @Test
  void takesNoTextThatItsMemoryCouldNotHold() throws Exception {
    assertThatThrownBy(
            () -> jms.createProducer().send(jms.createQueue("caravan.submit"), "#".repeat(5 << 20)))
        .hasMessageContaining("at most 4194304 bytes");
    assertStillServes();
    assertThat(caravan.list(".caravan/broker/large-messages")).isEmpty();
  }

  private void awaitDeadLetters(int number) {
    eventually().until(this::deadLetters, found -> found == number);
  }

  private int deadLetters() throws Exception {
    try (QueueBrowser browser = jms.createBrowser(jms.createQueue(DEAD))) {
      int found = 0;
      for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); found++) {
        all.nextElement();
      }
      return found;
    }
  }

  private void assertStillServes() throws Exception {
    assertThat(ask(config("after"), p -> {})).contains("\"accepted\"");
    new Results(caravan).await("after");
    assertThat(marker).doesNotExist();
  }

  /** Leaves a mark where it is deserialised. */
  public static final class Gadget implements Serializable {

    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException {
      String place = System.getProperty("caravan.test.marker");
      if (place != null) {
        Files.writeString(Path.of(place), "attacked");
      }
    }
  }
}
