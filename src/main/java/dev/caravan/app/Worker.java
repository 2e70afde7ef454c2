package dev.caravan.app;

import dev.caravan.app.camel.BrokerComponent;
import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.OutcomeSender;
import dev.caravan.app.camel.RouteErrorLogger;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.fleet.jms.BrokerWait;
import dev.caravan.fleet.jms.InputFileTransfer;
import dev.caravan.fleet.jms.RunSlot;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.RunOrder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a daemon that executes the runs a hub assigns, with a separate Camel context. */
final class Worker implements RunSlot.Handler {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final List<String> ROUTES =
      List.of("errors", "dead-letters", "runs", "probe", "worker-heartbeat", "worker-outcome");
  private static final Duration RESPONSE = Duration.ofSeconds(3);
  private static final Duration CLOSE = Duration.ofSeconds(3);
  private static final Duration INPUT_FILE_TIMEOUT = Duration.ofMinutes(1);
  private static final String EXECUTE = "direct:worker-runs";
  private static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, EXECUTE, Setting.QUEUE_RECORDED, "direct:worker-outcome-store");

  private final Settings settings;
  private final WorkerComponents components;
  private final OutcomeSender outcomeSender;
  private final InputFileTransfer inputFiles;
  private final RouteErrorLogger errors = new RouteErrorLogger();
  private final CamelApp camel;
  private final List<RunSlot> slots;
  private ProducerTemplate template;

  /** Prepares a worker: ends orphaned processes and reports runs that an earlier process lost. */
  Worker(Settings settings, WorkerComponents components, BrokerConnections broker)
      throws IOException {
    this.settings = settings;
    this.components = components;
    components.recover();
    this.outcomeSender =
        components.outcomeSender(new ArchiveTransfer(broker.pooledConnectionFactory()));
    this.inputFiles =
        new InputFileTransfer(broker.connectionFactory(), new DurableFiles(), INPUT_FILE_TIMEOUT);
    Map<String, Object> byName = new HashMap<>(components.byName());
    byName.put("jms", BrokerComponent.of(broker));
    byName.put("outcomeSender", outcomeSender);
    this.camel = new CamelApp(settings, "caravan-worker", routes(settings, byName));
    this.slots =
        IntStream.range(0, settings.count(Setting.WORKERS, 1))
            .mapToObj(
                n ->
                    new RunSlot(
                        broker.connectionFactory(), settings.list(Setting.WORKER_POOLS), this))
            .toList();
  }

  /** The routes of a worker; those that a home adds are the hub's where there is one, too. */
  static RouteSet routes(Settings settings, Map<String, Object> beans) {
    return new RouteSet(ROUTES, beans, QUEUES, !Role.of(settings).isHub());
  }

  /** Starts receiving runs. */
  void start() throws IOException {
    template = camel.start().createProducerTemplate();
    int n = 0;
    for (RunSlot slot : slots) {
      new Thread(slot, "slot-" + n++).start();
    }
    LOG.info("Receiving runs of pools {}", settings.list(Setting.WORKER_POOLS));
  }

  @Override
  public boolean isReady() {
    return components.isReady();
  }

  @Override
  public Optional<String> receive(String text) throws IOException {
    return components.service().receive(text);
  }

  @Override
  public void confirm(String deliveryId) throws IOException {
    components.service().confirm(deliveryId);
  }

  @Override
  public void discard(String deliveryId) throws IOException {
    components.service().discard(deliveryId);
  }

  @Override
  public void execute(String deliveryId) {
    try {
      heartbeat(); // so that the hub knows who holds the run
    } catch (CamelExecutionException e) {
      LOG.debug("The heartbeat at the start of a run was not sent", e);
    }
    fetchInput(deliveryId);
    try {
      Optional<RunOrder> order = components.service().prepare(deliveryId);
      order.ifPresent(run -> template.sendBody(EXECUTE, Json.text(run)));
    } catch (IOException | RuntimeException e) {
      errors.log("Could not execute a run", e);
      components.service().failed(deliveryId, e);
    }
    try {
      outcomeSender.send();
    } catch (IOException | RuntimeException e) {
      errors.log("Could not send an outcome; it is sent again", e);
    }
  }

  /**
   * Fetches the run's input file if it is missing or differs; on failure prepare() reports the run.
   */
  private void fetchInput(String deliveryId) {
    try {
      Optional<BatchRecord.InputFile> missing = components.service().missingInputFile(deliveryId);
      if (missing.isPresent()) {
        FileRequest request = FileRequest.of(deliveryId, missing.get().sha256());
        inputFiles.fetch(request, Path.of(missing.get().path()));
        components.service().fetchedInputFile(deliveryId);
      }
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /** Stops receiving runs, stops what is still running after {@code drain}, and signs off. */
  void stop(Duration drain, String reason) throws InterruptedException {
    stop(drain, reason, RESPONSE);
  }

  /** The same with another limit for the broker. */
  void stop(Duration drain, String reason, Duration response) throws InterruptedException {
    slots.forEach(RunSlot::stop);
    components.stopAfter(drain, reason);
    if (BrokerWait.done(response, this::heartbeat)) {
      signOff();
    } else {
      warnNotSignedOff("the broker does not respond");
    }
    BrokerWait.done(CLOSE, Executors.callable(camel::close));
  }

  private void signOff() {
    try {
      outcomeSender.send();
      HeartbeatSender heartbeats = components.heartbeats();
      template.sendBody("jms:queue:caravan.heartbeats", Json.text(heartbeats.lastHeartbeat()));
    } catch (IOException | RuntimeException e) {
      JMSException ofBroker = ObjectHelper.getException(JMSException.class, e);
      warnNotSignedOff(ofBroker == null ? e.toString() : BrokerWait.reason(ofBroker));
    }
  }

  private void warnNotSignedOff(String why) {
    int kept = unrecorded();
    LOG.warn(
        "Could not tell the hub that this worker is stopping: {}{}",
        why,
        kept == 0
            ? ""
            : ". Outcomes that the hub has not recorded are kept here and sent after the next"
                + " start: "
                + kept);
  }

  /** How many outcomes the hub has not recorded. */
  private int unrecorded() {
    try {
      return components.service().finished().size();
    } catch (IOException e) {
      LOG.debug("The spool cannot be read", e);
      return 0;
    }
  }

  private boolean heartbeat() {
    template.sendBody("direct:worker-heartbeat-send", "");
    return true;
  }
}
