package dev.caravan.fleet.jms;

import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.core.transaction.Transaction;

/** Refuses a message to the broker. */
final class RefusedMessage {

  private RefusedMessage() {}

  /**
   * What to throw. Artemis does not report the refusal of a message in a transaction to its sender,
   * so the transaction must fail; else it would be committed without the message.
   *
   * @param transaction null without one, as Artemis gives it
   */
  static ActiveMQException in(Transaction transaction, ActiveMQException refusal) {
    if (transaction != null) {
      transaction.markAsRollbackOnly(refusal);
    }
    return refusal;
  }
}
