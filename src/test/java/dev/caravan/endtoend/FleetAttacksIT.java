package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.Results;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSConsumer;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.DefaultExchangeHolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Malicious and foreign messages. */
class FleetAttacksIT extends EmbeddedHubTestBase {

  private static final List<String> QUEUES =
      List.of("caravan.runs.default", "caravan.submit", "caravan.outcomes", "caravan.heartbeats");
  private static final String DEAD = "caravan.dead-letters";

  private static int batches;

  @BeforeEach
  void forgetDeadLetters() {
    try (JMSConsumer consumer = jms.createConsumer(jms.createQueue(DEAD))) {
      while (consumer.receiveNoWait() != null) {
        // one of another test
      }
    }
  }

  /** CVE-2026-40453: Camel's JMS header filter handles only one spelling of the header names. */
  @Test
  void executesNoCommandFromAHeader() throws Exception {
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
    // The submit queue replies to an invalid config; the other messages become dead letters.
    awaitDeadLetters(15);
    assertStillServes();
  }

  /** CVE-2026-40860: object messages are deserialised. */
  @Test
  void deserialisesNoObject() throws Exception {
    for (String queue : QUEUES) {
      jms.createProducer().send(jms.createQueue(queue), jms.createObjectMessage(new Gadget()));
    }
    awaitDeadLetters(4);
    assertStillServes();
  }

  /** CVE-2026-43866: a forged exchange holder carries headers past the filter. */
  @Test
  void acceptsNoForgedExchange() throws Exception {
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
  void keepsForeignMessagesUnchanged() throws Exception {
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

  /** JMS refuses such names, so the dead letter could not be written and the message came back. */
  @Test
  void keepsMessagesWithPropertyNamesThatOnlyAmqpAllows() throws Exception {
    // when
    for (String queue : QUEUES) {
      Message odd = withAmqpProperty(jms.createMapMessage(), "x-trace", "7");
      jms.createProducer().send(jms.createQueue(queue), odd);
    }
    byte[] damaged = {1, 2, 3};
    BytesMessage message = jms.createBytesMessage();
    message.writeBytes(damaged);
    withAmqpProperty(message, "x-trace", "7");
    jms.createProducer().send(jms.createQueue("caravan.outcomes"), message);

    // then
    awaitDeadLetters(5);
    try (QueueBrowser browser = jms.createBrowser(jms.createQueue(DEAD))) {
      for (Enumeration<?> all = browser.getEnumeration(); all.hasMoreElements(); ) {
        Message kept = (Message) all.nextElement();
        assertThat(kept.getStringProperty("x-trace")).isEqualTo("7");
        assertThat(kept.getStringProperty("caravan_cause")).isNotBlank();
      }
    }
    assertStillServes();
  }

  /** Damaged outcomes become dead letters at once and are not retried. */
  @Test
  void keepsDamagedOutcomesUnchanged() throws Exception {
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

  /** A reply address must not let senders reach queues that only the hub may send to. */
  @Test
  void sendsNoReplyToInternalDestinations() throws Exception {
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
        .contains("its reply-to is not allowed")
        .doesNotContain("Could not send a reply");
  }

  @Test
  void refusesMessagesThatAreTooLarge() throws Exception {
    assertThatThrownBy(
            () -> jms.createProducer().send(jms.createQueue("caravan.submit"), "#".repeat(5 << 20)))
        .hasMessageContaining("must not exceed 4194304 bytes");
    assertStillServes();
    eventually().until(() -> caravan.list(".caravan/broker/large-messages").isEmpty());
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
    String name = "after-" + ++batches;
    assertThat(submit(config(name), p -> {})).contains("\"accepted\"");
    new Results(caravan).await(name);
    assertThat(marker).doesNotExist();
  }

  /** Writes a marker file when it is deserialised. */
  public static final class Gadget implements Serializable {

    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) throws IOException {
      String marker = System.getProperty("caravan.test.marker");
      if (marker != null) {
        Files.writeString(Path.of(marker), "attacked");
      }
    }
  }
}
