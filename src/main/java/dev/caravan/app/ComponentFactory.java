package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.fleet.hub.WorkerListener;
import dev.caravan.fleet.hub.Workers;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.observe.http.HealthCheck;
import dev.caravan.observe.http.HealthChecks;
import dev.caravan.observe.http.PageUpdates;
import dev.caravan.observe.http.WebContext;
import dev.caravan.observe.report.BatchReports;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.InputFiles;
import dev.caravan.pipeline.accept.SettledFiles;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.DiskGate;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import dev.caravan.pipeline.process.AiperfEnvironment;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.KeyPassing;
import dev.caravan.pipeline.record.Recorder;
import dev.caravan.pipeline.run.HostLocks;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunPolicy;
import dev.caravan.pipeline.run.RunSecrets;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
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
final class ComponentFactory {

  private static final Logger LOG = LoggerFactory.getLogger(ComponentFactory.class);
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);
  private static final Duration ONE_SHOT_PATIENCE = Duration.ofMinutes(10);

  private final Settings settings;
  private final Home home;
  private final SecretStore keys;
  private final boolean daemon;
  private final BrokerSettings brokerSettings;

  ComponentFactory(Settings settings, Home home, SecretStore keys, boolean daemon) {
    this.settings = settings;
    this.home = home;
    this.keys = keys;
    this.daemon = daemon;
    this.brokerSettings =
        daemon ? BrokerSettings.of(settings) : new BrokerSettings("none", "", "both");
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
        !brokerSettings.executes(),
        outputs(),
        InputFiles.ofInbox(home));
  }

  /** What pages and the API need. */
  WebContext workplace(
      BatchStore batches,
      BatchFinder finder,
      ControlStore controls,
      Recorder recorder,
      Supplier<DaemonStatus> status,
      List<HealthCheck> checks,
      PageUpdates news) {
    return new WebContext(
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
        new RunSecrets(keys));
  }

  List<HealthCheck> checks(AiperfFinder aiperf, Supplier<DaemonStatus> status, RunStage runs) {
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
    return new OutputRoots(home.root(), places(), !daemon);
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

  RunFolderWriter files(DurableFiles durableFiles) {
    return files(durableFiles, home, "");
  }

  /** A worker's: the hub writes the letters. */
  RunFolderWriter filesOfWorker(DurableFiles durableFiles, String worker) {
    return files(durableFiles, new Home(WorkerService.place(home)), worker);
  }

  private RunFolderWriter files(DurableFiles durableFiles, Home withInbox, String worker) {
    int maxLost = settings.count(Setting.RUN_MAX_LOST, 1);
    return new RunFolderWriter(
        durableFiles, new RunDeadLetters(withInbox, durableFiles), keys, maxLost, worker);
  }

  BatchReports reports(DurableFiles durableFiles, BatchStore batches) {
    return new BatchReports(
        durableFiles, batches, settings.duration(Setting.REPORT_INTERVAL), System::nanoTime);
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
  ReleaseGate gate(AiperfFinder aiperf) {
    ReleaseGate disk = disk();
    return brokerSettings.hub() ? disk : () -> unusable(aiperf.find()).or(disk::closedReason);
  }

  /** Closed while a disk that holds results is nearly full. */
  ReleaseGate disk() {
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
      throw new SettingsRefusedException(e.getMessage());
    }
  }

  /** How dispatch behaves, with these workers if it is a hub's. */
  Dispatch.Policy policy(Workers workers) {
    Duration patience =
        daemon || settings.isSet(Setting.READINESS_WAIT)
            ? settings.duration(Setting.READINESS_WAIT)
            : ONE_SHOT_PATIENCE;
    return new Dispatch.Policy(
        brokerSettings.hub() ? workers::slots : this::ownSlots,
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
    return brokerSettings.executes();
  }

  /** The version that a batch is accepted for; a hub that executes nothing has none. */
  Supplier<Optional<String>> aiperfVersion(AiperfFinder aiperf) {
    return () -> executes() ? version(aiperf.find()) : Optional.empty();
  }

  Workers workers(WorkerListener news) {
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
        ? Optional.of(unusable.message())
        : Optional.empty();
  }
}
