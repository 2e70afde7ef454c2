package dev.caravan;

import dev.caravan.batch.Acceptance;
import dev.caravan.batch.Batch;
import dev.caravan.batch.BatchFinder;
import dev.caravan.batch.Batches;
import dev.caravan.batch.Controls;
import dev.caravan.batch.DeadLetters;
import dev.caravan.batch.Home;
import dev.caravan.batch.HomeId;
import dev.caravan.batch.Inbox;
import dev.caravan.batch.KeyStore;
import dev.caravan.batch.OpenBatches;
import dev.caravan.batch.Owner;
import dev.caravan.batch.SourceRules;
import dev.caravan.batch.Tree;
import dev.caravan.config.Settings;
import dev.caravan.config.Version;
import dev.caravan.dispatch.ControlDesk;
import dev.caravan.dispatch.Dispatch;
import dev.caravan.dispatch.Orders;
import dev.caravan.dispatch.Progress;
import dev.caravan.dispatch.Resume;
import dev.caravan.dispatch.StatusFile;
import dev.caravan.events.Alerts;
import dev.caravan.events.Changes;
import dev.caravan.events.EventFeed;
import dev.caravan.events.EventStage;
import dev.caravan.events.NotifyCommand;
import dev.caravan.exec.AiperfFinder;
import dev.caravan.exec.ProcessRunner;
import dev.caravan.health.TargetClient;
import dev.caravan.record.Recorder;
import dev.caravan.remote.Workers;
import dev.caravan.run.Launches;
import dev.caravan.run.LeftOvers;
import dev.caravan.run.Preflight;
import dev.caravan.run.Probes;
import dev.caravan.run.RemoteRuns;
import dev.caravan.run.RunFiles;
import dev.caravan.run.RunPolicy;
import dev.caravan.run.Runs;
import dev.caravan.web.Admission;
import dev.caravan.web.Check;
import dev.caravan.web.HealthChecks;
import dev.caravan.web.News;
import dev.caravan.web.Site;
import dev.caravan.web.Sites;
import dev.caravan.web.ToldProgress;
import dev.caravan.web.Workplace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of one Caravan, wired by their constructors, and the names that routes call them. */
final class Beans implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Beans.class);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);

  /** A target that is out for so long is worth a person's while. */
  private static final Duration PARKED_FOR = Duration.ofMinutes(10);

  private final boolean daemon;
  private final Parts parts;
  private final OpenBatches open;
  private final Inbox inbox;
  private final AiperfFinder aiperf;
  private final TargetClient client;
  private final Batches batches;
  private final Owner owner;
  private final Acceptance acceptance;
  private final Probes probes;
  private final LeftOvers leftOvers;
  private final Runs runs;
  private final RemoteRuns remoteRuns;
  private final Workers workers;
  private final Preflight preflight;
  private final Recorder recorder;
  private final Dispatch dispatch;
  private final ControlDesk controlDesk;
  private final StatusFile statusFile;
  private final Resume resume;
  private final DeadLetters deadLetters;
  private final News news = new News();
  private final Controls controls;
  private final Home home;
  private final Settings settings;
  private final EventStage events;
  private final SignedWebhook webhook;
  private final Optional<NotifyCommand> notify;
  private final Alerts alerts;

  private Beans(Settings settings, Tree tree, String mode) throws IOException {
    this.settings = settings;
    this.home = new Home(settings.home());
    KeyStore keys = new KeyStore(home, settings.environment());
    this.daemon = mode.equals(Owner.DAEMON);
    this.parts = new Parts(settings, home, keys, daemon);
    this.open = new OpenBatches(home, tree);
    this.aiperf = parts.finder();
    this.client = new TargetClient(parts.aiperfEnvironment());
    this.batches = new Batches(tree);
    this.owner = new Owner(HomeId.of(home, tree), mode);
    this.acceptance =
        new Acceptance(batches, open, owner, Version.CARAVAN, parts.aiperfVersion(aiperf));
    this.probes = new Probes(keys, client);
    this.leftOvers = new LeftOvers(home, Parts.temp(), tree);
    RunFiles files = parts.files(tree);
    this.remoteRuns = new RemoteRuns(batches, parts.outputs(), files);
    RunPolicy policy = parts.runPolicy();
    this.runs =
        new Runs(
            batches,
            parts.outputs(),
            probes,
            parts.locks(),
            new Launches(aiperf, keys, policy),
            files,
            daemon);
    this.preflight = new Preflight(runs, keys, client, aiperf, policy);
    EventParts eventParts = new EventParts(settings, home, keys);
    this.webhook = daemon ? eventParts.webhook() : SignedWebhook.NOWHERE;
    this.notify = daemon ? eventParts.notifyCommand() : Optional.empty();
    this.events = new EventStage(home, tree, owner, parts.receivers());
    notify.ifPresent(events.feed()::subscribe);
    this.workers = parts.workers(events.events());
    this.inbox = new Inbox(home, tree, events.events()::refused);
    this.recorder = new Recorder(tree, open, files, events.events(), parts.reports(tree, batches));
    this.controls = new Controls(tree);
    Progress told = new ToldProgress(recorder, news);
    this.dispatch =
        new Dispatch(parts.policy(workers), told, controls, parts.gate(aiperf), System::nanoTime);
    this.alerts = events.alerts(dispatch::status, parts.disk(), PARKED_FOR);
    this.controlDesk = new ControlDesk(home, tree, orders(home, tree, controls));
    this.statusFile = new StatusFile(dispatch, home, tree);
    this.resume = new Resume(open, batches, owner);
    this.deadLetters = new DeadLetters(home, tree);
  }

  /** The objects of a Caravan that works in this mode (see {@link Owner}). */
  static Beans of(Settings settings, Tree tree, String mode) throws IOException {
    Beans beans = new Beans(settings, tree, mode);
    beans.client.warnings().forEach(LOG::warn);
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
    return aiperf;
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
    return runs;
  }

  Probes probes() {
    return probes;
  }

  /** What those need who give runs to workers. */
  HubSide hub() {
    return new HubSide(
        remoteRuns,
        workers,
        new InboxAcceptance(acceptance, parts.rulesOfMessages(), events.events()),
        inbox,
        dispatch,
        events.events());
  }

  Recorder recorder() {
    return recorder;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  /** What is told of batches and runs. */
  Changes events() {
    return events.events();
  }

  /** All events of this home: to listen to, and to read again. */
  EventFeed eventFeed() {
    return events.feed();
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>();
    HttpClientConfigurer asAiperfDoes = client::customise;
    beans.put("inbox", inbox);
    beans.put("acceptance", new InboxAcceptance(acceptance, parts.rulesOfInbox(), events.events()));
    beans.put("settledFiles", new SettledFilesFilter(parts.settled()));
    beans.put("dispatch", dispatch);
    beans.put("controlDesk", controlDesk);
    beans.put("statusFile", statusFile);
    beans.put("resume", daemon ? resume : new NothingToResume());
    beans.put("runs", runs);
    beans.put("probes", probes);
    beans.put("preflight", preflight);
    beans.put("recorder", recorder);
    beans.put("deadLetters", deadLetters);
    beans.put("eventDelivery", new EventDelivery(events.outbox()));
    beans.put("signedWebhook", webhook);
    beans.put("alerts", alerts);
    beans.put("errors", new RouteErrors());
    beans.put("aiperfBinding", new AiperfBinding());
    beans.put(
        "aiperfExecutor", new AiperfExecutor(new ProcessRunner(), leftOvers, events.events()));
    beans.put("asAiperfDoes", asAiperfDoes);
    checks().forEach(check -> beans.put(check.name() + "-health", new PartHealth(check)));
    beans.put("news", news);
    return beans;
  }

  /** What the daemon serves by HTTP. */
  Site site(Admission admission) {
    return Sites.of(
        new Workplace(
            settings,
            home,
            batches,
            new BatchFinder(home, parts.resultsRoots(), open),
            controls,
            parts.rulesOfHttp(),
            parts.outputs(),
            recorder,
            dispatch::status,
            checks(),
            news),
        admission);
  }

  private List<Check> checks() {
    return new HealthChecks(settings, home, aiperf::find, dispatch::status)
        .all().stream()
            .filter(check -> parts.executes() || !check.name().equals("aiperf"))
            .toList();
  }

  /** Releases nothing more and ends what is running. */
  void stop(String words) {
    dispatch.hold();
    runs.stop(words);
  }

  /** Ends what dead Caravans left running. */
  void endLeftOvers() throws IOException {
    leftOvers.end();
  }

  /** Tells what an earlier life had no time to tell. */
  void restoreEvents() throws IOException {
    events.restore(open, batches);
  }

  /** Has earlier orders hold, and carries out what was ordered while no daemon was there. */
  void restoreOrders() throws IOException {
    controlDesk.restore();
    controlDesk.apply();
  }

  /** Releases nothing more and lets what is running go on for a while before it is ended. */
  void stopAfter(Duration drain, String words) throws InterruptedException {
    dispatch.hold();
    runs.drain(words);
    if (!runs.awaitIdle(drain)) {
      runs.stop(words);
    }
  }

  /** Waits until nothing is running. */
  void awaitIdle() throws InterruptedException {
    runs.awaitIdle(LONGEST_STOP);
  }

  @Override
  public void close() throws IOException {
    client.close();
    events.close();
    notify.ifPresent(NotifyCommand::close);
  }

  private Orders orders(Home home, Tree tree, Controls controls) {
    BatchFinder finder = new BatchFinder(home, parts.resultsRoots(), open);
    return new Orders(
        new Orders.Place(home, tree, finder, open, parts.outputs(), batches, controls, owner),
        dispatch,
        runs::cancel);
  }

  /** A one-shot run goes on with nothing that is already there. */
  static final class NothingToResume {

    /** No batches. */
    public List<Batch> batches() {
      return List.of();
    }
  }
}
