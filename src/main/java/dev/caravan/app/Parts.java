package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefused;
import dev.caravan.fleet.hub.WorkerNews;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.fleet.worker.WorkerDesk;
import dev.caravan.observe.http.Check;
import dev.caravan.observe.http.HealthChecks;
import dev.caravan.observe.http.News;
import dev.caravan.observe.http.Workplace;
import dev.caravan.observe.report.BatchReports;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.Batches;
import dev.caravan.pipeline.accept.Controls;
import dev.caravan.pipeline.accept.InputFiles;
import dev.caravan.pipeline.accept.SettledFiles;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.Gate;
import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.KeyPassing;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.HostLocks;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFiles;
import dev.caravan.pipeline.run.RunKeys;
import dev.caravan.pipeline.run.RunPolicy;
import dev.caravan.pipeline.run.Runs;
import dev.caravan.storage.Home;
import dev.caravan.storage.KeyStore;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.Tree;
import dev.caravan.tools.setup.SetupLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the settings of a home mean for each part of Caravan. */
final class Parts {

  private static final Logger LOG = LoggerFactory.getLogger(Parts.class);
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);
  private static final Duration ONE_SHOT_PATIENCE = Duration.ofMinutes(10);

  private final Settings settings;
  private final Home home;
  private final KeyStore keys;
  private final boolean daemon;
  private final Brokerage brokerage;

  Parts(Settings settings, Home home, KeyStore keys, boolean daemon) {
    this.settings = settings;
    this.home = home;
    this.keys = keys;
    this.daemon = daemon;
    this.brokerage = daemon ? Brokerage.of(settings) : new Brokerage("none", "", "both");
  }

  /** What a config named on the command line may ask for. */
  SourceRules rulesOfCommand(Path config) {
    return new SourceRules(
        furtherOptions(),
        maxRuns(),
        List.of("*"),
        keys,
        false,
        new OutputRoots(home.root(), List.of(), true),
        InputFiles.ofCommand(config, home));
  }

  SourceRules rulesOfInbox() {
    return rules(settings.list(Setting.KEYS_ALLOWED));
  }

  /** Whoever may send a message is not thereby trusted with the keys. */
  SourceRules rulesOfMessages() {
    return rules(settings.list(Setting.KEYS_ALLOWED_MESSAGES));
  }

  /** Configs that come by HTTP may name no key unless the settings say which. */
  SourceRules rulesOfHttp() {
    return rules(
        settings.isSet(Setting.KEYS_ALLOWED) ? settings.list(Setting.KEYS_ALLOWED) : List.of());
  }

  private SourceRules rules(List<String> keysAllowed) {
    return new SourceRules(
        furtherOptions(),
        maxRuns(),
        keysAllowed,
        keys,
        !brokerage.executes(),
        outputs(),
        InputFiles.ofInbox(home));
  }

  /** What pages and the API need. */
  Workplace workplace(
      Batches batches,
      BatchFinder finder,
      Controls controls,
      Recorder recorder,
      Supplier<DaemonStatus> status,
      List<Check> checks,
      News news) {
    return new Workplace(
        settings,
        home,
        batches,
        finder,
        controls,
        rulesOfHttp(),
        outputs(),
        recorder,
        status,
        checks,
        news,
        new RunKeys(keys));
  }

  List<Check> checks(AiperfFinder aiperf, Supplier<DaemonStatus> status, Runs runs) {
    return new HealthChecks(settings, home, aiperf::find, status, runs::overdue)
        .all().stream().filter(check -> executes() || !check.name().equals("aiperf")).toList();
  }

  HashSet<String> furtherOptions() {
    return new HashSet<>(settings.list(Setting.AIPERF_OPTIONS_ALLOWED));
  }

  private long maxRuns() {
    return settings.count(Setting.BATCH_MAX_RUNS, 1);
  }

  OutputRoots outputs() {
    List<Path> roots = new ArrayList<>(List.of(home.root()));
    roots.addAll(resultsRoots());
    return new OutputRoots(home.root(), roots, !daemon);
  }

  List<Path> resultsRoots() {
    return settings.list(Setting.RESULTS_ROOTS).stream().map(home.root()::resolve).toList();
  }

  SettledFiles settled() {
    return new SettledFiles(
        settings.duration(Setting.INBOX_SETTLE), Instant::now, System::nanoTime);
  }

  AiperfFinder finder() {
    String named = settings.text(Setting.AIPERF_COMMAND);
    SetupLocation setup = SetupLocation.of(settings.environment());
    return new AiperfFinder(
        () -> named.isBlank() ? setup.aiperf().map(Path::toString) : Optional.of(named),
        home.root(),
        settings.environment(),
        VERSION_LIMIT);
  }

  Map<String, String> aiperfEnvironment() {
    return AiperfEnvironment.of(
        settings.environment(),
        settings.list(Setting.AIPERF_ENVIRONMENT),
        SetupLocation.of(settings.environment()).tokenizers());
  }

  RunPolicy runPolicy() {
    return new RunPolicy(
        aiperfEnvironment(),
        keyPassing(),
        settings.duration(Setting.AIPERF_INTERRUPT_GRACE),
        settings.durationIfAny(Setting.RUN_ALLOWANCE),
        home.root(),
        temp(),
        !daemon && LOG.isDebugEnabled());
  }

  static Path temp() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  RunFiles files(Tree tree) {
    return files(tree, home, "");
  }

  /** A worker's: the hub writes the letters. */
  RunFiles filesOfWorker(Tree tree, String worker) {
    return files(tree, new Home(WorkerDesk.place(home)), worker);
  }

  private RunFiles files(Tree tree, Home withInbox, String worker) {
    int maxLost = settings.count(Setting.RUN_MAX_LOST, 1);
    return new RunFiles(tree, new RunDeadLetters(withInbox, tree), keys, maxLost, worker);
  }

  BatchReports reports(Tree tree, Batches batches) {
    return new BatchReports(
        tree, batches, settings.duration(Setting.REPORT_INTERVAL), System::nanoTime);
  }

  HostLocks locks() {
    Setting parallel =
        settings.text(Setting.HOST_PARALLEL).isBlank() ? Setting.WORKERS : Setting.HOST_PARALLEL;
    return new HostLocks(
        home.root().resolve(settings.text(Setting.LOCKS_DIR)),
        settings.count(parallel, 1),
        "home " + home.root());
  }

  /** Nothing starts without an aiperf, or on a full disk. */
  Gate gate(AiperfFinder aiperf) {
    Gate disk = disk();
    return brokerage.hub() ? disk : () -> unusable(aiperf.find()).or(disk::closed);
  }

  /** Closed while a disk that holds results is nearly full. */
  Gate disk() {
    List<Path> folders = new ArrayList<>(places());
    folders.add(home.results());
    return new DiskGate(folders, settings.bytes(Setting.DISK_MIN_FREE));
  }

  /** The folders below which results may lie. */
  List<Path> places() {
    List<Path> places = new ArrayList<>(List.of(home.root()));
    places.addAll(resultsRoots());
    return places;
  }

  KeyPassing keyPassing() {
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

  /** How dispatch behaves, with these workers if it is a hub's. */
  Dispatch.Policy policy(Workers workers) {
    Duration patience =
        daemon || settings.isSet(Setting.READINESS_WAIT)
            ? settings.duration(Setting.READINESS_WAIT)
            : ONE_SHOT_PATIENCE;
    return new Dispatch.Policy(
        brokerage.hub() ? workers::slots : this::ownSlots,
        settings.duration(Setting.READINESS_INTERVAL),
        patience);
  }

  /** One Caravan alone executes what is for its own pools; a command, all it is given. */
  private int ownSlots(String pool) {
    boolean serves = !daemon || settings.list(Setting.WORKER_POOLS).contains(pool);
    return serves ? settings.count(Setting.WORKERS, 1) : 0;
  }

  /** Whether runs are executed by this process. */
  boolean executes() {
    return brokerage.executes();
  }

  /** The version that a batch is accepted for; a hub that executes nothing has none. */
  Supplier<Optional<String>> aiperfVersion(AiperfFinder aiperf) {
    return () -> executes() ? version(aiperf.find()) : Optional.empty();
  }

  Workers workers(WorkerNews news) {
    return new Workers(
        settings.duration(Setting.WORKER_HEARTBEAT).multipliedBy(3), System::nanoTime, news);
  }

  static Optional<String> version(AiperfInstall install) {
    return install instanceof AiperfInstall.Usable usable
        ? Optional.of(usable.version())
        : Optional.empty();
  }

  static Optional<String> unusable(AiperfInstall install) {
    return install instanceof AiperfInstall.Unusable unusable
        ? Optional.of(unusable.words())
        : Optional.empty();
  }
}
