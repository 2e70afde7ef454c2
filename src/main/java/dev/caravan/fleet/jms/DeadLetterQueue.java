package dev.caravan.fleet.jms;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;

/** Keeps messages that are none of ours, byte for byte; what they hold is never deserialised. */
public final class DeadLetterQueue {

  private DeadLetterQueue() {}

  /** Sends the message to {@link Destinations#DEAD_LETTERS} with its cause. */
  public static void keep(Session session, Message message, String cause) throws JMSException {
    Map<String, Object> properties = label(message, cause);
    message.clearProperties(); // those of a message that came cannot be added to
    put(properties, message);
    try (MessageProducer producer =
        session.createProducer(session.createQueue(Destinations.DEAD_LETTERS))) {
      producer.send(message);
    }
  }

  /** What a dead letter says of the message it was: its own properties, where it lay, and why. */
  static Map<String, Object> label(Message message, String cause) throws JMSException {
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

  /** Past JMS, which takes no names such as {@code x-trace}, that AMQP has. */
  static void put(Map<String, Object> properties, Message message) {
    var core = ((ActiveMQMessage) message).getCoreMessage();
    properties.forEach(core::putObjectProperty);
  }
}
