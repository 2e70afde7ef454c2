package dev.caravan.app.camel;

import dev.caravan.pipeline.accept.Inbox;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;

/** Spares Camel's look into an empty inbox, which costs most of an idle daemon's time. */
public final class InboxPollStrategy extends DefaultPollingConsumerPollStrategy {

  private final Inbox inbox;

  public InboxPollStrategy(Inbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public boolean begin(Consumer consumer, Endpoint endpoint) {
    return inbox.hasConfigs();
  }
}
