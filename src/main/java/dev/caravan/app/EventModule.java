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

/** The events of one Caravan and their delivery. A one-shot command publishes none. */
final class EventModule implements WorkerListener, AutoCloseable {

  /** A target that is unavailable for this long raises an alert. */
  private static final Duration PARKED_FOR = Duration.ofMinutes(10);

  private final boolean daemon;
  private final EventPipeline pipeline;
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
    EventComponents factory = new EventComponents(settings, home, keys);
    this.daemon = daemon;
    this.webhook = daemon ? factory.webhook() : SignedWebhook.NONE;
    this.notify = daemon ? factory.notifyCommand() : Optional.empty();
    this.pipeline =
        new EventPipeline(
            home, files, owner, daemon ? EventComponents.receivers(settings) : List.of(), daemon);
    notify.ifPresent(pipeline.feed()::subscribe);
  }

  /** Receives the changes that the pipeline reports. */
  PipelineListener listener() {
    return daemon ? pipeline.events() : PipelineListener.NONE;
  }

  /** All events, in order. */
  EventFeed feed() {
    return pipeline.feed();
  }

  /** Publishes events that an earlier process did not publish. */
  void restore(OpenBatches open, BatchStore batches) throws IOException {
    pipeline.restore(open, batches);
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName(Supplier<DaemonStatus> status, ReleaseGate disk) {
    return Map.of(
        "eventDelivery",
        new EventDelivery(pipeline.outbox()),
        "signedWebhook",
        webhook,
        "alerts",
        pipeline.alerts(status, disk, PARKED_FOR));
  }

  @Override
  public void joined(String worker, List<String> pools) {
    pipeline.events().workerJoined(worker, pools);
  }

  @Override
  public void lost(String worker, String reason) {
    pipeline.events().workerLost(worker, reason);
  }

  @Override
  public void close() throws IOException {
    pipeline.close();
    notify.ifPresent(NotifyCommand::close);
  }
}
