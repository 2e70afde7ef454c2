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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the parts of Caravan from the settings of a home. */
final class ComponentFactory {

  private static final Logger LOG = LoggerFactory.getLogger(ComponentFactory.class);
  private static final Duration VERSION_LIMIT = Duration.ofSeconds(30);
  private static final Duration ONE_SHOT_PATIENCE = Duration.ofMinutes(10);

  private final Settings settings;
  private final Home home;
  private final SecretStore keys;
  private final boolean daemon;
  private final BrokerSettings brokerSettings;
  private final DiskGate disk;

  ComponentFactory(Settings settings, Home home, SecretStore keys, boolean daemon) {
    this.settings = settings;
    this.home = home;
    this.keys = keys;
    this.daemon = daemon;
    this.disk = DiskGate.of(settings, home);
    this.brokerSettings =
        daemon ? BrokerSettings.of(settings) : new BrokerSettings("none", "", "both");
  }

  /** The rules for a config named on the command line, which may use any key variable. */
  SourceRules commandRules(Path config) {
    return new SourceRules(
        additionalOptions(),
        settings.count(Setting.BATCH_MAX_RUNS, 1),
        List.of("*"),
        keys,
        false,
        new OutputRoots(home.root(), List.of(), true),
        InputFiles.ofCommand(config, home));
  }

  /** The rules for configs dropped into the inbox. */
  SourceRules inboxRules() {
    return rules(settings.list(Setting.KEYS_ALLOWED));
  }

  /** The rules for configs by message: no key variables unless the settings allow some. */
  SourceRules messageRules() {
    return rules(settings.list(Setting.KEYS_ALLOWED_MESSAGES));
  }

  /** The rules for configs by HTTP: no key variables unless the settings allow some. */
  SourceRules httpRules() {
    return rules(
        settings.isSet(Setting.KEYS_ALLOWED) ? settings.list(Setting.KEYS_ALLOWED) : List.of());
  }

  private SourceRules rules(List<String> keysAllowed) {
    return new SourceRules(
        additionalOptions(),
        settings.count(Setting.BATCH_MAX_RUNS, 1),
        keysAllowed,
        keys,
        !brokerSettings.executes(),
        outputRoots(),
        InputFiles.ofInbox(home));
  }

  /** What pages and the API need. */
  WebContext webContext(
      BatchStore batches,
      BatchFinder finder,
      ControlStore controls,
      Recorder recorder,
      Supplier<DaemonStatus> status,
      List<HealthCheck> checks,
      PageUpdates pageUpdates) {
    return new WebContext(
        settings,
        home,
        batches,
        finder,
        controls,
        httpRules(),
        outputRoots(),
        recorder,
        status,
        disk,
        checks,
        pageUpdates,
        new RunSecrets(keys));
  }

  List<HealthCheck> healthChecks(
      AiperfFinder aiperf, Supplier<DaemonStatus> status, RunStage runs) {
    return new HealthChecks(settings, home, disk, aiperf::find, status, runs::overdue)
        .all().stream().filter(check -> executes() || !check.name().equals("aiperf")).toList();
  }

  HashSet<String> additionalOptions() {
    return new HashSet<>(settings.list(Setting.AIPERF_OPTIONS_ALLOWED));
  }

  OutputRoots outputRoots() {
    return new OutputRoots(home.root(), resultsFolders(), !daemon);
  }

  List<Path> resultsRoots() {
    return settings.list(Setting.RESULTS_ROOTS).stream().map(home.root()::resolve).toList();
  }

  SettledFiles settledFiles() {
    return new SettledFiles(settings.duration(Setting.INBOX_SETTLE), System::nanoTime);
  }

  AiperfFinder aiperfFinder() {
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
        tempFolder(),
        !daemon && LOG.isDebugEnabled());
  }

  static Path tempFolder() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  RunFolderWriter runFolderWriter(DurableFiles durableFiles) {
    return runFolderWriter(durableFiles, home, "");
  }

  /** The writer of a worker, whose dead letters stay in its spool: the hub writes the real ones. */
  RunFolderWriter workerRunFolderWriter(DurableFiles durableFiles, String worker) {
    return runFolderWriter(durableFiles, new Home(WorkerService.spoolFolder(home)), worker);
  }

  private RunFolderWriter runFolderWriter(
      DurableFiles durableFiles, Home deadLetterHome, String worker) {
    int maxLost = settings.count(Setting.RUN_MAX_LOST, 1);
    return new RunFolderWriter(
        durableFiles, new RunDeadLetters(deadLetterHome, durableFiles), keys, maxLost, worker);
  }

  BatchReports batchReports(DurableFiles durableFiles, BatchStore batches) {
    return new BatchReports(
        durableFiles, batches, settings.duration(Setting.REPORT_INTERVAL), System::nanoTime);
  }

  HostLocks hostLocks() {
    Setting parallel =
        settings.text(Setting.HOST_PARALLEL).isBlank() ? Setting.WORKERS : Setting.HOST_PARALLEL;
    return new HostLocks(
        home.root().resolve(settings.text(Setting.LOCKS_DIR)),
        settings.count(parallel, 1),
        "home " + home.root());
  }

  /** Closed without a usable aiperf (unless workers execute the runs) or on a full disk. */
  ReleaseGate releaseGate(AiperfFinder aiperf) {
    return brokerSettings.hub() ? disk : () -> unusable(aiperf.find()).or(disk::closedReason);
  }

  /** Closed while a disk that may hold results is nearly full: one gate for all that ask. */
  DiskGate disk() {
    return disk;
  }

  /** The folders in which batches may be: the home and the configured results roots. */
  List<Path> resultsFolders() {
    List<Path> folders = new ArrayList<>(List.of(home.root()));
    folders.addAll(resultsRoots());
    return folders;
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

  /** The policy of dispatch; a hub's capacity is that of these workers. */
  Dispatch.Policy dispatchPolicy(Workers workers) {
    Duration patience =
        daemon || settings.isSet(Setting.READINESS_WAIT)
            ? settings.duration(Setting.READINESS_WAIT)
            : ONE_SHOT_PATIENCE;
    return new Dispatch.Policy(
        brokerSettings.hub() ? workers::slots : this::ownSlots,
        settings.duration(Setting.READINESS_INTERVAL),
        patience);
  }

  /** The capacity without a hub: a daemon serves its own pools only, a command any pool. */
  private int ownSlots(String pool) {
    boolean serves = !daemon || settings.list(Setting.WORKER_POOLS).contains(pool);
    return serves ? settings.count(Setting.WORKERS, 1) : 0;
  }

  /** Whether this process executes runs. */
  boolean executes() {
    return brokerSettings.executes();
  }

  /** The aiperf version that batches are accepted for; empty on a hub that executes nothing. */
  Supplier<Optional<String>> aiperfVersion(AiperfFinder aiperf) {
    return () -> executes() ? version(aiperf.find()) : Optional.empty();
  }

  Workers workers(WorkerListener listener) {
    return new Workers(
        settings.duration(Setting.WORKER_HEARTBEAT).multipliedBy(3), System::nanoTime, listener);
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
