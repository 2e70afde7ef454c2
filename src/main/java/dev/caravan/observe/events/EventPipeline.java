package dev.caravan.observe.events;

import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of one home: publisher, feed, journal and outbox, wired together. */
public final class EventPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventPipeline.class);

  /** A target that is unavailable for this long raises an alert. */
  private static final Duration ALERT_AFTER = Duration.ofMinutes(10);

  private final DurableFiles files;
  private final Owner owner;
  private final ControlStore controls;
  private final EventFactory eventFactory;
  private final Optional<Journal> journal;
  private final Optional<Outbox> outbox;
  private final EventFeed feed;
  private final EventPublisher publisher;
  private final Optional<NotifyCommand> notify;

  /** The events of these settings; only a daemon stores and delivers them. */
  public static EventPipeline of(Settings settings, Home home, DurableFiles files, Owner owner)
      throws IOException {
    boolean durable = owner.mode().equals(Owner.DAEMON);
    return new EventPipeline(
        home,
        files,
        owner,
        EventReceivers.of(settings).names(),
        durable,
        NotifyCommand.of(settings, home));
  }

  /**
   * The events of a home.
   *
   * @param receivers names of the receivers that events are delivered to
   * @param durable whether events are stored on disk; required for delivery
   */
  public EventPipeline(
      Home home, DurableFiles files, Owner owner, Collection<String> receivers, boolean durable)
      throws IOException {
    this(home, files, owner, receivers, durable, Optional.empty());
  }

  private EventPipeline(
      Home home,
      DurableFiles files,
      Owner owner,
      Collection<String> receivers,
      boolean durable,
      Optional<NotifyCommand> notify)
      throws IOException {
    Path folder = home.outbox();
    this.files = files;
    this.owner = owner;
    this.controls = new ControlStore(files);
    this.eventFactory = new EventFactory(home, owner.home());
    this.journal = durable ? Optional.of(Journal.in(folder, files)) : Optional.empty();
    this.feed = new EventFeed(journal.isPresent() ? journal.get() : EventLog.none());
    this.publisher = new EventPublisher(feed, eventFactory, controls);
    this.outbox =
        journal.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Outbox(folder, files, feed, journal.get(), receivers, System::nanoTime));
    outbox.filter(box -> receivers.isEmpty()).ifPresent(feed::subscribe);
    this.notify = notify;
    notify.ifPresent(feed::subscribe);
  }

  /** The listener for the pipeline stages. */
  public EventPublisher events() {
    return publisher;
  }

  /** All events in order, live and past. */
  public EventFeed feed() {
    return feed;
  }

  /** Delivers events to receivers; empty when events are not stored on disk. */
  public Optional<Outbox> outbox() {
    return outbox;
  }

  /** Alerts for targets and batches that wait long, and for a nearly full disk. */
  public static Alerts alerts(
      PipelineListeners listeners, Supplier<DaemonStatus> status, ReleaseGate disk) {
    return new Alerts(listeners, status, disk, ALERT_AFTER);
  }

  /** Publishes the events of open batches that a kill kept out of the journal. */
  public void restore(OpenBatches open, BatchStore batches) throws IOException {
    if (journal.isEmpty()) {
      return;
    }
    Map<String, Long> journaled = journal.get().takeKeys();
    feed.addKnown(journaled);
    EventRecovery recovery = new EventRecovery(files, controls, eventFactory, journaled.keySet());
    for (Path folder : open.folders()) {
      restore(folder, batches, recovery);
    }
  }

  private void restore(Path folder, BatchStore batches, EventRecovery recovery) {
    try {
      Batch batch = batches.load(folder);
      if (batch.record().owner().equals(owner)) {
        feed.markOpen(batch.id());
        recovery.missing(batch).forEach(feed::add);
      }
    } catch (IOException e) {
      LOG.error("Events of the batch in {} may be missing: {}", folder, e.toString());
    }
  }

  /** Writes pending events and delivery positions to disk, and ends a notify command. */
  @Override
  public void close() throws IOException {
    feed.close();
    if (outbox.isPresent()) {
      outbox.get().flush();
    }
    notify.ifPresent(NotifyCommand::close);
  }
}
