package dev.caravan.observe.events;

import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
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

/** The parts that tell what happens in one home, wired. */
public final class EventPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventPipeline.class);

  private final DurableFiles files;
  private final Owner owner;
  private final ControlStore controls;
  private final EventFactory eventFactory;
  private final Optional<Journal> journal;
  private final Optional<Outbox> outbox;
  private final EventFeed feed;
  private final EventPublisher events;

  /**
   * The events of a home.
   *
   * @param receivers names of those that events are delivered to
   * @param kept whether events are kept on the disk, which receivers need
   */
  public EventPipeline(
      Home home, DurableFiles files, Owner owner, Collection<String> receivers, boolean kept)
      throws IOException {
    Path folder = home.outbox();
    this.files = files;
    this.owner = owner;
    this.controls = new ControlStore(files);
    this.eventFactory = new EventFactory(home, owner.home());
    this.journal = kept ? Optional.of(Journal.in(folder, files)) : Optional.empty();
    this.feed = new EventFeed(journal.isPresent() ? journal.get() : EventLog.none());
    this.events = new EventPublisher(feed, eventFactory, controls);
    this.outbox =
        journal.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Outbox(folder, files, feed, journal.get(), receivers, System::nanoTime));
    outbox.filter(box -> receivers.isEmpty()).ifPresent(feed::subscribe);
  }

  /** What the stages report to. */
  public EventPublisher events() {
    return events;
  }

  /** All events in order: to listen to, and to read again. */
  public EventFeed feed() {
    return feed;
  }

  /** What is delivered; empty when events are not kept. */
  public Optional<Outbox> outbox() {
    return outbox;
  }

  /** Looks after targets and the disk, and tells of them. */
  public Alerts alerts(Supplier<DaemonStatus> status, ReleaseGate disk, Duration parkedFor) {
    return new Alerts(events, status, disk, parkedFor);
  }

  /** Tells what the tree says of open batches and an earlier life had no time to tell. */
  public void restore(OpenBatches open, BatchStore batches) throws IOException {
    if (journal.isEmpty()) {
      return;
    }
    Map<String, Long> told = journal.get().takeKeysBefore();
    feed.knows(told);
    EventRecovery implied = new EventRecovery(files, controls, eventFactory, told.keySet());
    for (Path folder : open.folders()) {
      restore(folder, batches, implied);
    }
  }

  private void restore(Path folder, BatchStore batches, EventRecovery implied) {
    try {
      Batch batch = batches.load(folder);
      if (batch.record().owner().equals(owner)) {
        feed.isOpen(batch.id());
        implied.of(batch).forEach(feed::add);
      }
    } catch (IOException e) {
      LOG.error("Its events may lack some: {}: {}", folder, e.toString());
    }
  }

  /** Keeps what is left to keep. */
  @Override
  public void close() throws IOException {
    feed.close();
    if (outbox.isPresent()) {
      outbox.get().keep();
    }
  }
}
