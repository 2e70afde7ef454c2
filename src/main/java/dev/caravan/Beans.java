package dev.caravan;

import dev.caravan.batch.Acceptance;
import dev.caravan.batch.BatchFinder;
import dev.caravan.batch.Batches;
import dev.caravan.batch.Controls;
import dev.caravan.batch.Home;
import dev.caravan.batch.HomeId;
import dev.caravan.batch.Inbox;
import dev.caravan.batch.KeyStore;
import dev.caravan.batch.OpenBatches;
import dev.caravan.batch.Owner;
import dev.caravan.batch.SourceRules;
import dev.caravan.batch.Tree;
import dev.caravan.camel.InboxAcceptance;
import dev.caravan.camel.InboxLooks;
import dev.caravan.camel.PartHealth;
import dev.caravan.camel.SettledFilesFilter;
import dev.caravan.config.Settings;
import dev.caravan.config.Version;
import dev.caravan.dispatch.ControlDesk;
import dev.caravan.dispatch.Dispatch;
import dev.caravan.dispatch.Orders;
import dev.caravan.dispatch.Progress;
import dev.caravan.dispatch.Resume;
import dev.caravan.dispatch.StatusFile;
import dev.caravan.events.Changes;
import dev.caravan.exec.AiperfFinder;
import dev.caravan.record.Recorder;
import dev.caravan.remote.FleetView;
import dev.caravan.remote.Workers;
import dev.caravan.run.Probes;
import dev.caravan.run.RemoteRuns;
import dev.caravan.run.RunFiles;
import dev.caravan.run.Runs;
import dev.caravan.web.Admission;
import dev.caravan.web.Check;
import dev.caravan.web.News;
import dev.caravan.web.Site;
import dev.caravan.web.Sites;
import dev.caravan.web.ToldProgress;
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
