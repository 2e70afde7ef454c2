package dev.caravan.app;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.OutcomeSender;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.InputFileTransfer;
import dev.caravan.fleet.jms.RunSlot;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.model.BatchRecord;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a daemon that executes the runs a hub gives it, a Camel of its own. */
final class Worker implements RunSlot.Work {

  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final List<String> ROUTES =
      List.of(
          "errors",
          "broker-errors",
          "dead-letters",
          "runs",
          "probe",
          "worker-heartbeat",
          "worker-outcome");
  private static final Duration INPUT_PATIENCE = Duration.ofMinutes(1);
  private static final String EXECUTE = "direct:worker-runs";
  private static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, EXECUTE, Setting.QUEUE_RECORDED, "direct:worker-outcome-store");

  private final Settings settings;
  private final WorkerComponents beans;
  private final OutcomeSender mail;
  private final InputFileTransfer files;
  private final CamelApp camel;
  private final List<RunSlot> slots;
  private ProducerTemplate template;

  /** A worker that is not at work yet; the runs that an earlier life lost are reported. */
  Worker(Settings settings, WorkerComponents beans, BrokerConnections brokerConnections)
      throws IOException {
    this.settings = settings;
    this.beans = beans;
    beans.endLeftOvers();
    beans.desk().recover();
    this.mail = beans.mail(new ArchiveTransfer(brokerConnections.shared()));
    this.files =
        new InputFileTransfer(brokerConnections.connections(), new DurableFiles(), INPUT_PATIENCE);
    Map<String, Object> byName = new HashMap<>(beans.byName());
    byName.put("jms", brokerConnections.jms());
    byName.put("outcomeSender", mail);
    this.camel = new CamelApp(settings, byName, ROUTES, false, "caravan-worker", QUEUES);
    this.slots =
        IntStream.range(0, settings.count(Setting.WORKERS, 1))
            .mapToObj(
                n ->
                    new RunSlot(
                        brokerConnections.connections(), settings.list(Setting.WORKER_POOLS), this))
            .toList();
  }

  /** Begins to take runs. */
  void start() {
    template = camel.start().createProducerTemplate();
    int n = 0;
    for (RunSlot slot : slots) {
      new Thread(slot, "slot-" + n++).start();
    }
    LOG.info("Taking runs of pools {}", settings.list(Setting.WORKER_POOLS));
  }

  @Override
  public boolean mayTake() {
    return beans.mayTake();
  }

  @Override
  public Optional<String> take(String text) throws IOException {
    return beans.desk().take(text);
  }

  @Override
  public void begin(String deliveryId) throws IOException {
    beans.desk().begin(deliveryId);
  }

  @Override
  public void drop(String deliveryId) throws IOException {
    beans.desk().drop(deliveryId);
  }

  @Override
  public void execute(String deliveryId) {
    try {
      template.sendBody("direct:worker-heartbeat-send", ""); // it is named from now on
    } catch (CamelExecutionException e) {
      LOG.debug("The heartbeat at the start of a run was not sent", e);
    }
    fetchInput(deliveryId);
    try {
      Optional<String> order = beans.desk().prepare(deliveryId);
      order.ifPresent(text -> template.sendBody(EXECUTE, text));
      mail.send();
    } catch (IOException | RuntimeException e) {
      LOG.error("A run could not be executed or sent now: {}", e.toString(), e);
    }
  }

  /** Where that fails the run is not ready, and the hub hears why. */
  private void fetchInput(String deliveryId) {
    try {
      Optional<BatchRecord.InputFile> lacks = beans.desk().lacks(deliveryId);
      if (lacks.isPresent()) {
        FileRequest request = FileRequest.of(deliveryId, lacks.get().sha256());
        files.fetch(request, Path.of(lacks.get().path()));
      }
    } catch (IOException e) {
      LOG.warn("{}", e.getMessage());
    }
  }

  /** Takes no further run, ends what is running after a while, and says good-bye. */
  void stop(Duration drain, String message) throws InterruptedException {
    slots.forEach(RunSlot::stop);
    beans.stopAfter(drain, message);
    try {
      mail.send();
      HeartbeatSender pulse = beans.pulse();
      template.sendBody("jms:queue:caravan.heartbeats", pulse.farewell());
    } catch (IOException | RuntimeException e) {
      LOG.warn("The hub could not be told that this worker ends: {}", e.toString());
    }
    camel.close();
  }
}
