package dev.caravan.app;

import dev.caravan.app.camel.EventDelivery;
import dev.caravan.app.camel.SignedWebhook;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.WorkerListener;
import dev.caravan.model.Owner;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.observe.events.NotifyCommand;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What one Caravan tells of its batches and runs, and to whom; a command that runs one tells
 * nobody.
 */
final class EventModule implements WorkerListener, AutoCloseable {

  /** A target that is out for so long is worth a person's while. */
  private static final Duration PARKED_FOR = Duration.ofMinutes(10);

  private final boolean daemon;
  private final EventPipeline stage;
  private final SignedWebhook webhook;
  private final Optional<NotifyCommand> notify;

  EventModule(
      Settings settings,
      Home home,
      SecretStore keys,
      DurableFiles files,
      Owner owner,
      boolean daemon)
      throws IOException {
    EventComponents parts = new EventComponents(settings, home, keys);
    this.daemon = daemon;
    this.webhook = daemon ? parts.webhook() : SignedWebhook.NOWHERE;
    this.notify = daemon ? parts.notifyCommand() : Optional.empty();
    this.stage =
        new EventPipeline(
            home, files, owner, daemon ? EventComponents.receivers(settings) : List.of(), daemon);
    notify.ifPresent(stage.feed()::subscribe);
  }

  /** What the stages tell it. */
  PipelineListener changes() {
    return daemon ? stage.events() : PipelineListener.NONE;
  }

  /** All events in order. */
  EventFeed feed() {
    return stage.feed();
  }

  /** Tells what an earlier life had no time to tell. */
  void restore(OpenBatches open, BatchStore batches) throws IOException {
    stage.restore(open, batches);
  }

  /** What routes call by name. */
  Map<String, Object> byName(Supplier<DaemonStatus> status, ReleaseGate disk) {
    return Map.of(
        "eventDelivery",
        new EventDelivery(stage.outbox()),
        "signedWebhook",
        webhook,
        "alerts",
        stage.alerts(status, disk, PARKED_FOR));
  }

  @Override
  public void joined(String worker, List<String> pools) {
    stage.events().workerJoined(worker, pools);
  }

  @Override
  public void lost(String worker, String message) {
    stage.events().workerLost(worker, message);
  }

  @Override
  public void close() throws IOException {
    stage.close();
    notify.ifPresent(NotifyCommand::close);
  }
}
