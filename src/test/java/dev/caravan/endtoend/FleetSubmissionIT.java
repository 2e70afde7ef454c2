package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Python;
import dev.caravan.testing.Results;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Configs submitted through a broker, and the events published there. */
class FleetSubmissionIT extends EmbeddedHubTestBase {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void createsOneBatchPerDedupeId() throws Exception {
    // when
    String first = submit(config("sent"), p -> p.setProperty("caravan_dedupe_id", "a"));
    String again = submit(config("sent"), p -> p.setProperty("caravan_dedupe_id", "a"));

    // then
    assertThat(first).contains("\"accepted\"", "\"sent/").isEqualTo(again);
    Results results = new Results(caravan);
    results.await("sent");
    assertThat(caravan.batches("sent")).hasSize(1);
    assertThat(results.summary("sent").path("completed").asInt()).isEqualTo(1);
  }

  @Test
  void refusesAnotherConfigUnderAUsedDedupeId() throws Exception {
    // given
    submit(config("first"), p -> p.setProperty("caravan_dedupe_id", "b"));

    // when
    String other = submit(config("other"), p -> p.setProperty("caravan_dedupe_id", "b"));

    // then
    assertThat(other).contains("\"refused\"", "this id was used for another config");
    new Results(caravan).await("first");
    assertThat(caravan.batches("other")).isEmpty();
  }

  @Test
  void answersMessagesThatCarryNoConfig() throws Exception {
    for (Message odd :
        List.of(
            jms.createMapMessage(),
            jms.createStreamMessage(),
            jms.createObjectMessage("text"),
            jms.createMessage())) {
      assertThat(submit(odd, p -> {}))
          .contains("\"refused\"", "neither a text nor a bytes message");
    }
  }

  @Test
  void createsOneBatchPerDedupeIdOverAmqp() throws Exception {
    // when
    List<String> replies = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      Message message = jms.createTextMessage(config("by-amqp"));
      replies.add(submit(withAmqpProperty(message, "caravan-dedupe-id", "c"), p -> {}));
    }

    // then
    assertThat(replies.get(0)).contains("\"accepted\"", "\"by-amqp/").isEqualTo(replies.get(1));
    new Results(caravan).await("by-amqp");
    assertThat(caravan.batches("by-amqp")).hasSize(1);
  }

  @Test
  void runsHigherPrioritiesFirst() throws Exception {
    // given
    submit(config("busy").replace("fake-ok", "fake-until-go"), p -> {});
    Results.eventually().until(() -> !caravan.runProcesses().isEmpty());

    // when
    submit(config("usual"), p -> {});
    submit(config("urgent"), p -> p.setPriority(7));
    submit(config("idle") + "priority: 1\n", p -> p.setPriority(9));

    // then
    Results.eventually()
        .untilAsserted(
            () ->
                assertThat(caravan.execute("status").out())
                    .containsSubsequence("urgent/", "priority 7", "usual/", "idle/", "priority 1"));
    FakeAiperf.go(caravan.home().resolveSibling("bin"));
    Results results = new Results(caravan);
    List<OffsetDateTime> ended = new ArrayList<>();
    for (String name : List.of("busy", "urgent", "usual", "idle")) {
      results.await(name);
      ended.add(OffsetDateTime.parse(results.summary(name).path("finished_at").asText()));
    }
    assertThat(ended).isSorted();
    assertThat(caravan.batch("urgent").resolve("batch.json"))
        .content()
        .contains("\"priority\" : 7");
  }

  @Test
  void deliversEventsToADurableSubscriberThatWasOffline() throws Exception {
    // given
    try (JMSContext subscriber = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
      subscriber.setClientID("late");
      subscriber.createDurableConsumer(subscriber.createTopic("caravan.events"), "all").close();
    }

    // when
    submit(config("missed"), p -> {});
    new Results(caravan).await("missed");

    // then
    List<String> types;
    try (JMSContext subscriber = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
      subscriber.setClientID("late");
      types =
          idsUntilTheBatchIsFinished(
              subscriber.createDurableConsumer(subscriber.createTopic("caravan.events"), "all"),
              "missed");
    }
    assertThat(types.get(0)).contains("accepted");
    assertThat(types).anyMatch(type -> type.contains("run.finished"));
  }

  @Test
  void refusesConfigsWithAllTheirProblems() throws Exception {
    List<Path> before = caravan.list("aiperf_results");
    assertThat(submit("batch_nam: x\nbase_config: {concurency: 1}\n", p -> {}))
        .contains("\"refused\"", "did you mean", "concurrency");
    assertThat(submit("#".repeat((1 << 20) + 1), p -> {})).contains("at most 1048576 bytes");
    String key = config("key").replace("model:", "api_key_env_var: SOME_API_KEY, model:");
    assertThat(submit(key, p -> {})).contains("\"refused\"", "api_key_env_var");
    assertThat(caravan.list("aiperf_results")).isEqualTo(before);
  }

  @Test
  void acceptsConfigsAndDeliversEventsOverAmqp() throws Exception {
    // given
    Path script = caravan.write("client.py", PYTHON);
    Path config = caravan.write("mine.txt", config("amqp"));
    Path output = caravan.home().resolve("output.txt");
    try (JMSContext subscriber = factory.createContext(JMSContext.AUTO_ACKNOWLEDGE)) {
      subscriber.setClientID("reader");
      JMSConsumer byJms =
          subscriber.createDurableConsumer(subscriber.createTopic("caravan.events"), "all");

      // when
      Process client =
          new ProcessBuilder(
                  Python.withAmqp(),
                  script.toString(),
                  broker.replace("tcp:", "amqp:"),
                  config.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();

      // then
      assertThat(client.waitFor(Program.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(output);
      assertThat(lines.get(0)).contains("True", "\"accepted\"", "\"once/");
      assertThat(lines.get(1)).contains("\"accepted\"", "\"amqp/");
      List<String> events = lines.subList(2, lines.size());
      assertThat(events).first().asString().contains("batch.accepted");
      assertThat(events).last().asString().contains("batch.finished");
      assertThat(events).hasSize(4).doesNotHaveDuplicates();
      assertThat(idsUntilTheBatchIsFinished(byJms, "amqp")).isEqualTo(events);
    }
  }

  /** Types and ids of the events of a batch and its runs, in order of arrival. */
  private static List<String> idsUntilTheBatchIsFinished(JMSConsumer events, String batch)
      throws Exception {
    List<String> ids = new ArrayList<>();
    while (ids.stream().noneMatch(id -> id.contains("batch.finished"))) {
      Message event = events.receive(TimeUnit.SECONDS.toMillis(30));
      assertThat(event).as("one more event after " + ids).isNotNull();
      JsonNode json = JSON.readTree(event.getBody(String.class));
      if (json.path("subject").asText().startsWith(batch + "/")) {
        ids.add(json.path("type").asText() + " " + json.path("id").asText());
      }
    }
    return ids;
  }

  /** Subscribes, disconnects, submits a config, and later reads the missed events. */
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
      client.call(Message(body="batch_name: another message without an id"))
      body = open(sys.argv[2]).read().replace("amqp", "once")
      once = [client.call(Message(id="job-42", body=body)).body for _ in range(2)]
      print(once[0] == once[1], once[0].replace("\\n", " "))
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
          if event.get("subject", "").startswith("amqp/"):
              print(kind, event["id"])
          else:
              kind = ""
      connection.close()
      """;
}
