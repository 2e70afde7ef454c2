package dev.caravan.broker;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps messages that are none of ours, byte for byte; what they hold is never deserialised. */
public final class DeadMessages {

  private DeadMessages() {}

  /** Sends the message to {@link Places#DEAD_LETTERS} with its cause. */
  public static void keep(Session session, Message message, String cause) throws JMSException {
    String found = String.valueOf(message.getJMSDestination());
    Map<String, Object> properties = new LinkedHashMap<>();
    Enumeration<?> names = message.getPropertyNames();
    while (names.hasMoreElements()) {
      String name = (String) names.nextElement();
      properties.put(name, message.getObjectProperty(name));
    }
    message.clearProperties(); // those of a message that came cannot be added to
    for (Map.Entry<String, Object> each : properties.entrySet()) {
      if (!each.getKey().startsWith("JMSX")) {
        message.setObjectProperty(each.getKey(), each.getValue());
      }
    }
    message.setStringProperty(Places.CAUSE, cause);
    message.setStringProperty(Places.FOUND_IN, found);
    try (MessageProducer producer =
        session.createProducer(session.createQueue(Places.DEAD_LETTERS))) {
      producer.send(message);
    }
  }
}
