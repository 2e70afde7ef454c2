package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Version;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.HostFacts;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.PhaseMark;
import dev.caravan.pipeline.environment.PromptDigest;
import dev.caravan.pipeline.environment.ServiceSightings;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Records what Caravan sees around an attempt, from its construction just before aiperf starts. */
final class EnvironmentRecorder {

  private final int attempt;
  private final AiperfInstall.Usable aiperf;
  private final RunFolder folder;
  private final PhaseOutput output;
  private final Supplier<ServiceWatch.Watched> watch;
  private final CompletableFuture<ServiceWatch.Watched> service = new CompletableFuture<>();
  private final Moment before = Moment.nowWithLoad();

  /**
   * Records the start.
   *
   * @param watch begins to ask the service
   */
  EnvironmentRecorder(
      int attempt,
      AiperfInstall.Usable aiperf,
      RunFolder folder,
      PhaseOutput output,
      Supplier<ServiceWatch.Watched> watch) {
    this.attempt = attempt;
    this.aiperf = aiperf;
    this.folder = folder;
    this.output = output;
    this.watch = watch;
  }

  /**
   * An attempt whose process has ended.
   *
   * @param recorder what was recorded before
   * @param after the host at the end
   * @param marks the phases that aiperf reported
   * @param service the service, asked once more; empty when the process has not started
   */
  record Ended(
      EnvironmentRecorder recorder,
      Moment after,
      List<PhaseMark> marks,
      Optional<ServiceWatch.Asked> service) {

    /** All that was recorded; waits for the answers of the service. */
    Environment environment() {
      return new Environment(
          recorder.attempt,
          HostFacts.read(),
          recorder.client(),
          recorder.before,
          after,
          marks,
          service.map(ServiceWatch.Asked::sightings).orElse(ServiceSightings.NONE),
          PromptDigest.of(recorder.folder.inputs()));
    }
  }

  /**
   * Asks the service what it is; to be called once the process has started. aiperf takes far longer
   * to send its first request, so that the answers cost no time.
   */
  void started() {
    service.complete(watch.get());
  }

  /** Records the end; to be called as soon as the process has ended. */
  Ended ended(ProcessExit exit) {
    output.read();
    boolean isComplete = exit.how() == ProcessExit.How.EXITED; // otherwise its numbers are not read
    Optional<ServiceWatch.Asked> asked =
        Optional.ofNullable(service.getNow(null))
            .map(watched -> isComplete ? watched.ask() : watched.skip());
    return new Ended(this, Moment.nowWithLoad(), output.marks(), asked);
  }

  private Map<String, String> client() {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("aiperf", aiperf.version());
    aiperf.pythonVersion().ifPresent(version -> versions.put("python", version));
    versions.put("caravan", Version.CARAVAN);
    versions.put("java", System.getProperty("java.version"));
    return versions;
  }
}
