package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.KeyTool;
import dev.caravan.testing.Program;
import dev.caravan.testing.Python;
import dev.caravan.testing.Results;
import dev.caravan.testing.StandaloneBroker;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embedded broker of a hub on the network: TLS, users and the permissions of each role. */
class BrokerAccessIT {

  private static final String STORE_PASSWORD = "store-secret";
  private static final String USERS =
      """
      # name  roles        password
      lab1    work         env:LAB_PASSWORD
      ci      submit       env:CI_PASSWORD
      reader  read-events  env:READER_PASSWORD
      boss    admin        env:BOSS_PASSWORD
      """;

  private static Path certificate;
  private static Path folder;
  private static int port;
  private static Caravan hub;
  private static Program program;

  @BeforeAll
  static void startHub(@TempDir Path temp) throws IOException {
    folder = temp;
    port = Caravan.freePort();
    hub = Caravan.in(folder.resolve("hub"));
    Path store = KeyTool.keyStore(folder.resolve("hub.p12"), STORE_PASSWORD);
    certificate = KeyTool.certificate(store, STORE_PASSWORD, folder.resolve("hub.pem"));
    secret(hub.write("users", USERS));
    hub.with("CARAVAN_BROKER", "embedded")
        .with("CARAVAN_ROLE", "hub")
        .with("CARAVAN_BROKER_LISTEN", "tcp://0.0.0.0:" + port)
        .with("CARAVAN_BROKER_KEY_STORE", store.toString())
        .with("CARAVAN_BROKER_KEY_STORE_PASSWORD_ENV", "STORE_PASSWORD")
        .with("CARAVAN_BROKER_USERS_FILE", "users")
        .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
        .with("STORE_PASSWORD", STORE_PASSWORD)
        .with("LAB_PASSWORD", "lab-secret")
        .with("CI_PASSWORD", "ci-secret")
        .with("READER_PASSWORD", "reader-secret")
        .with("BOSS_PASSWORD", "boss-secret");
    program = hub.startJar("serve");
    program.awaitLine("Watching inbox");
    program.awaitLine("with TLS, for 4 users");
  }

  @AfterAll
  static void tearDown() {
    hub.close();
  }

  private static void secret(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String plain() {
    return "tcp://127.0.0.1:" + port;
  }

  private static String tls() {
    return plain() + "?sslEnabled=true&trustStoreType=PEM&trustStorePath=" + certificate;
  }

  private static JMSContext connect(String user, String password) {
    ActiveMQConnectionFactory factory =
        new ActiveMQConnectionFactory(tls() + "&reconnectAttempts=0&callTimeout=60000");
    return factory.createContext(user, password, JMSContext.AUTO_ACKNOWLEDGE);
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

  @Test
  void allowsSubmittersToSubmitAndWorkersToWork() throws Exception {
    // given
    try (Caravan worker =
            Caravan.in(folder.resolve("w1"))
                .withAiperf(FakeAiperf.in(folder.resolve("bin")))
                .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
                .with("CARAVAN_BROKER", plain())
                .with("CARAVAN_BROKER_TRUST_STORE", certificate.toString())
                .with("CARAVAN_BROKER_USER", "lab1")
                .with("CARAVAN_BROKER_PASSWORD_ENV", "MY_PASSWORD")
                .with("MY_PASSWORD", "lab-secret");
        JMSContext reader = connect("reader", "reader-secret")) {
      reader.setClientID("reader");
      JMSConsumer events =
          reader.createDurableConsumer(reader.createTopic("caravan.events"), "all");
      Program working = worker.startJar("serve", "--role", "worker");
      working.awaitLine("Working for");

      // when
      String answer;
      try (JMSContext ci = connect("ci", "ci-secret")) {
        Queue answers = ci.createTemporaryQueue();
        ci.createProducer()
            .setJMSReplyTo(answers)
            .send(ci.createQueue("caravan.submit"), config("guarded"));
        answer = ci.createConsumer(answers).receiveBody(String.class, 30_000);
      }

      // then
      assertThat(answer).contains("\"accepted\"", "\"guarded/");
      Results results = new Results(hub);
      results.await("guarded");
      assertThat(results.summary("guarded").path("completed").asInt()).isEqualTo(1);
      assertThat(Results.json(hub.batch("guarded").resolve("batch.json")).path("submitted_by"))
          .hasToString("\"message user ci\"");
      assertThat(types(events)).anyMatch(type -> type.contains("batch.finished"));
      assertThat(working.err()).doesNotContain("secret", "ERROR");
      assertThat(program.err()).doesNotContain("Refused user \"lab1\"", "Refused user \"reader\"");
    }
  }

  @Test
  void givesEachUserTheirOwnDedupeIds() {
    for (String user : List.of("ci", "boss")) {
      try (JMSContext sender = connect(user, user + "-secret")) {
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
    Path script = hub.write("client.py", PYTHON);
    Path config = hub.write("mine.txt", config("amqps"));
    Path output = folder.resolve("output.txt");

    // when
    Process client =
        new ProcessBuilder(
                Python.withAmqp(),
                script.toString(),
                "amqps://localhost:" + port,
                certificate.toString(),
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    // then
    assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
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

  @Test
  void logsWhomItRefusesInOneLine() {
    // given
    String untrusting = plain() + "?sslEnabled=true&reconnectAttempts=0&callTimeout=2000";

    // when
    for (int n = 0; n < 3; n++) {
      assertThatThrownBy(() -> connect("reader", "a guess"))
          .isInstanceOf(JMSRuntimeException.class);
      assertThatThrownBy(() -> new ActiveMQConnectionFactory(untrusting).createContext())
          .isInstanceOf(JMSRuntimeException.class);
    }

    // then
    assertLoggedOnce("WARNING: Refused 127.0.0.1: wrong password of user \"reader\"");
    assertLoggedOnce("WARNING: Refused 127.0.0.1: it does not trust this broker");
    assertThat(program.err()).doesNotContain("Exception", "a guess");
  }

  private static void assertLoggedOnce(String text) {
    eventually()
        .untilAsserted(
            () -> assertThat(program.err().lines()).filteredOn(l -> l.contains(text)).hasSize(1));
  }

  /** Users and TLS of an external broker in a separate JVM. */
  @Test
  void worksWithAnExternalBrokerThatRequiresUserAndPassword() throws Exception {
    int elsewhere = Caravan.freePort();
    String listen =
        "tcp://127.0.0.1:%d?sslEnabled=true&keyStorePath=%s&keyStorePassword=%s"
            .formatted(elsewhere, folder.resolve("hub.p12"), STORE_PASSWORD);
    try (Caravan broker = Caravan.in(folder.resolve("broker"));
        Caravan both =
            Caravan.in(folder.resolve("both"))
                .withAiperf(FakeAiperf.in(folder.resolve("bin-both")))
                .with("CARAVAN_BROKER", "tcp://127.0.0.1:" + elsewhere)
                .with("CARAVAN_BROKER_TRUST_STORE", folder.resolve("hub.p12").toString())
                .with("CARAVAN_BROKER_TRUST_STORE_PASSWORD_ENV", "TRUST")
                .with("TRUST", STORE_PASSWORD)
                .with("CARAVAN_BROKER_USER", "ours")
                .with("CARAVAN_BROKER_PASSWORD_ENV", "MY_PASSWORD")
                .with("CARAVAN_WORKER_HEARTBEAT", "500ms")) {
      // given
      broker
          .startMain(StandaloneBroker.class, Map.of(), broker.home().toString(), listen, "ours")
          .awaitLine("the broker is up");

      // when
      both.write(".caravan/keys.env", "MY_PASSWORD=ours-secret\n");
      secret(both.home().resolve(".caravan/keys.env"));
      Program program = both.startJar("serve");
      program.awaitLine("Connected to the broker");
      both.drop("far.yaml", config("far"));

      // then
      Results results = new Results(both);
      results.await("far");
      assertThat(results.summary("far").path("completed").asInt()).isEqualTo(1);
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caravan.outcomes",
        "caravan.heartbeats",
        "caravan.files",
        "caravan.runs.default",
        "caravan.dead-letters",
        "activemq.management",
        "somewhere.else"
      })
  void forbidsSubmittersToSendToOtherQueues(String queue) {
    try (JMSContext ci = connect("ci", "ci-secret")) {
      assertThatThrownBy(() -> ci.createProducer().send(ci.createQueue(queue), "{}"))
          .isInstanceOf(JMSRuntimeException.class);
    }
  }

  /** A fully qualified name that combines an allowed address with a forbidden queue. */
  @Test
  void forbidsSubmittersToReachOtherQueuesByQualifiedNames() throws Exception {
    try (JMSContext ci = connect("ci", "ci-secret");
        JMSContext boss = connect("boss", "boss-secret")) {
      Queue dead = boss.createQueue("caravan.dead-letters");
      ci.createProducer().send(ci.createQueue("caravan.submit::caravan.outcomes"), "long name");
      ci.createProducer().send(ci.createQueue("caravan.submit"), ci.createMapMessage());
      try (JMSConsumer consumer = boss.createConsumer(dead)) {
        Message kept = consumer.receive(TimeUnit.SECONDS.toMillis(30));
        assertThat(kept.getStringProperty("caravan_found_in")).contains("caravan.submit");
        assertThat(consumer.receive(1_000)).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "caravan.submit",
        "caravan.outcomes",
        "caravan.runs.default",
        "x::caravan.outcomes",
        "caravan.dead-letters",
        "activemq.notifications"
      })
  void forbidsSubmittersToRead(String queue) {
    try (JMSContext ci = connect("ci", "ci-secret")) {
      assertThatThrownBy(() -> ci.createConsumer(ci.createQueue(queue)).receive(500))
          .isInstanceOf(JMSRuntimeException.class);
      assertThatThrownBy(
              () -> ci.createBrowser(ci.createQueue(queue)).getEnumeration().hasMoreElements())
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void allowsEventReadersToReadEventsOnly() {
    try (JMSContext reader = connect("reader", "reader-secret")) {
      for (String queue : List.of("caravan.submit", "caravan.runs.default", "caravan.outcomes")) {
        assertThatThrownBy(() -> reader.createProducer().send(reader.createQueue(queue), "{}"))
            .as(queue)
            .isInstanceOf(JMSRuntimeException.class);
        assertThatThrownBy(() -> reader.createConsumer(reader.createQueue(queue)).receive(500))
            .as(queue)
            .isInstanceOf(JMSRuntimeException.class);
      }
      for (String topic : List.of("caravan.events", "caravan.hub")) {
        assertThatThrownBy(() -> reader.createProducer().send(reader.createTopic(topic), "{}"))
            .as(topic)
            .isInstanceOf(JMSRuntimeException.class);
      }
    }
  }

  @Test
  void forbidsWorkersToSendConfigsAndRuns() {
    try (JMSContext lab = connect("lab1", "lab-secret")) {
      for (String queue : List.of("caravan.submit", "caravan.runs.default")) {
        assertThatThrownBy(() -> lab.createProducer().send(lab.createQueue(queue), "{}"))
            .as(queue)
            .isInstanceOf(JMSRuntimeException.class);
      }
      assertThatThrownBy(() -> lab.createProducer().send(lab.createTopic("caravan.hub"), "{}"))
          .isInstanceOf(JMSRuntimeException.class);
      assertThatThrownBy(() -> lab.createConsumer(lab.createQueue("caravan.outcomes")).receive(500))
          .isInstanceOf(JMSRuntimeException.class);
    }
  }

  @Test
  void refusesConnectionsWithoutPasswordOrTls() {
    for (String[] wrong :
        new String[][] {
          {"ci", "lab-secret"},
          {"ci", ""},
          {"nobody", "ci-secret"},
          {"caravan-hub", ""},
          {"ACTIVEMQ.CLUSTER.ADMIN.USER", "CHANGE ME!!"}
        }) {
      assertThatThrownBy(() -> connect(wrong[0], wrong[1]).start())
          .as(wrong[0])
          .isInstanceOf(JMSRuntimeException.class);
    }
    String once = "reconnectAttempts=0&initialConnectAttempts=1&callTimeout=2000";
    assertThatThrownBy(() -> new ActiveMQConnectionFactory(tls()).createContext().start())
        .isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(
            () ->
                new ActiveMQConnectionFactory(plain() + "?" + once)
                    .createContext("ci", "ci-secret")
                    .start())
        .isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(
            () ->
                new ActiveMQConnectionFactory(plain() + "?sslEnabled=true&" + once)
                    .createContext("ci", "ci-secret")
                    .start())
        .isInstanceOf(JMSRuntimeException.class);
  }
}
