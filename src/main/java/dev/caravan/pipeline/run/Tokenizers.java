package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.model.Cause;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.TokenizerWords;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.TokenizerCheck;
import dev.caravan.pipeline.target.ReadinessText;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Loads the tokenizers of runs to see whether they can be loaded, in the background while the
 * target is being probed. A tokenizer that loaded is not loaded again while nothing that it depends
 * on has changed; one that did not is tried again each time. Thread-safe.
 */
public final class Tokenizers {

  private static final String REVISION = "tokenizer_revision";
  private static final int MAX_LENGTH = 300;

  private final TokenizerCheck check;
  private final AiperfFinder aiperf;
  private final LoadedTokenizers loaded;
  private final Map<String, Loading> begun = new ConcurrentHashMap<>();

  /** A tokenizer being loaded; the signal ends that. */
  private record Loading(FutureTask<PreflightResult> result, StopSignal stop) {}

  /**
   * Loads tokenizers.
   *
   * @param policy aiperf's environment and folders
   * @param loaded what loaded before
   */
  public Tokenizers(AiperfFinder aiperf, RunPolicy policy, LoadedTokenizers loaded) {
    this.check =
        new TokenizerCheck(
            policy.environment(), policy.directory(), policy.temp(), TokenizerCheck.LIMIT);
    this.aiperf = aiperf;
    this.loaded = loaded;
  }

  /** The parameters that decide which tokenizer aiperf loads. */
  static List<String> keys(Parameters run) {
    return run.tokenizer().isPresent()
        ? List.of("tokenizer", REVISION)
        : List.of("tokenizer", "model", REVISION);
  }

  /**
   * Whether aiperf loads a tokenizer: not when the endpoint takes no text, nor when the target
   * counts tokens and the prompts come from a file.
   */
  static boolean isNeeded(Parameters run) {
    boolean targetCounts = Boolean.TRUE.equals(run.values().get("use_server_token_count"));
    return run.endpointType().tokenizesInput() && (!targetCounts || run.inputFile().isEmpty());
  }

  /** Begins to load the tokenizer of a run in the background. */
  void begin(Run run) {
    StopSignal stop = new StopSignal();
    FutureTask<PreflightResult> result = new FutureTask<>(() -> loadNow(run.parameters(), stop));
    Thread thread = new Thread(result, "tokenizer-check");
    thread.setDaemon(true);
    thread.start();
    end(Optional.ofNullable(begun.put(run.key(), new Loading(result, stop))));
  }

  /** Whether the tokenizer of a run can be loaded; waits if that has begun. */
  PreflightResult load(Run run, StopSignal stop) throws IOException {
    Loading loading = begun.remove(run.key());
    if (loading == null) {
      return loadNow(run.parameters(), stop);
    }
    stop.whenStopped(() -> loading.stop().stop(stop.message().orElseThrow()));
    try {
      return loading.result().get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } catch (InterruptedException e) {
      loading.stop().stop("interrupted");
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a tokenizer was being loaded");
    }
  }

  /** Ends the loading that was begun for a run that does not start now. */
  void leave(Run run) {
    end(Optional.ofNullable(begun.remove(run.key())));
  }

  private static void end(Optional<Loading> loading) {
    loading.ifPresent(begun -> begun.stop().stop("the run does not start now"));
  }

  private PreflightResult loadNow(Parameters run, StopSignal stop) throws IOException {
    if (!(aiperf.find() instanceof AiperfInstall.Usable install)
        || install.interpreter().isEmpty()) {
      return PreflightResult.PASSED; // cannot be checked without aiperf
    }
    return load(install.interpreter().get(), request(run), stop);
  }

  private PreflightResult load(Path interpreter, TokenizerCheck.Request request, StopSignal stop)
      throws IOException {
    if (check.fingerprint(interpreter, request).filter(loaded::contains).isPresent()) {
      return PreflightResult.PASSED;
    }
    TokenizerCheck.Result result = check.load(interpreter, request, stop);
    String message = ReadinessText.clean(result.message(), MAX_LENGTH);
    return switch (result.kind()) {
      case LOADED -> {
        // Only now: loading may have downloaded the files.
        check.fingerprint(interpreter, request).ifPresent(loaded::add);
        yield PreflightResult.PASSED;
      }
      case UNAVAILABLE ->
          PreflightResult.failed(Cause.TOKENIZER_UNAVAILABLE, TokenizerWords.withWayOut(message));
      case UNKNOWN -> PreflightResult.warning("cannot check the tokenizer: " + message);
    };
  }

  private static TokenizerCheck.Request request(Parameters run) {
    return new TokenizerCheck.Request(
        run.model(), run.tokenizer(), String.valueOf(run.options().getOrDefault(REVISION, "main")));
  }
}
