package dev.caravan.app;

import static java.util.Map.entry;

import dev.caravan.app.camel.AiperfBinding;
import dev.caravan.app.camel.AiperfExecutor;
import dev.caravan.app.camel.RouteErrorLogger;
import dev.caravan.app.camel.TargetComponent;
import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.accept.DeadLetterStore;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.hooks.HookRunner;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.run.HookStep;
import dev.caravan.pipeline.run.HostLocks;
import dev.caravan.pipeline.run.LaunchFactory;
import dev.caravan.pipeline.run.LoadedTokenizers;
import dev.caravan.pipeline.run.OrphanReaper;
import dev.caravan.pipeline.run.Preflight;
import dev.caravan.pipeline.run.QuietWait;
import dev.caravan.pipeline.run.RunPolicy;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.pipeline.run.RunTree;
import dev.caravan.pipeline.run.ServiceWatch;
import dev.caravan.pipeline.run.TargetProbes;
import dev.caravan.pipeline.run.Tokenizers;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.SecretStore;
import dev.caravan.storage.UserCache;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts that execute runs: for a daemon without workers, a command, or a worker's spool. */
final class RunComponents implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunComponents.class);

  final RunStage runs;
  final HostLocks locks;
  final OrphanReaper orphans;
  final HookRunner hookRunner;
  private final TargetClient client;
  private final ServiceWatch services;
  private final Map<String, Object> beans;

  /**
   * Creates the parts.
   *
   * @param aiperf finds the aiperf that executes them
   * @param tree the runs to execute
   * @param listeners are notified when a run starts
   * @param daemon whether several batches may run, so that log lines name theirs
   */
  RunComponents(
      Settings settings,
      Home home,
      DurableFiles files,
      AiperfFinder aiperf,
      RunTree tree,
      PipelineListeners listeners,
      boolean daemon) {
    SecretStore secrets = SecretStore.of(settings);
    RunPolicy policy = RunPolicy.of(settings, !daemon);
    client = new TargetClient(policy.environment());
    client.warnings().forEach(LOG::warn);
    orphans = new OrphanReaper(home, policy.temp(), files);
    services = new ServiceWatch(secrets, client);
    TargetProbes probes = new TargetProbes(secrets, client);
    LaunchFactory launches = new LaunchFactory(aiperf, secrets, policy, services);
    Tokenizers tokenizers = new Tokenizers(aiperf, policy, loaded(settings, files, daemon));
    ProcessRunner processes = new ProcessRunner();
    HookRunner.Execution execution = (launch, stop) -> orphans.run(processes, launch, stop);
    hookRunner = new HookRunner(settings, home, files, execution, daemon);
    AttemptHooks hooks = new AttemptHooks(hookRunner);
    locks = HostLocks.of(settings);
    runs = new RunStage(tree, probes, locks, launches, hooks, daemon);
    beans =
        Map.ofEntries(
            entry("json", Json.TYPED),
            entry("runs", runs),
            entry("hooks", new HookStep(runs)),
            entry("probes", probes),
            entry("preflight", new Preflight(runs, secrets, client, tokenizers)),
            entry("quiet", new QuietWait(runs, services)),
            entry("deadLetters", new DeadLetterStore(home, files)),
            entry("routeErrors", new RouteErrorLogger()),
            entry("aiperfBinding", new AiperfBinding()),
            entry("aiperfExecutor", new AiperfExecutor(processes, orphans, listeners)),
            entry("target", TargetComponent.of(client)),
            entry("targetHttpClient", (HttpClientConfigurer) client::configure));
  }

  /** A daemon remembers them while it lives; commands live too short for that. */
  private static LoadedTokenizers loaded(Settings settings, DurableFiles files, boolean daemon) {
    UserCache cache = UserCache.of(settings.environment());
    return new LoadedTokenizers(
        daemon ? Optional.empty() : Optional.of(cache.tokenizers()), files, InstantSource.system());
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName() {
    return beans;
  }

  @Override
  public void close() throws IOException {
    services.close();
    client.close();
  }
}
