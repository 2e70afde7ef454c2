package dev.caravan.fleet.jms;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;

/**
 * Moves invalid messages to the dead-letter queue, byte for byte and without deserializing them.
 */
final class DeadLetterQueue {

  private DeadLetterQueue() {}

  /** Sends the message to {@link Destinations#DEAD_LETTERS} with its cause. */
  static void send(Session session, Message message, String cause) throws JMSException {
    Map<String, Object> properties = properties(message, cause);
    message.clearProperties(); // properties of a received message are read-only
    setProperties(properties, message);
    try (MessageProducer producer =
        session.createProducer(session.createQueue(Destinations.DEAD_LETTERS))) {
      producer.send(message);
    }
  }

  /** The properties of a dead letter: those of the message, its destination and the cause. */
  static Map<String, Object> properties(Message message, String cause) throws JMSException {
    Map<String, Object> properties = new LinkedHashMap<>();
    Enumeration<?> names = message.getPropertyNames();
    while (names.hasMoreElements()) {
      String name = (String) names.nextElement();
      if (!name.startsWith("JMSX") && !name.startsWith("JMS_")) {
        properties.put(name, message.getObjectProperty(name));
      }
    }
    properties.put(Destinations.CAUSE, cause);
    properties.put(Destinations.FOUND_IN, String.valueOf(message.getJMSDestination()));
    return properties;
  }

  /**
   * Sets properties directly on the core message: JMS refuses AMQP names such as {@code x-trace}.
   */
  static void setProperties(Map<String, Object> properties, Message message) {
    var core = ((ActiveMQMessage) message).getCoreMessage();
    properties.forEach(core::putObjectProperty);
  }
}
