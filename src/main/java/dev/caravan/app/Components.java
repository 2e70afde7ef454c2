package dev.caravan.app;

import dev.caravan.app.camel.DaemonHealthCheck;
import dev.caravan.app.camel.EventDelivery;
import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.app.camel.InboxPollStrategy;
import dev.caravan.app.camel.SettledFilesFilter;
import dev.caravan.app.camel.SignedWebhook;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.model.Owner;
import dev.caravan.model.RunOrder;
import dev.caravan.observe.compare.EndComparisons;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.observe.http.HealthChecks;
import dev.caravan.observe.http.HealthResult;
import dev.caravan.observe.http.HttpSecurity;
import dev.caravan.observe.http.PageUpdates;
import dev.caravan.observe.http.WebApp;
import dev.caravan.observe.http.WebAppFactory;
import dev.caravan.observe.http.WebContext;
import dev.caravan.observe.report.BatchReports;
import dev.caravan.observe.retention.EndRetention;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.accept.SettledFiles;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.Capacity;
import dev.caravan.pipeline.dispatch.ControlFileProcessor;
import dev.caravan.pipeline.dispatch.ControlRequestHandler;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.DispatchPolicy;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.dispatch.StatusFile;
import dev.caravan.pipeline.hooks.OwnedBatchHooks;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.record.OutageLog;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.OutputRoots;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The parts of one Caravan, and the bean names under which routes call them. */
final class Components implements AutoCloseable {

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

  private final Settings settings;
  private final Home home;
  private final DurableFiles files;
  private final Owner owner;
  private final OpenBatches open;
  private final BatchStore batches;
  private final ControlStore controls;
  private final EventPipeline events;
  private final PipelineListeners listeners = new PipelineListeners();
  private final RunTree tree;
  private final RunComponents execution;
  private final Acceptance acceptance;
  private final Inbox inbox;
  private final OwnedBatchHooks batchHooks;
  private final Recorder recorder;
  private final PageUpdates pageUpdates;
  private final Workers workers;
  private final Dispatch dispatch;
  private final ControlFileProcessor controlFiles;
  private final EndComparisons comparisons;
  private final EndRetention retention;
  private final Map<String, Object> beans;

  /**
   * Creates the parts of a Caravan that runs in this mode (see {@link Owner}). A one-shot command
   * may use any folder, and has neither a broker nor events.
   */
  static Components of(Settings settings, DurableFiles files, AiperfFinder aiperf, String mode)
      throws IOException {
    boolean daemon = mode.equals(Owner.DAEMON);
    Home home =
        daemon
            ? new Home(settings.home())
            : Home.ofCommand(settings.home(), settings.environment(), files);
    Owner owner = new Owner(HomeId.of(home, files), mode);
    return new Components(
        daemon ? settings : CommandSettings.of(settings), home, files, aiperf, owner);
  }

  private Components(
      Settings settings, Home home, DurableFiles files, AiperfFinder aiperf, Owner owner)
      throws IOException {
    boolean daemon = owner.mode().equals(Owner.DAEMON);
    boolean hub = Role.of(settings).isHub();
    OutputRoots roots = daemon ? OutputRoots.of(settings) : OutputRoots.anywhere(settings);
    DiskGate disk = DiskGate.of(settings, home);
    this.settings = settings;
    this.home = home;
    this.files = files;
    this.owner = owner;
    open = new OpenBatches(home, files);
    batches = new BatchStore(files);
    controls = new ControlStore(files);
    events = EventPipeline.of(settings, home, files, owner);
    tree =
        new RunTree(
            batches,
            roots,
            RunFolderWriter.of(settings, home, KeyNotes.of(settings, home, files), files, ""));
    execution = new RunComponents(settings, home, files, aiperf, tree, listeners, daemon);
    acceptance = Acceptance.of(settings, batches, open, owner, aiperf);
    inbox =
        new Inbox(home, files, (claim, e) -> listeners.store(new PipelineChange.Refused(claim, e)));
    batchHooks =
        new OwnedBatchHooks(
            execution.hookRunner,
            (batch, change) -> dispatch().changeControl(batch, change),
            batch -> recorder().hooksOver(batch));
    recorder = new Recorder(files, open, tree.files(), listeners, batchHooks);
    pageUpdates = new PageUpdates(events.feed());
    workers = Workers.of(settings, listeners);
    Capacity capacity = daemon ? Capacity.of(settings) : Capacity.ofAnyPool(settings);
    ReleaseGate gate = ReleaseGate.of(settings, aiperf, disk, execution.locks);
    DispatchPolicy policy = DispatchPolicy.of(settings, hub ? workers::slots : capacity, gate);
    dispatch = new Dispatch(policy, recorder, listeners, controls, System::nanoTime);
    controlFiles = new ControlFileProcessor(home, files, controlRequests());
    comparisons = new EndComparisons(settings, home, files, batches, controls, listeners);
    retention = new EndRetention(settings, home, files, finder(), owner);
    listeners.add(new OutageLog());
    listeners.add(BatchReports.of(settings, files, batches)); // before its event is published
    if (daemon) {
      List.of(comparisons, events.events(), pageUpdates, retention).forEach(listeners::add);
    }
    beans = new HashMap<>(execution.byName());
    beans.put("inbox", inbox);
    beans.put("inboxPollStrategy", new InboxPollStrategy(inbox));
    beans.put("settledFiles", new SettledFilesFilter(SettledFiles.of(settings), inbox::mayClaim));
    beans.put("acceptance", acceptance(SourceRules.ofInbox(settings)));
    beans.put("dispatch", dispatch);
    beans.put("resume", new Resume(open, batches, owner, roots.roots()));
    beans.put("controlFiles", controlFiles);
    beans.put("statusFile", new StatusFile(dispatch::status, home, files));
    beans.put("recorder", recorder);
    beans.put("eventDelivery", new EventDelivery(events.outbox()));
    beans.put("signedWebhook", SignedWebhook.of(settings));
    beans.put("alerts", EventPipeline.alerts(listeners, dispatch::status, disk));
    new HealthChecks(
            settings,
            home,
            inbox::trouble,
            execution.runs::trouble,
            execution.locks::trouble,
            disk,
            aiperf::find,
            dispatch::status,
            () -> runs().overdue().stream().map(RunOrder::runId).toList())
        .all()
        .forEach(check -> beans.put(check.name() + "-health", new DaemonHealthCheck(check)));
  }

  private ControlRequestHandler controlRequests() {
    return new ControlRequestHandler(
        new ControlRequestHandler.Context(
            home, files, finder(), open, tree.roots(), batches, controls, owner),
        dispatch,
        runs()::cancel);
  }

  private BatchFinder finder() {
    return BatchFinder.of(settings, open);
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName() {
    return beans;
  }

  /** What the daemon serves over HTTP. */
  WebApp webApp(HttpSecurity httpSecurity, FleetView fleet, Supplier<List<HealthResult>> health) {
    Supplier<DaemonStatus> status = () -> fleet.seen(dispatch.status());
    WebContext context =
        new WebContext(
            settings, files, batches, finder(), controls, recorder, status, health, pageUpdates);
    return WebAppFactory.of(context, httpSecurity, fleet);
  }

  Inbox inbox() {
    return inbox;
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

  /** Accepts configs under these rules, and publishes that. */
  InboxAcceptance acceptance(SourceRules rules) {
    return new InboxAcceptance(acceptance, rules, listeners);
  }

  RunTree tree() {
    return tree;
  }

  RunStage runs() {
    return execution.runs;
  }

  Recorder recorder() {
    return recorder;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  Workers workers() {
    return workers;
  }

  /** Compares batches that have ended. */
  EndComparisons comparisons() {
    return comparisons;
  }

  /** The listeners of pipeline changes. */
  PipelineListeners listeners() {
    return listeners;
  }

  /** Ends, publishes and applies what an earlier process left: processes, events, control files. */
  void restore() {
    endOrphans();
    StartStep.tryTo("restore the events of open batches", () -> events.restore(open, batches));
    StartStep.tryTo("make the comparisons that are due", comparisons::restore);
    StartStep.tryTo("restore the pauses of the home", controlFiles::restore);
    StartStep.tryTo("carry out control requests", controlFiles::apply);
  }

  /** Ends processes that dead Caravans left running. */
  void endOrphans() {
    execution.orphans.endOrphans();
  }

  /** Stops releasing runs and stops what is running. */
  void stop(String message) {
    dispatch.hold();
    batchHooks.stop(message);
    runs().stop(message);
  }

  /** Stops releasing runs, and stops what is still running after {@code drain}. */
  void stopAfter(Duration drain, String message) throws InterruptedException {
    dispatch.hold();
    batchHooks.stop(message);
    runs().stopAfter(drain, message);
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    runs().awaitIdle(STOP_TIMEOUT);
    batchHooks.awaitIdle(STOP_TIMEOUT);
  }

  @Override
  public void close() throws IOException {
    execution.close();
    comparisons.close();
    retention.close();
    events.close();
  }
}
