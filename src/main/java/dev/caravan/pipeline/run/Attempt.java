package dev.caravan.pipeline.run;

import dev.caravan.pipeline.outcome.Judgment;
import dev.caravan.pipeline.outcome.RunMetadata;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.process.StopSignal;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * One execution of a run that is about to start.
 *
 * @param task the task it belongs to
 * @param number from 1
 * @param launch the process to start; empty when it must not be started
 * @param refusal the judgment on an attempt that must not be started; otherwise empty
 * @param stop ends the process early
 * @param executed the argv to record, without the API key
 * @param key the API key that it uses; empty when there is none
 * @param live whether to log aiperf's output while it runs
 * @param aiperfVersion version of aiperf; empty when there is none
 * @param recorder records what happens around the process; empty when it must not be started
 */
public record Attempt(
    RunTask task,
    int number,
    Optional<Launch> launch,
    Optional<Judgment> refusal,
    StopSignal stop,
    List<String> executed,
    Optional<Secret> key,
    boolean live,
    String aiperfVersion,
    Optional<EnvironmentRecorder> recorder) {

  public Attempt {
    executed = List.copyOf(executed);
  }

  /** Masks the secrets in what aiperf writes. */
  Masking masking() {
    return RunSecrets.masking(key.map(Secret::value), task.run().parameters());
  }

  /**
   * The content of run_metadata.json.
   *
   * @param worker the worker that makes the attempt; empty when there is no hub
   * @param duration of its process; empty until it has ended
   */
  RunMetadata metadata(String worker, OffsetDateTime start, Optional<Duration> duration) {
    return RunMetadata.of(task.run(), worker, number, aiperfVersion, start, duration);
  }

  /** Starts the process, registers it with the reaper while it runs, and waits for its exit. */
  public ProcessExit start(ProcessRunner runner, OrphanReaper reaper) {
    return launch
        .map(
            launch ->
                live && LiveOutput.isLogged()
                    ? runLive(runner, reaper, launch)
                    : run(runner, reaper, launch))
        .orElseGet(() -> ProcessExit.withoutProcess(ProcessExit.How.NOT_STARTED, ""));
  }

  @SuppressWarnings("try")
  private ProcessExit runLive(ProcessRunner runner, OrphanReaper reaper, Launch launch) {
    try (LiveOutput output = LiveOutput.of(masking(), launch.stdout(), launch.stderr())) {
      return run(runner, reaper, launch);
    }
  }

  private ProcessExit run(ProcessRunner runner, OrphanReaper reaper, Launch launch) {
    return reaper.run(runner, launch, stop, () -> recorder.ifPresent(EnvironmentRecorder::started));
  }
}
