package dev.caravan.pipeline.run;

import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.ProcessRecord;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.StopSignal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One execution of a run that is about to start.
 *
 * @param task the order it belongs to
 * @param number from 1
 * @param launch the process to start; empty when it cannot be started safely
 * @param refusal why there is no launch; else empty
 * @param stop ends it early
 * @param executed the argv as it may be recorded, without a key
 * @param masking hides key values in what aiperf writes
 * @param live whether its output is logged as it comes
 * @param aiperfVersion version of the aiperf that runs it; empty when there is none
 */
public record Attempt(
    RunTask task,
    int number,
    Optional<Launch> launch,
    String refusal,
    StopSignal stop,
    List<String> executed,
    Masking masking,
    boolean live,
    String aiperfVersion) {

  public Attempt {
    executed = List.copyOf(executed);
  }

  /** Starts it, notes its process for as long as it lives, and waits for its end. */
  public ProcessExit start(ProcessRunner runner, OrphanReaper notes) {
    return launch
        .map(ready -> live ? runLive(runner, notes, ready) : run(runner, notes, ready))
        .orElseGet(() -> ProcessExit.withoutProcess(ProcessExit.How.NOT_STARTED, refusal));
  }

  @SuppressWarnings("try")
  private ProcessExit runLive(ProcessRunner runner, OrphanReaper notes, Launch ready) {
    try (LiveOutput output = LiveOutput.of(masking, ready.stdout(), ready.stderr())) {
      return run(runner, notes, ready);
    }
  }

  private ProcessExit run(ProcessRunner runner, OrphanReaper notes, Launch ready) {
    AtomicReference<ProcessRecord> noted = new AtomicReference<>();
    try {
      return runner.run(
          ready,
          stop,
          process -> {
            noted.set(process);
            notes.add(process);
          });
    } finally {
      Optional.ofNullable(noted.get()).ifPresent(notes::remove);
    }
  }
}
