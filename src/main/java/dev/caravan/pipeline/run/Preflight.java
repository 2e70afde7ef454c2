package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.model.Cause;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.TokenizerCheck;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Reach;
import dev.caravan.pipeline.target.ReadinessText;
import dev.caravan.pipeline.target.TargetClient;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tries once, before the first run of a batch, what every run of it needs: that the target serves
 * the model, by a real completion of one token on the run's own endpoint with its model, key and
 * way of streaming, and that the tokenizer loads. A wrong model name would else make thousands of
 * failing requests, and a missing tokenizer spend 48 s a run.
 *
 * <p>What is hopeless fails the run with its cause and, when every run of the batch has it in
 * common, ends the batch. In a sweep over what was tried (models, urls, tokenizers, …) each
 * combination is tried once, and a bad one fails its own runs only: those of its runs that follow
 * fail at once over what was found, unless they are done again, when it is tried anew. What passes
 * by itself (429, 5xx, no answer) leaves the target not ready, to be tried again with patience. A
 * refusal that proves nothing about the runs (400 for one token, say) is a warning.
 *
 * <p>Findings are kept in memory only: after a restart a batch is tried again. A completion is also
 * tried again before a run that lost its target is, so that no attempt is spent on one that is not
 * back yet.
 */
public final class Preflight {

  /** What a completion depends on. */
  private static final List<String> COMPLETION =
      List.of(
          "url",
          "endpoint",
          "endpoint_type",
          "model",
          "api_key_env_var",
          "streaming",
          "use_legacy_max_tokens");

  private static final String REVISION = "tokenizer_revision";
  private static final int LONGEST = 300;
  private static final int MODELS_SHOWN = 5;

  private final RunStage runs;
  private final CompletionClient completions;
  private final TokenizerCheck tokenizers;
  private final AiperfFinder aiperf;
  private final PreflightMemory memory = new PreflightMemory();

  /**
   * A preflight.
   *
   * @param runs the stage it belongs to
   * @param policy gives aiperf's environment and folders
   */
  public Preflight(
      RunStage runs, SecretStore keys, TargetClient client, AiperfFinder aiperf, RunPolicy policy) {
    this.runs = runs;
    this.completions = new CompletionClient(keys, client);
    this.tokenizers =
        new TokenizerCheck(
            policy.environment(), policy.directory(), policy.temp(), TokenizerCheck.LIMIT);
    this.aiperf = aiperf;
  }

  /** Something to be tried. */
  @FunctionalInterface
  private interface Try {
    PreflightResult now(Run run, StopSignal stop) throws IOException;
  }

  /**
   * One question.
   *
   * @param keys what its answer depends on
   */
  private record Question(String name, List<String> keys, Try how) {

    /** Equal for two runs of a batch that have the same answer; a worker knows each by a folder. */
    List<Object> identity(Run run) {
      List<Object> identity = new ArrayList<>(List.of(run.batch().record().claimId(), name));
      keys.forEach(key -> identity.add(value(run.parameters(), key)));
      return identity;
    }

    /** Whether runs of the batch differ in it, so that others may fare better. */
    Reach reach(Run run) {
      boolean swept =
          run.batch().config().sweeps().entrySet().stream()
              .anyMatch(sweep -> keys.contains(sweep.getKey()) && sweep.getValue().size() > 1);
      return swept ? Reach.COMBINATION : Reach.BATCH;
    }
  }

  /** Tries what has not been tried yet; a task that may not start has its report then. */
  public RunTask check(RunTask task) throws IOException {
    if (!task.asksPreflight()) {
      return task;
    }
    for (Question question : questions(task.run().parameters())) {
      RunTask after = check(task, question);
      if (after.result().isPresent()) {
        return after;
      }
    }
    return task;
  }

  private RunTask check(RunTask task, Question question) throws IOException {
    List<Object> identity = question.identity(task.run());
    Optional<PreflightResult> known = memory.find(identity);
    if (known.filter(PreflightResult::passed).isPresent()
        && !isDoubtfulAgain(task.run(), question)) {
      return task;
    }
    if (known.isPresent() && runs.files().nextAttempt(task.run()) == 1) {
      return judged(task, question, known.get());
    }
    StopSignal stop = runs.begin(task);
    try {
      PreflightResult found = question.how().now(task.run(), stop);
      if (stop.message().isPresent()) {
        return runs.stopped(task, stop.message().get());
      }
      if (found.kind() != PreflightResult.Kind.NOT_READY) {
        memory.put(identity, found);
      }
      return judged(task, question, found);
    } finally {
      runs.done(task);
    }
  }

  /** A target that broke off a run may answer the probe long before it completes anything. */
  private boolean isDoubtfulAgain(Run run, Question question) throws IOException {
    return question.keys().equals(COMPLETION) && runs.files().lostItsTarget(run);
  }

  private RunTask judged(RunTask task, Question question, PreflightResult found)
      throws IOException {
    return switch (found.kind()) {
      case FINE -> task;
      case DOUBTFUL -> warned(task, found.message());
      case NOT_READY -> task.with(Kind.NOT_READY, found.message());
      case HOPELESS ->
          runs.end(
              task,
              new RunOrder.Ending("failed", found.cause(), found.message()),
              question.reach(task.run()));
    };
  }

  private RunTask warned(RunTask task, String message) {
    runs.warn(task.run(), task.run().parameters().url() + ": " + message);
    return task;
  }

  private List<Question> questions(Parameters run) {
    List<String> byTokenizer =
        run.tokenizer().isPresent()
            ? List.of("tokenizer", REVISION)
            : List.of("tokenizer", "model", REVISION);
    Question completion = new Question("completion", COMPLETION, this::complete);
    return needsTokenizer(run)
        ? List.of(completion, new Question("tokenizer", byTokenizer, this::load))
        : List.of(completion);
  }

  private PreflightResult complete(Run run, StopSignal stop) {
    Parameters parameters = run.parameters();
    List<String> served = completions.models(parameters);
    if (!served.isEmpty() && !served.contains(parameters.model())) {
      String model = ReadinessText.clean(parameters.model(), LONGEST);
      runs.warn(run, parameters.url() + " serves " + shown(served) + ", not " + model);
    }
    return completions.ask(parameters, stop);
  }

  private static String shown(List<String> models) {
    String first = String.join(", ", models.subList(0, Math.min(MODELS_SHOWN, models.size())));
    String more =
        models.size() > MODELS_SHOWN ? " and " + (models.size() - MODELS_SHOWN) + " more" : "";
    return ReadinessText.clean(first, LONGEST) + more;
  }

  private PreflightResult load(Run run, StopSignal stop) throws IOException {
    if (!(aiperf.find() instanceof AiperfInstall.Usable install)
        || install.interpreter().isEmpty()) {
      return PreflightResult.FINE; // It cannot be tried apart from aiperf; the first run will tell.
    }
    Parameters parameters = run.parameters();
    TokenizerCheck.Result answer =
        tokenizers.load(
            install.interpreter().get(),
            new TokenizerCheck.Request(
                parameters.model(),
                parameters.tokenizer(),
                String.valueOf(parameters.options().getOrDefault(REVISION, "main"))),
            stop);
    String message = ReadinessText.clean(answer.message(), LONGEST);
    return switch (answer.kind()) {
      case LOADED -> PreflightResult.FINE;
      case UNAVAILABLE -> PreflightResult.hopeless(Cause.TOKENIZER_UNAVAILABLE, message);
      case UNKNOWN -> PreflightResult.doubtful("the tokenizer could not be tried: " + message);
    };
  }

  /** aiperf loads none when the target counts and the prompts are given. */
  private static boolean needsTokenizer(Parameters run) {
    boolean targetCounts = Boolean.TRUE.equals(run.values().get("use_server_token_count"));
    return !targetCounts || run.inputFile().isEmpty();
  }

  private static Object value(Parameters run, String key) {
    Object own = run.values().get(key);
    return Optional.ofNullable(own == null ? run.options().get(key) : own);
  }
}
