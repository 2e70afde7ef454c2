package dev.caravan.app;

import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.app.camel.InboxLooks;
import dev.caravan.app.camel.PartHealth;
import dev.caravan.app.camel.SettledFilesFilter;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.Version;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.model.Owner;
import dev.caravan.observe.http.Admission;
import dev.caravan.observe.http.Check;
import dev.caravan.observe.http.News;
import dev.caravan.observe.http.Site;
import dev.caravan.observe.http.Sites;
import dev.caravan.observe.http.ToldProgress;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.Batches;
import dev.caravan.pipeline.accept.Controls;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.ControlDesk;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.Orders;
import dev.caravan.pipeline.dispatch.Progress;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.dispatch.StatusFile;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.record.Changes;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.Probes;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunFiles;
import dev.caravan.pipeline.run.Runs;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.KeyStore;
import dev.caravan.storage.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of one Caravan, wired by their constructors, and the names that routes call them. */
final class Beans implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Beans.class);

  private final boolean daemon;
  private final Parts parts;
  private final OpenBatches open;
  private final Inbox inbox;
  private final Batches batches;
  private final Owner owner;
  private final Acceptance acceptance;
  private final RunStage stage;
  private final RemoteRuns remoteRuns;
  private final Workers workers;
  private final Recorder recorder;
  private final Dispatch dispatch;
  private final ControlDesk controlDesk;
  private final StatusFile statusFile;
  private final Resume resume;
  private final News news;
  private final Controls controls;
  private final Home home;
  private final Telling telling;

  private Beans(Settings settings, Tree tree, String mode) throws IOException {
    this.home = new Home(settings.home());
    KeyStore keys = new KeyStore(home, settings.environment());
    this.daemon = mode.equals(Owner.DAEMON);
    this.parts = new Parts(settings, home, keys, daemon);
    this.open = new OpenBatches(home, tree);
    this.batches = new Batches(tree);
    this.owner = new Owner(HomeId.of(home, tree), mode);
    RunFiles files = parts.files(tree);
    this.stage = new RunStage(parts, home, tree, keys, batches, parts.outputs(), files, daemon);
    this.acceptance =
        new Acceptance(batches, open, owner, Version.CARAVAN, parts.aiperfVersion(aiperf()));
    this.remoteRuns = new RemoteRuns(batches, parts.outputs(), files);
    this.telling = new Telling(settings, home, keys, tree, owner, daemon);
    this.news = new News(telling.feed());
    this.workers = parts.workers(telling);
    this.inbox = new Inbox(home, tree, telling.changes()::refused);
    this.recorder =
        new Recorder(tree, open, files, telling.changes(), parts.reports(tree, batches));
    this.controls = new Controls(tree);
    Progress told = new ToldProgress(recorder, news);
    this.dispatch =
        new Dispatch(parts.policy(workers), told, controls, parts.gate(aiperf()), System::nanoTime);
    this.controlDesk = new ControlDesk(home, tree, orders(home, tree, controls));
    this.statusFile = new StatusFile(dispatch, home, tree);
    this.resume = new Resume(open, batches, owner, parts.places());
  }

  /** The objects of a Caravan that works in this mode (see {@link Owner}). */
  static Beans of(Settings settings, Tree tree, String mode) throws IOException {
    Beans beans = new Beans(settings, tree, mode);
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

  Batches batches() {
    return batches;
  }

  Owner owner() {
    return owner;
  }

  Acceptance acceptance() {
    return acceptance;
  }

  Runs runs() {
    return stage.runs();
  }

  Probes probes() {
    return stage.probes();
  }

  /** What those need who give runs to workers. */
  HubSide hub() {
    return new HubSide(
        remoteRuns,
        workers,
        new InboxAcceptance(acceptance, parts.rulesOfMessages(), telling.changes()),
        inbox,
        dispatch,
        telling.changes());
  }

  Recorder recorder() {
    return recorder;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  /** What is told of batches and runs: nothing by a command that runs one batch. */
  Changes events() {
    return telling.changes();
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>(stage.byName(events()));
    beans.put("inbox", inbox);
    beans.put("acceptance", new InboxAcceptance(acceptance, parts.rulesOfInbox(), events()));
    beans.put("inboxLooks", new InboxLooks(inbox));
    beans.put("settledFiles", new SettledFilesFilter(parts.settled()));
    beans.put("dispatch", dispatch);
    beans.put("controlDesk", controlDesk);
    beans.put("statusFile", statusFile);
    beans.put("resume", daemon ? resume : new NothingToResume());
    beans.put("recorder", recorder);
    beans.putAll(telling.byName(dispatch::status, parts.disk()));
    checks().forEach(check -> beans.put(check.name() + "-health", new PartHealth(check)));
    beans.put("news", news);
    return beans;
  }

  /** What the daemon serves by HTTP. */
  Site site(Admission admission, FleetView fleet) {
    return Sites.of(
        parts.workplace(batches, finder(), controls, recorder, dispatch::status, checks(), news),
        admission,
        fleet);
  }

  private List<Check> checks() {
    return parts.checks(aiperf(), dispatch::status, runs());
  }

  private BatchFinder finder() {
    return new BatchFinder(home, parts.resultsRoots(), open);
  }

  /** Releases nothing more and ends what is running. */
  void stop(String words) {
    dispatch.hold();
    runs().stop(words);
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    stage.endLeftOvers();
  }

  /** Tells what an earlier life had no time to tell. */
  void restoreEvents() throws IOException {
    telling.restore(open, batches);
  }

  /** Has earlier orders hold, and carries out what was ordered while no daemon was there. */
  void restoreOrders() throws IOException {
    controlDesk.restore();
    controlDesk.apply();
  }

  /** Releases nothing more and lets what is running go on for a while before it is ended. */
  void stopAfter(Duration drain, String words) throws InterruptedException {
    dispatch.hold();
    stage.stopAfter(drain, words);
  }

  /** Brings the summaries of open batches up to date. */
  void settleResults() {
    recorder.settle();
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    stage.awaitIdle();
  }

  @Override
  public void close() throws IOException {
    stage.client().close();
    telling.close();
  }

  private Orders orders(Home home, Tree tree, Controls controls) {
    BatchFinder finder = finder();
    return new Orders(
        new Orders.Place(home, tree, finder, open, parts.outputs(), batches, controls, owner),
        dispatch,
        runs()::cancel);
  }
}
