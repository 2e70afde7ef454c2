package dev.caravan.app.camel;

import dev.caravan.pipeline.accept.Inbox;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;

/** Skips Camel's poll of an empty inbox, which would cost most of an idle daemon's CPU time. */
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
