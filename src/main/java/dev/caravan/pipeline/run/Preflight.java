package dev.caravan.pipeline.run;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.pipeline.target.ReadinessText;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks, once before the first run of a batch, what all its runs need: that the target serves the
 * model, by a one-token completion with the run's endpoint, model, key and streaming mode, and that
 * the tokenizer loads. Otherwise a wrong model name causes thousands of failing requests, and a
 * missing tokenizer wastes 48 s per run.
 *
 * <p>A failed check fails the run with its cause and, if it concerns all runs of the batch, ends
 * the batch. In a sweep over a checked parameter (model, url, tokenizer, …) each combination is
 * checked once, and a bad one fails only its own runs: the later ones fail immediately with the
 * cached result; a run that is retried is checked again. A temporary error (429, 5xx, no response)
 * leaves the target not ready, and the check is repeated later. An error that proves nothing about
 * the runs (such as 400 for a prompt of one word) is only logged as a warning.
 *
 * <p>A completion that is served shows that a target is ready even if it refused the probe before,
 * as gateways do that block the list of models.
 *
 * <p>Results are cached in memory only, so a batch is checked again after a restart. The completion
 * is also repeated before the retry of a run that lost its target, so that no attempt is wasted on
 * a target that is still loading.
 */
public final class Preflight {

  /** The parameters that the result of a completion depends on. */
  private static final List<String> COMPLETION =
      List.of(
          "url",
          "endpoint",
          "endpoint_type",
          "model",
          "api_key_env_var",
          "streaming",
          "use_legacy_max_tokens");

  /** The parameters that a completion of more than one token depends on as well. */
  private static final List<String> LENGTH = List.of("prompt_output_tokens_mean", "extra_inputs");

  private static final int MAX_LENGTH = 300;
  private static final int MAX_MODELS = 5;
  private static final int MAX_CACHED = 1_000;

  private final RunStage runs;
  private final CompletionClient completions;
  private final Tokenizers tokenizers;
  private final Recent<Object, PreflightResult> cache = new Recent<>(MAX_CACHED);

  /**
   * The preflight of a run stage.
   *
   * @param runs the run stage
   * @param tokenizers loads tokenizers
   */
  public Preflight(RunStage runs, SecretStore secrets, TargetClient client, Tokenizers tokenizers) {
    this.runs = runs;
    this.completions = new CompletionClient(secrets, client);
    this.tokenizers = tokenizers;
  }

  /** Performs a check. */
  @FunctionalInterface
  private interface Action {
    PreflightResult perform(Run run, StopSignal stop) throws IOException;
  }

  /**
   * One of the checks.
   *
   * @param keys the parameters that its result depends on
   * @param lengthKeys the parameters that a result {@code ofLength} depends on as well
   */
  private record Check(String name, List<String> keys, List<String> lengthKeys, Action action) {

    /**
     * Equal for two runs of a batch with the same result. Uses the claim id, since on a worker each
     * run has its own batch folder.
     */
    List<Object> cacheKey(Run run, boolean ofLength) {
      List<Object> cacheKey = new ArrayList<>(List.of(run.batch().record().claimId(), name));
      Parameters parameters = run.parameters();
      keys(ofLength).forEach(key -> cacheKey.add(value(parameters, key)));
      return cacheKey;
    }

    private List<String> keys(boolean ofLength) {
      return ofLength ? Stream.concat(keys.stream(), lengthKeys.stream()).toList() : keys;
    }

    /** Whether this result shows that the target serves what the run will request. */
    boolean provesReadiness(PreflightResult result) {
      return keys.equals(COMPLETION) && result.kind() == PreflightResult.Kind.PASSED;
    }

    /**
     * Which runs of the batch a failed check concerns. Not the whole batch if a hook may change
     * what the next run meets.
     */
    Scope scope(Run run, PreflightResult result) {
      List<String> relevant = keys(result.ofLength());
      BenchmarkConfig config = run.batch().config();
      boolean differs =
          config.matrix().differing().stream().anyMatch(relevant::contains) || config.hasRunHooks();
      return differs ? Scope.COMBINATION : Scope.BATCH;
    }
  }

  /** Begins to load the tokenizer, if that is due, while the target is being probed. */
  public RunTask begin(RunTask task) {
    if (task.result().isEmpty() && task.rules().preflight()) {
      checks(task.run().parameters()).stream()
          .filter(check -> check.keys().contains("tokenizer"))
          .filter(check -> find(task.run(), check).isEmpty())
          .forEach(check -> tokenizers.begin(task.run()));
    }
    return task;
  }

  /** Performs the checks that are due; if one fails, the returned task has its report. */
  public RunTask check(RunTask task) throws IOException {
    try {
      return task.needsPreflight() ? checkAll(task) : task;
    } finally {
      tokenizers.leave(task.run());
    }
  }

  private RunTask checkAll(RunTask task) throws IOException {
    RunTask checked = task;
    for (Check check : checks(task.run().parameters())) {
      checked = check(checked, check);
      if (checked.result().isPresent()) {
        return checked;
      }
    }
    return checked;
  }

  private RunTask check(RunTask task, Check check) throws IOException {
    Optional<PreflightResult> cached = find(task.run(), check);
    if (cached.filter(PreflightResult::mayStart).isPresent() && !isOutdated(task.run(), check)) {
      return check.provesReadiness(cached.get()) ? accepted(task) : task;
    }
    boolean isKnown = runs.files().nextAttempt(task.run()) == 1 && !wasPrepared(task.run());
    if (cached.isPresent() && isKnown) {
      return apply(cached.get(), task, check);
    }
    StopSignal stop = runs.beginPreflight(task);
    try {
      PreflightResult result = check.action().perform(task.run(), stop);
      if (stop.message().isPresent()) {
        return runs.stopped(task, stop.message().get());
      }
      if (result.kind() != PreflightResult.Kind.NOT_READY) {
        cache.put(check.cacheKey(task.run(), result.ofLength()), result);
      }
      return apply(result, task, check);
    } finally {
      runs.endPreflight(task);
    }
  }

  private Optional<PreflightResult> find(Run run, Check check) {
    return cache.find(check.cacheKey(run, false)).or(() -> cache.find(check.cacheKey(run, true)));
  }

  /**
   * After a lost target, and after a hook that may have restarted it, since a target may answer the
   * probe long before it completes anything.
   */
  private boolean isOutdated(Run run, Check check) throws IOException {
    return check.keys().equals(COMPLETION) && (runs.files().lostItsTarget(run) || wasPrepared(run));
  }

  private boolean wasPrepared(Run run) throws IOException {
    return AttemptHooks.expectsChange(run, runs.files().nextAttempt(run));
  }

  private RunTask apply(PreflightResult result, RunTask task, Check check) throws IOException {
    return switch (result.kind()) {
      case PASSED -> check.provesReadiness(result) ? noted(task) : task;
      case WARNING -> warn(task, result.message());
      case NOT_READY -> task.with(Kind.NOT_READY, result.message());
      case FAILED ->
          runs.end(
              task,
              new RunOrder.Ending(Outcome.FAILED.value(), result.cause(), result.message()),
              check.scope(task.run(), result));
    };
  }

  private RunTask noted(RunTask task) {
    RunTask accepted = accepted(task);
    return task.isRefused() ? warn(accepted, accepted.readiness().orElseThrow().message()) : task;
  }

  /** A task whose target is ready, since it accepted what the run will request. */
  private static RunTask accepted(RunTask task) {
    return task.isRefused()
        ? task.with(task.readiness().orElseThrow().confirmedByCompletion())
        : task;
  }

  private RunTask warn(RunTask task, String message) {
    runs.warn(task.run(), task.run().parameters().url() + ": " + message);
    return task;
  }

  private List<Check> checks(Parameters run) {
    Check completion = new Check("completion", COMPLETION, LENGTH, this::requestCompletion);
    Check tokenizer = new Check("tokenizer", Tokenizers.keys(run), List.of(), tokenizers::load);
    return Stream.of(completion, tokenizer)
        .filter(check -> check != completion || run.endpointType().supportsCompletion())
        .filter(check -> check != tokenizer || Tokenizers.isNeeded(run))
        .toList();
  }

  private PreflightResult requestCompletion(Run run, StopSignal stop) {
    Parameters parameters = run.parameters();
    List<String> served = ServiceWatch.mayAsk(run) ? completions.models(parameters) : List.of();
    if (!served.isEmpty() && !CompletionReply.lists(served, parameters.model())) {
      String model = ReadinessText.clean(parameters.model(), MAX_LENGTH);
      runs.warn(run, parameters.url() + " serves " + shorten(served) + ", not " + model);
    }
    return completions.request(parameters, served, stop);
  }

  private static String shorten(List<String> models) {
    String first = String.join(", ", models.subList(0, Math.min(MAX_MODELS, models.size())));
    String more =
        models.size() > MAX_MODELS ? " and " + (models.size() - MAX_MODELS) + " more" : "";
    return ReadinessText.clean(first, MAX_LENGTH) + more;
  }

  private static Object value(Parameters run, String key) {
    Object value = run.values().get(key);
    return Optional.ofNullable(value == null ? run.options().get(key) : value);
  }
}
