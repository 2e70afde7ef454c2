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

/**
 * All objects of one Caravan, wired by constructor, and the bean names under which routes call
 * them.
 */
final class Components implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Components.class);

  private final boolean daemon;
  private final ComponentFactory factory;
  private final OpenBatches open;
  private final Inbox inbox;
  private final BatchStore batches;
  private final Owner owner;
  private final Acceptance acceptance;
  private final RunComponents runComponents;
  private final RemoteRuns remoteRuns;
  private final Workers workers;
  private final Recorder recorder;
  private final Dispatch dispatch;
  private final ControlFileProcessor controlFileProcessor;
  private final StatusFile statusFile;
  private final Resume resume;
  private final PageUpdates pageUpdates;
  private final ControlStore controls;
  private final Home home;
  private final EventModule eventModule;

  private Components(Settings settings, DurableFiles durableFiles, String mode) throws IOException {
    this.daemon = mode.equals(Owner.DAEMON);
    this.home =
        daemon
            ? new Home(settings.home())
            : Home.ofCommand(settings.home(), settings.environment(), durableFiles);
    SecretStore keys = new SecretStore(home, settings.environment());
    this.factory = new ComponentFactory(settings, home, keys, daemon);
    this.open = new OpenBatches(home, durableFiles);
    this.batches = new BatchStore(durableFiles);
    this.owner = new Owner(HomeId.of(home, durableFiles), mode);
    RunFolderWriter files = factory.runFolderWriter(durableFiles);
    this.runComponents =
        new RunComponents(
            factory, home, durableFiles, keys, batches, factory.outputRoots(), files, daemon);
    this.acceptance =
        new Acceptance(batches, open, owner, Version.CARAVAN, factory.aiperfVersion(aiperf()));
    this.remoteRuns = new RemoteRuns(batches, factory.outputRoots(), files);
    this.eventModule = new EventModule(settings, home, keys, durableFiles, owner, daemon);
    this.pageUpdates = new PageUpdates(eventModule.feed());
    this.workers = factory.workers(eventModule);
    this.inbox = new Inbox(home, durableFiles, eventModule.listener()::refused);
    this.recorder =
        new Recorder(
            durableFiles,
            open,
            files,
            eventModule.listener(),
            factory.batchReports(durableFiles, batches));
    this.controls = new ControlStore(durableFiles);
    ProgressListener progress = new PageProgressListener(recorder, pageUpdates);
    this.dispatch =
        new Dispatch(
            factory.dispatchPolicy(workers),
            progress,
            controls,
            factory.releaseGate(aiperf()),
            System::nanoTime);
    this.controlFileProcessor =
        new ControlFileProcessor(
            home, durableFiles, controlRequestHandler(home, durableFiles, controls));
    this.statusFile = new StatusFile(dispatch, home, durableFiles);
    this.resume = new Resume(open, batches, owner, factory.resultsFolders());
  }

  /** Creates the objects of a Caravan that runs in this mode (see {@link Owner}). */
  static Components of(Settings settings, DurableFiles durableFiles, String mode)
      throws IOException {
    Components components = new Components(settings, durableFiles, mode);
    components.runComponents.client().warnings().forEach(LOG::warn);
    return components;
  }

  /** The rules for a config named on the command line. */
  SourceRules commandRules(Path config) {
    return factory.commandRules(config);
  }

  Inbox inbox() {
    return inbox;
  }

  AiperfFinder aiperf() {
    return runComponents.aiperf();
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
    return runComponents.runs();
  }

  TargetProbes probes() {
    return runComponents.probes();
  }

  /** The objects that a hub builds on. */
  HubDependencies hubDependencies() {
    return new HubDependencies(
        remoteRuns,
        workers,
        new InboxAcceptance(acceptance, factory.messageRules(), eventModule.listener()),
        inbox,
        dispatch,
        eventModule.listener());
  }

  Recorder recorder() {
    return recorder;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  /** Receives the changes of batches and runs; ignores them in a one-shot command. */
  PipelineListener pipelineListener() {
    return eventModule.listener();
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(runComponents.byName(pipelineListener()));
    beans.put("inbox", inbox);
    beans.put(
        "acceptance", new InboxAcceptance(acceptance, factory.inboxRules(), pipelineListener()));
    beans.put("inboxPollStrategy", new InboxPollStrategy(inbox));
    beans.put("settledFiles", new SettledFilesFilter(factory.settledFiles()));
    beans.put("dispatch", dispatch);
    beans.put("controlFiles", controlFileProcessor);
    beans.put("statusFile", statusFile);
    beans.put("resume", daemon ? resume : new NothingToResume());
    beans.put("recorder", recorder);
    beans.putAll(eventModule.byName(dispatch::status, factory.disk()));
    healthChecks()
        .forEach(check -> beans.put(check.name() + "-health", new DaemonHealthCheck(check)));
    beans.put("pageUpdates", pageUpdates);
    return beans;
  }

  /** What the daemon serves over HTTP. */
  WebApp webApp(HttpSecurity httpSecurity, FleetView fleet) {
    return WebAppFactory.of(
        factory.webContext(
            batches, finder(), controls, recorder, dispatch::status, healthChecks(), pageUpdates),
        httpSecurity,
        fleet);
  }

  private List<HealthCheck> healthChecks() {
    return factory.healthChecks(aiperf(), dispatch::status, runs());
  }

  private BatchFinder finder() {
    return new BatchFinder(home, factory.resultsRoots(), open);
  }

  /** Stops releasing runs and stops what is running. */
  void stop(String message) {
    dispatch.hold();
    runs().stop(message);
  }

  /** Ends processes that dead Caravans left running. */
  void endOrphans() throws IOException {
    runComponents.endOrphans();
  }

  /** Publishes events that an earlier process did not publish. */
  void restoreEvents() throws IOException {
    eventModule.restore(open, batches);
  }

  /** Restores earlier control requests and applies those that came while no daemon was running. */
  void restoreControl() throws IOException {
    controlFileProcessor.restore();
    controlFileProcessor.apply();
  }

  /** Stops releasing runs, and stops what is still running after {@code drain}. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    dispatch.hold();
    runComponents.stopAfter(drain, message);
  }

  /** Brings the summaries of open batches up to date. */
  void updateSummaries() {
    recorder.catchUp();
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    runComponents.awaitIdle();
  }

  @Override
  public void close() throws IOException {
    runComponents.client().close();
    eventModule.close();
  }

  private ControlRequestHandler controlRequestHandler(
      Home home, DurableFiles durableFiles, ControlStore controls) {
    BatchFinder finder = finder();
    return new ControlRequestHandler(
        new ControlRequestHandler.Context(
            home, durableFiles, finder, open, factory.outputRoots(), batches, controls, owner),
        dispatch,
        runs()::cancel);
  }
}
