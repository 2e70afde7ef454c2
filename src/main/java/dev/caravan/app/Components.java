package dev.caravan.app;

import dev.caravan.app.camel.DaemonHealthCheck;
import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.app.camel.InboxPollStrategy;
import dev.caravan.app.camel.SettledFilesFilter;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.Version;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.model.Owner;
import dev.caravan.observe.http.HealthCheck;
import dev.caravan.observe.http.HttpSecurity;
import dev.caravan.observe.http.PageProgressListener;
import dev.caravan.observe.http.PageUpdates;
import dev.caravan.observe.http.WebApp;
import dev.caravan.observe.http.WebAppFactory;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.ControlFileProcessor;
import dev.caravan.pipeline.dispatch.ControlRequestHandler;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.ProgressListener;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.dispatch.StatusFile;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.pipeline.run.TargetProbes;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of one Caravan, wired by their constructors, and the names that routes call them. */
final class Components implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Components.class);

  private final boolean daemon;
  private final ComponentFactory parts;
  private final OpenBatches open;
  private final Inbox inbox;
  private final BatchStore batches;
  private final Owner owner;
  private final Acceptance acceptance;
  private final RunComponents stage;
  private final RemoteRuns remoteRuns;
  private final Workers workers;
  private final Recorder recorder;
  private final Dispatch dispatch;
  private final ControlFileProcessor controlFileProcessor;
  private final StatusFile statusFile;
  private final Resume resume;
  private final PageUpdates news;
  private final ControlStore controls;
  private final Home home;
  private final EventModule eventModule;

  private Components(Settings settings, DurableFiles durableFiles, String mode) throws IOException {
    this.home = new Home(settings.home());
    SecretStore keys = new SecretStore(home, settings.environment());
    this.daemon = mode.equals(Owner.DAEMON);
    this.parts = new ComponentFactory(settings, home, keys, daemon);
    this.open = new OpenBatches(home, durableFiles);
    this.batches = new BatchStore(durableFiles);
    this.owner = new Owner(HomeId.of(home, durableFiles), mode);
    RunFolderWriter files = parts.files(durableFiles);
    this.stage =
        new RunComponents(parts, home, durableFiles, keys, batches, parts.outputs(), files, daemon);
    this.acceptance =
        new Acceptance(batches, open, owner, Version.CARAVAN, parts.aiperfVersion(aiperf()));
    this.remoteRuns = new RemoteRuns(batches, parts.outputs(), files);
    this.eventModule = new EventModule(settings, home, keys, durableFiles, owner, daemon);
    this.news = new PageUpdates(eventModule.feed());
    this.workers = parts.workers(eventModule);
    this.inbox = new Inbox(home, durableFiles, eventModule.changes()::refused);
    this.recorder =
        new Recorder(
            durableFiles, open, files, eventModule.changes(), parts.reports(durableFiles, batches));
    this.controls = new ControlStore(durableFiles);
    ProgressListener told = new PageProgressListener(recorder, news);
    this.dispatch =
        new Dispatch(parts.policy(workers), told, controls, parts.gate(aiperf()), System::nanoTime);
    this.controlFileProcessor =
        new ControlFileProcessor(home, durableFiles, orders(home, durableFiles, controls));
    this.statusFile = new StatusFile(dispatch, home, durableFiles);
    this.resume = new Resume(open, batches, owner, parts.places());
  }

  /** The objects of a Caravan that works in this mode (see {@link Owner}). */
  static Components of(Settings settings, DurableFiles durableFiles, String mode)
      throws IOException {
    Components beans = new Components(settings, durableFiles, mode);
    beans.stage.client().warnings().forEach(LOG::warn);
    return beans;
  }

  /** What a config named on the command line may ask for. */
  SourceRules rulesOfCommand(Path config) {
    return parts.rulesOfCommand(config);
  }

  Inbox inbox() {
    return inbox;
  }

  AiperfFinder aiperf() {
    return stage.aiperf();
  }

  BatchStore batches() {
    return batches;
  }

  Owner owner() {
    return owner;
  }

  Acceptance acceptance() {
    return acceptance;
  }

  RunStage runs() {
    return stage.runs();
  }

  TargetProbes probes() {
    return stage.probes();
  }

  /** What those need who give runs to workers. */
  HubSide hub() {
    return new HubSide(
        remoteRuns,
        workers,
        new InboxAcceptance(acceptance, parts.rulesOfMessages(), eventModule.changes()),
        inbox,
        dispatch,
        eventModule.changes());
  }

  Recorder recorder() {
    return recorder;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  /** What is told of batches and runs: nothing by a command that runs one batch. */
  PipelineListener events() {
    return eventModule.changes();
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(stage.byName(events()));
    beans.put("inbox", inbox);
    beans.put("acceptance", new InboxAcceptance(acceptance, parts.rulesOfInbox(), events()));
    beans.put("inboxPollStrategy", new InboxPollStrategy(inbox));
    beans.put("settledFiles", new SettledFilesFilter(parts.settled()));
    beans.put("dispatch", dispatch);
    beans.put("controlFiles", controlFileProcessor);
    beans.put("statusFile", statusFile);
    beans.put("resume", daemon ? resume : new NothingToResume());
    beans.put("recorder", recorder);
    beans.putAll(eventModule.byName(dispatch::status, parts.disk()));
    checks().forEach(check -> beans.put(check.name() + "-health", new DaemonHealthCheck(check)));
    beans.put("pageUpdates", news);
    return beans;
  }

  /** What the daemon serves by HTTP. */
  WebApp site(HttpSecurity httpSecurity, FleetView brokerConnections) {
    return WebAppFactory.of(
        parts.workplace(batches, finder(), controls, recorder, dispatch::status, checks(), news),
        httpSecurity,
        brokerConnections);
  }

  private List<HealthCheck> checks() {
    return parts.checks(aiperf(), dispatch::status, runs());
  }

  private BatchFinder finder() {
    return new BatchFinder(home, parts.resultsRoots(), open);
  }

  /** Releases nothing more and ends what is running. */
  void stop(String message) {
    dispatch.hold();
    runs().stop(message);
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    stage.endLeftOvers();
  }

  /** Tells what an earlier life had no time to tell. */
  void restoreEvents() throws IOException {
    eventModule.restore(open, batches);
  }

  /** Has earlier orders hold, and carries out what was ordered while no daemon was there. */
  void restoreOrders() throws IOException {
    controlFileProcessor.restore();
    controlFileProcessor.apply();
  }

  /** Releases nothing more and lets what is running go on for a while before it is ended. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    dispatch.hold();
    stage.stopAfter(drain, message);
  }

  /** Brings the summaries of open batches up to date. */
  void settleResults() {
    recorder.catchUp();
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    stage.awaitIdle();
  }

  @Override
  public void close() throws IOException {
    stage.client().close();
    eventModule.close();
  }

  private ControlRequestHandler orders(
      Home home, DurableFiles durableFiles, ControlStore controls) {
    BatchFinder finder = finder();
    return new ControlRequestHandler(
        new ControlRequestHandler.Context(
            home, durableFiles, finder, open, parts.outputs(), batches, controls, owner),
        dispatch,
        runs()::cancel);
  }
}
