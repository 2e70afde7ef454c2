package dev.caravan;

import dev.caravan.batch.Acceptance;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Batches;
import dev.caravan.batch.Controls;
import dev.caravan.batch.DeadLetters;
import dev.caravan.batch.Home;
import dev.caravan.batch.HomeId;
import dev.caravan.batch.Inbox;
import dev.caravan.batch.InputFiles;
import dev.caravan.batch.KeyStore;
import dev.caravan.batch.OpenBatches;
import dev.caravan.batch.OutputRoots;
import dev.caravan.batch.Owner;
import dev.caravan.batch.SettledFiles;
import dev.caravan.batch.SourceRules;
import dev.caravan.batch.Tree;
import dev.caravan.config.Setting;
import dev.caravan.config.Settings;
import dev.caravan.config.SettingsRefused;
import dev.caravan.config.Version;
import dev.caravan.dispatch.DiskGate;
import dev.caravan.dispatch.Dispatch;
import dev.caravan.dispatch.Gate;
import dev.caravan.dispatch.Resume;
import dev.caravan.exec.AiperfEnvironment;
import dev.caravan.exec.AiperfFinder;
import dev.caravan.exec.AiperfInstall;
import dev.caravan.exec.KeyPassing;
import dev.caravan.exec.ProcessRunner;
import dev.caravan.health.TargetClient;
import dev.caravan.record.Recorder;
import dev.caravan.run.HostLocks;
import dev.caravan.run.Launches;
import dev.caravan.run.LeftOvers;
import dev.caravan.run.Preflight;
import dev.caravan.run.Probes;
import dev.caravan.run.RunDeadLetters;
import dev.caravan.run.RunFiles;
import dev.caravan.run.RunPolicy;
import dev.caravan.run.Runs;
import dev.caravan.setup.SetupLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All objects of one Caravan, wired by their constructors, and the names that routes call them. */
final class Beans implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Beans.class);
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(30);
  private static final Duration ONE_SHOT_PATIENCE = Duration.ofMinutes(10);

  private final Settings settings;
  private final Home home;
  private final boolean daemon;
  private final KeyStore keys;
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
  private final Preflight preflight;
  private final Recorder recorder;
  private final Dispatch dispatch;
  private final Resume resume;
  private final DeadLetters deadLetters;

  private Beans(Settings settings, Tree tree, String mode) throws IOException {
    this.settings = settings;
    this.home = new Home(settings.home());
    this.daemon = mode.equals(Owner.DAEMON);
    this.keys = new KeyStore(home, settings.environment());
    this.open = new OpenBatches(home, tree);
    this.inbox = new Inbox(home, tree);
    this.aiperf = finder();
    Map<String, String> environment = aiperfEnvironment();
    this.client = new TargetClient(environment);
    this.batches = new Batches(tree);
    this.owner = new Owner(HomeId.of(home, tree), mode);
    this.acceptance =
        new Acceptance(batches, open, owner, Version.CARAVAN, () -> version(aiperf.find()));
    this.probes = new Probes(keys, client);
    this.leftOvers = new LeftOvers(home, temp(), tree);
    RunFiles files = files(tree);
    this.runs =
        new Runs(
            batches,
            outputs(),
            probes,
            locks(),
            new Launches(aiperf, keys, runPolicy(environment)),
            files,
            daemon);
    this.preflight = new Preflight(runs, keys, client, aiperf, runPolicy(environment));
    this.recorder = new Recorder(tree, open, files);
    this.dispatch = new Dispatch(policy(), recorder, new Controls(tree), gate(), System::nanoTime);
    this.resume = new Resume(open, batches, owner);
    this.deadLetters = new DeadLetters(home, tree);
  }

  /** The objects of a Caravan that works in this mode (see {@link Owner}). */
  static Beans of(Settings settings, Tree tree, String mode) throws IOException {
    Beans beans = new Beans(settings, tree, mode);
    beans.client.warnings().forEach(LOG::warn);
    return beans;
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

  Probes probes() {
    return probes;
  }

  Recorder recorder() {
    return recorder;
  }

  Dispatch dispatch() {
    return dispatch;
  }

  /** What routes call by name. */
  Map<String, Object> byName() {
    Map<String, Object> beans = new HashMap<>();
    HttpClientConfigurer asAiperfDoes = client::customise;
    beans.put("inbox", inbox);
    beans.put("acceptance", new InboxAcceptance(acceptance, rulesOfInbox()));
    beans.put("settledFiles", new SettledFilesFilter(settled()));
    beans.put("dispatch", dispatch);
    beans.put("resume", daemon ? resume : new NothingToResume());
    beans.put("runs", runs);
    beans.put("probes", probes);
    beans.put("preflight", preflight);
    beans.put("recorder", recorder);
    beans.put("deadLetters", deadLetters);
    beans.put("errors", new RouteErrors());
    beans.put("aiperfBinding", new AiperfBinding());
    beans.put("aiperfExecutor", new AiperfExecutor(new ProcessRunner(), leftOvers));
    beans.put("asAiperfDoes", asAiperfDoes);
    beans.put("aiperf-health", new AiperfHealth(aiperf));
    return beans;
  }

  /** What a config named on the command line may ask for. */
  SourceRules rulesOfCommand(Path config) {
    return new SourceRules(
        furtherOptions(),
        maxRuns(),
        List.of("*"),
        keys,
        new OutputRoots(home.root(), List.of(), true),
        InputFiles.ofCommand(config, home));
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
  }

  private SourceRules rulesOfInbox() {
    return new SourceRules(
        furtherOptions(),
        maxRuns(),
        settings.list(Setting.KEYS_ALLOWED),
        keys,
        outputs(),
        InputFiles.ofInbox(home));
  }

  private HashSet<String> furtherOptions() {
    return new HashSet<>(settings.list(Setting.AIPERF_OPTIONS_ALLOWED));
  }

  private long maxRuns() {
    return settings.count(Setting.BATCH_MAX_RUNS, 1);
  }

  private OutputRoots outputs() {
    List<Path> roots = new ArrayList<>(List.of(home.root()));
    settings.list(Setting.RESULTS_ROOTS).forEach(root -> roots.add(home.root().resolve(root)));
    return new OutputRoots(home.root(), roots, !daemon);
  }

  private SettledFiles settled() {
    return new SettledFiles(
        settings.duration(Setting.INBOX_SETTLE), Instant::now, System::nanoTime);
  }

  private AiperfFinder finder() {
    String named = settings.text(Setting.AIPERF_COMMAND);
    SetupLocation setup = SetupLocation.of(settings.environment());
    return new AiperfFinder(
        () -> named.isBlank() ? setup.aiperf().map(Path::toString) : Optional.of(named),
        home.root(),
        settings.environment(),
        VERSION_LIMIT);
  }

  private Map<String, String> aiperfEnvironment() {
    return AiperfEnvironment.of(
        settings.environment(),
        settings.list(Setting.AIPERF_ENVIRONMENT),
        SetupLocation.of(settings.environment()).tokenizers());
  }

  private RunPolicy runPolicy(Map<String, String> environment) {
    return new RunPolicy(
        environment,
        keyPassing(),
        settings.duration(Setting.AIPERF_INTERRUPT_GRACE),
        settings.durationIfAny(Setting.RUN_ALLOWANCE),
        home.root(),
        temp(),
        !daemon && LOG.isDebugEnabled());
  }

  private static Path temp() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private RunFiles files(Tree tree) {
    return new RunFiles(
        tree, new RunDeadLetters(home, tree), settings.count(Setting.RUN_MAX_LOST, 1));
  }

  private HostLocks locks() {
    Setting parallel =
        settings.text(Setting.HOST_PARALLEL).isBlank() ? Setting.WORKERS : Setting.HOST_PARALLEL;
    return new HostLocks(
        home.root().resolve(settings.text(Setting.LOCKS_DIR)),
        settings.count(parallel, 1),
        "home " + home.root());
  }

  /** Nothing starts without an aiperf, or on a full disk. */
  private Gate gate() {
    DiskGate disk = new DiskGate(home.root(), settings.bytes(Setting.DISK_MIN_FREE));
    return () -> unusable(aiperf.find()).or(disk::closed);
  }

  private KeyPassing keyPassing() {
    try {
      KeyPassing passing = KeyPassing.of(settings.text(Setting.AIPERF_KEY_PASSING));
      if (passing == KeyPassing.ARGUMENT) {
        LOG.warn("API keys are passed on the command line, where every user of the host sees them");
      }
      return passing;
    } catch (IllegalArgumentException e) {
      throw new SettingsRefused(e.getMessage());
    }
  }

  private Dispatch.Policy policy() {
    Duration patience =
        daemon || settings.isSet(Setting.READINESS_WAIT)
            ? settings.duration(Setting.READINESS_WAIT)
            : ONE_SHOT_PATIENCE;
    return new Dispatch.Policy(
        settings.count(Setting.WORKERS, 1),
        settings.duration(Setting.READINESS_INTERVAL),
        patience);
  }

  private static Optional<String> version(AiperfInstall install) {
    return install instanceof AiperfInstall.Usable usable
        ? Optional.of(usable.version())
        : Optional.empty();
  }

  private static Optional<String> unusable(AiperfInstall install) {
    return install instanceof AiperfInstall.Unusable unusable
        ? Optional.of(unusable.words())
        : Optional.empty();
  }

  /** A one-shot run goes on with nothing that is already there. */
  static final class NothingToResume {

    /** No batches. */
    public List<Batch> batches() {
      return List.of();
    }
  }
}
