package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the broker of a hub on the network forbids: to strangers, and to users of each role. */
class BrokerPermissionsIT {

  @AutoClose private static GuardedHub hub;

  @BeforeAll
  static void startHub(@TempDir Path temp) throws IOException {
    hub = new GuardedHub(temp);
    hub.start();
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
      assertThatThrownBy(() -> hub.connect(wrong[0], wrong[1]).start())
          .as(wrong[0])
          .isInstanceOf(JMSRuntimeException.class);
    }
    String once = "reconnectAttempts=0&initialConnectAttempts=1&callTimeout=2000";
    assertThatThrownBy(() -> new ActiveMQConnectionFactory(hub.tls()).createContext().start())
        .isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(
            () ->
                new ActiveMQConnectionFactory(hub.plain() + "?" + once)
                    .createContext("ci", "ci-secret")
                    .start())
        .isInstanceOf(JMSRuntimeException.class);
    assertThatThrownBy(
            () ->
                new ActiveMQConnectionFactory(hub.plain() + "?sslEnabled=true&" + once)
                    .createContext("ci", "ci-secret")
                    .start())
        .isInstanceOf(JMSRuntimeException.class);
  }

  @Test
  void logsWhomItRefusesInOneLine() {
    // given
    String untrusting = hub.plain() + "?sslEnabled=true&reconnectAttempts=0&callTimeout=2000";

    // when
    for (int n = 0; n < 3; n++) {
      assertThatThrownBy(() -> hub.connect("reader", "a guess"))
          .isInstanceOf(JMSRuntimeException.class);
      assertThatThrownBy(() -> new ActiveMQConnectionFactory(untrusting).createContext())
          .isInstanceOf(JMSRuntimeException.class);
    }

    // then
    assertLoggedOnce("WARNING: Refused 127.0.0.1: wrong password of user \"reader\"");
    assertLoggedOnce("WARNING: Refused 127.0.0.1: it does not trust this broker");
    assertThat(hub.program().err()).doesNotContain("Exception", "a guess");
  }

  private static void assertLoggedOnce(String text) {
    eventually()
        .untilAsserted(
            () ->
                assertThat(hub.program().err().lines())
                    .filteredOn(l -> l.contains(text))
                    .hasSize(1));
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
    try (JMSContext ci = hub.connect("ci", "ci-secret")) {
      assertThatThrownBy(() -> ci.createProducer().send(ci.createQueue(queue), "{}"))
          .isInstanceOf(JMSRuntimeException.class);
    }
  }

  /** A fully qualified name that combines an allowed address with a forbidden queue. */
  @Test
  void forbidsSubmittersToReachOtherQueuesByQualifiedNames() throws Exception {
    try (JMSContext ci = hub.connect("ci", "ci-secret");
        JMSContext boss = hub.connect("boss", "boss-secret")) {
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
    try (JMSContext ci = hub.connect("ci", "ci-secret")) {
      assertThatThrownBy(() -> ci.createConsumer(ci.createQueue(queue)).receive(500))
          .isInstanceOf(JMSRuntimeException.class);
      assertThatThrownBy(
              () -> ci.createBrowser(ci.createQueue(queue)).getEnumeration().hasMoreElements())
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void allowsEventReadersToReadEventsOnly() {
    try (JMSContext reader = hub.connect("reader", "reader-secret")) {
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
    try (JMSContext lab = hub.connect("lab1", "lab-secret")) {
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
}
