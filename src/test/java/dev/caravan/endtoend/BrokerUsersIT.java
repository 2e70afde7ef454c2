package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Python;
import dev.caravan.testing.Results;
import dev.caravan.testing.StandaloneBroker;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What users of a broker with TLS and passwords get done, be it embedded in a hub or an external
 * one.
 */
class BrokerUsersIT {

  @AutoClose private static GuardedHub hub;

  @BeforeAll
  static void startHub(@TempDir Path temp) throws IOException {
    hub = new GuardedHub(temp);
    hub.start();
  }

  @Test
  void allowsSubmittersToSubmitAndWorkersToWork() throws Exception {
    // given
    try (Caravan worker =
            Caravan.in(hub.folder.resolve("w1"))
                .withAiperf(FakeAiperf.in(hub.folder.resolve("bin")))
                .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
                .with("CARAVAN_BROKER", hub.plain())
                .with("CARAVAN_BROKER_TRUST_STORE", hub.certificate.toString())
                .with("CARAVAN_BROKER_USER", "lab1")
                .with("CARAVAN_BROKER_PASSWORD_ENV", "MY_PASSWORD")
                .with("MY_PASSWORD", "lab-secret");
        JMSContext reader = hub.connect("reader", "reader-secret")) {
      reader.setClientID("reader");
      JMSConsumer events =
          reader.createDurableConsumer(reader.createTopic("caravan.events"), "all");
      Program working = worker.startJar("serve", "--role", "worker");
      working.awaitLine("Working for");

      // when
      String answer;
      try (JMSContext ci = hub.connect("ci", "ci-secret")) {
        Queue answers = ci.createTemporaryQueue();
        ci.createProducer()
            .setJMSReplyTo(answers)
            .send(ci.createQueue("caravan.submit"), GuardedHub.config("guarded"));
        answer = ci.createConsumer(answers).receiveBody(String.class, 30_000);
      }

      // then
      assertThat(answer).contains("\"accepted\"", "\"guarded/");
      Results results = new Results(hub.caravan);
      results.await("guarded");
      assertThat(results.summary("guarded").path("completed").asInt()).isEqualTo(1);
      assertThat(
              Results.json(hub.caravan.batch("guarded").resolve("batch.json")).path("submitted_by"))
          .hasToString("\"message user ci\"");
      assertThat(types(events)).anyMatch(type -> type.contains("batch.finished"));
      assertThat(working.err()).doesNotContain("secret", "ERROR");
      assertThat(hub.program().err())
          .doesNotContain("Refused user \"lab1\"", "Refused user \"reader\"");
    }
  }

  private static List<String> types(JMSConsumer events) throws Exception {
    List<String> types = new ArrayList<>();
    while (types.stream().noneMatch(type -> type.contains("batch.finished"))) {
      Message event = events.receive(TimeUnit.SECONDS.toMillis(30));
      assertThat(event).as("one more event after " + types).isNotNull();
      types.add(event.getBody(String.class));
    }
    return types;
  }

  @Test
  void givesEachUserTheirOwnDedupeIds() {
    for (String user : List.of("ci", "boss")) {
      try (JMSContext sender = hub.connect(user, user + "-secret")) {
        Queue answers = sender.createTemporaryQueue();
        sender
            .createProducer()
            .setProperty("caravan_dedupe_id", "a")
            .setJMSReplyTo(answers)
            .send(sender.createQueue("caravan.submit"), "not_a_key: " + user);
        assertThat(sender.createConsumer(answers).receiveBody(String.class, 30_000))
            .as(user)
            .contains("not_a_key")
            .doesNotContain("another config");
      }
    }
  }

  @Test
  void allowsSubmittersToSubmitOverAmqpWithTls() throws Exception {
    // given
    Path script = hub.caravan.write("client.py", PYTHON);
    Path config = hub.caravan.write("mine.txt", GuardedHub.config("amqps"));
    Path output = hub.folder.resolve("output.txt");

    // when
    Process client =
        new ProcessBuilder(
                Python.withAmqp(),
                script.toString(),
                "amqps://localhost:" + hub.port,
                hub.certificate.toString(),
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    // then
    assertThat(client.waitFor(Program.TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(output).content().contains("\"accepted\"", "\"amqps/", "wrong password: refused");
  }

  private static final String PYTHON =
      """
      import sys
      from proton import ConnectionException, Message, SSLDomain
      from proton.utils import BlockingConnection, SyncRequestResponse

      def connect(password):
          domain = SSLDomain(SSLDomain.MODE_CLIENT)
          domain.set_trusted_ca_db(sys.argv[2])
          domain.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
          return BlockingConnection(
              sys.argv[1], timeout=20, ssl_domain=domain, user="ci", password=password,
              allowed_mechs="PLAIN")

      connection = connect("ci-secret")
      client = SyncRequestResponse(connection, "caravan.submit")
      print(client.call(Message(body=open(sys.argv[3]).read())).body)
      connection.close()
      try:
          connect("lab-secret")
      except ConnectionException:
          print("wrong password: refused")
      """;

  /** Users and TLS of an external broker in a separate JVM. */
  @Test
  void worksWithAnExternalBrokerThatRequiresUserAndPassword() throws Exception {
    int elsewhere = Caravan.freePort();
    String listen =
        "tcp://127.0.0.1:%d?sslEnabled=true&keyStorePath=%s&keyStorePassword=%s"
            .formatted(elsewhere, hub.folder.resolve("hub.p12"), GuardedHub.STORE_PASSWORD);
    try (Caravan broker = Caravan.in(hub.folder.resolve("broker"));
        Caravan both =
            Caravan.in(hub.folder.resolve("both"))
                .withAiperf(FakeAiperf.in(hub.folder.resolve("bin-both")))
                .with("CARAVAN_BROKER", "tcp://127.0.0.1:" + elsewhere)
                .with("CARAVAN_BROKER_TRUST_STORE", hub.folder.resolve("hub.p12").toString())
                .with("CARAVAN_BROKER_TRUST_STORE_PASSWORD_ENV", "TRUST")
                .with("TRUST", GuardedHub.STORE_PASSWORD)
                .with("CARAVAN_BROKER_USER", "ours")
                .with("CARAVAN_BROKER_PASSWORD_ENV", "MY_PASSWORD")
                .with("CARAVAN_WORKER_HEARTBEAT", "500ms")) {
      // given
      broker
          .startMain(StandaloneBroker.class, Map.of(), broker.home().toString(), listen, "ours")
          .awaitLine("the broker is up");

      // when
      both.write(".caravan/keys.env", "MY_PASSWORD=ours-secret\n");
      GuardedHub.secret(both.home().resolve(".caravan/keys.env"));
      Program program = both.startJar("serve");
      program.awaitLine("Connected to the broker");
      both.drop("far.yaml", GuardedHub.config("far"));

      // then
      Results results = new Results(both);
      results.await("far");
      assertThat(results.summary("far").path("completed").asInt()).isEqualTo(1);
    }
  }
}
