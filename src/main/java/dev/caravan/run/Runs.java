package dev.caravan.run;

import dev.caravan.batch.Batches;
import dev.caravan.batch.KeyStore;
import dev.caravan.batch.OutputRoots;
import dev.caravan.batch.Run;
import dev.caravan.batch.Tree;
import dev.caravan.config.Parameters;
import dev.caravan.exec.AiperfFinder;
import dev.caravan.exec.Ended;
import dev.caravan.health.Readiness;
import dev.caravan.health.TargetClient;
import dev.caravan.health.TargetReply;
import dev.caravan.health.TargetUrls;
import dev.caravan.run.RunReport.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run stage: what its route does with an order, step by step. */
public final class Runs {

  private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

  private final Batches batches;
  private final OutputRoots roots;
  private final KeyStore keys;
  private final TargetClient client;
  private final Attempts attempts;
  private final Launches launches;
  private final RunFiles files;
  private final RunLines lines;
  private final Underway underway = new Underway();

  public Runs(
      Tree tree,
      Batches batches,
      OutputRoots roots,
      KeyStore keys,
      TargetClient client,
      AiperfFinder aiperf,
      RunPolicy policy) {
    this.batches = batches;
    this.roots = roots;
    this.keys = keys;
    this.client = client;
    this.attempts = new Attempts(tree);
    this.launches = new Launches(aiperf, keys, policy);
    this.files = new RunFiles(tree);
    this.lines = new RunLines(policy.prefixLines());
  }

  /**
   * Reads an order and finds its run. An order for a run that is done already is answered so.
   *
   * @throws NoRunException when the message is no run that this Caravan may execute
   */
  public RunTask take(String json) throws NoRunException {
    RunOrder order = order(json);
    Run run = run(order);
    RunTask task =
        new RunTask(
            order, run, TargetUrls.probe(run.parameters()), Optional.empty(), Optional.empty());
    if (files.isFinal(run)) {
      return task.with(Kind.ENDED, "");
    }
    if (underway.stopping().isPresent()) {
      return task.with(Kind.STOPPED, underway.stopping().get());
    }
    return order.endingAsked().isPresent() ? end(task, order.endingAsked().get()) : task;
  }

  /** The Authorization header for the probe; null, so that none is sent, without a key. */
  public String authorization(RunTask task) {
    return key(task.run().parameters()).map(value -> "Bearer " + value).orElse(null);
  }

  /** The target's answer to the probe. */
  public RunTask answered(RunTask task, int code, String location, String retryAfter, String body) {
    TargetReply reply =
        new TargetReply(
            code,
            Optional.ofNullable(location),
            Optional.ofNullable(retryAfter),
            Optional.ofNullable(body).orElse(""));
    return task.with(Readiness.of(question(task), keyless(task, reply)));
  }

  /**
   * No answer came to the probe. What is no network failure is a url that camel-http cannot send to
   * (a host name with an underscore, say), though aiperf can: then the client is asked directly.
   */
  public RunTask unanswered(RunTask task, Exception failure) {
    return task.with(
        failure instanceof IOException
            ? Readiness.of(question(task), failure)
            : ask(task.run().parameters()));
  }

  /** Asks a run's target outside of the route: before a one-shot starts, and after a failed run. */
  public Readiness ask(Parameters parameters) {
    Optional<URI> uri = TargetUrls.probe(parameters);
    if (uri.isEmpty()) {
      return new Readiness(true, "not asked");
    }
    Readiness.Question question = new Readiness.Question(uri.get(), parameters.apiKeyEnvVar());
    try {
      return Readiness.of(question, client.ask(uri.get(), key(parameters)));
    } catch (IOException e) {
      return Readiness.of(question, e);
    }
  }

  /** Clears the run folder of an earlier attempt and makes the next one ready to start. */
  public Attempt prepare(RunTask task) throws IOException {
    Path folder = task.run().folder();
    if (attempts.holdsOne(folder)) {
      files.explainLost(task.run());
      attempts.setAside(folder);
    }
    Attempt attempt = launches.attempt(task, attempts.next(folder));
    files.started(attempt);
    lines.started(attempt);
    underway.add(attempt);
    return attempt;
  }

  /** Judges an attempt that ended and writes what happened into the run folder. */
  public RunTask finish(Attempt attempt, Ended ended) throws IOException {
    try {
      Parameters parameters = attempt.task().run().parameters();
      boolean stopped = ended.how() == Ended.How.STOPPED;
      lines.ended(
          attempt.task().run(),
          files.ended(attempt, ended, !stopped, () -> ask(parameters).ready()));
      return stopped
          ? attempt.task().with(Kind.STOPPED, ended.words())
          : attempt.task().with(Kind.ENDED, "");
    } finally {
      underway.remove(attempt);
    }
  }

  /** The report on a task, as message text. */
  public String report(RunTask task) {
    RunReport report =
        task.result()
            .orElseGet(
                () ->
                    RunReport.on(
                        task.order(), Kind.NOT_READY, task.readiness().orElseThrow().words()));
    return report.json();
  }

  /** Records that Caravan itself failed over an order; the report, as message text. */
  public String internalError(String json, Exception failure) throws NoRunException {
    LOG.error("Internal error over a run", failure);
    RunOrder order = order(json);
    underway.forget(order.runId());
    String words = failure.toString();
    try {
      RunOrder.Ending ending = new RunOrder.Ending("failed", "internal_error", words);
      files.notExecuted(run(order), attempts.next(run(order).folder()), ending);
      return RunReport.on(order, Kind.ENDED, words).json();
    } catch (IOException e) {
      LOG.error("Not even its result could be written: {}", order.runId(), e);
      return RunReport.on(order, Kind.INTERNAL_ERROR, words).json();
    }
  }

  /** Ends what is running and starts nothing more; {@code words} say why. */
  public void stop(String words) {
    underway.stop(words);
  }

  /** Waits until nothing is running. */
  public void awaitIdle() throws InterruptedException {
    underway.awaitNone();
  }

  private RunTask end(RunTask task, RunOrder.Ending ending) {
    Run run = task.run();
    try {
      if (attempts.holdsOne(run.folder())) {
        files.explainLost(run);
        attempts.setAside(run.folder());
      }
      lines.ended(run, files.notExecuted(run, attempts.next(run.folder()), ending));
      return task.with(Kind.ENDED, ending.reason());
    } catch (IOException e) {
      LOG.error("Cannot write the result of {}", run.id(), e);
      return task.with(Kind.INTERNAL_ERROR, e.toString());
    }
  }

  private static RunOrder order(String json) throws NoRunException {
    try {
      return RunOrder.of(json);
    } catch (IllegalArgumentException e) {
      throw new NoRunException("not a run order: " + e.getMessage(), e);
    }
  }

  private Run run(RunOrder order) throws NoRunException {
    Path folder = Path.of(order.batchFolder());
    if (!roots.holds(folder)) {
      throw new NoRunException("lies outside of the results roots: " + folder);
    }
    try {
      return batches.load(folder).run(order.runIndex());
    } catch (IOException | IllegalArgumentException e) {
      throw new NoRunException("no such run: " + e.getMessage(), e);
    }
  }

  private Optional<String> key(Parameters parameters) {
    return parameters.apiKeyEnvVar().flatMap(keys::value);
  }

  private TargetReply keyless(RunTask task, TargetReply reply) {
    return key(task.run().parameters()).map(reply::without).orElse(reply);
  }

  private static Readiness.Question question(RunTask task) {
    return new Readiness.Question(
        task.probe().orElseThrow(), task.run().parameters().apiKeyEnvVar());
  }
}
