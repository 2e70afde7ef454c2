package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Version;
import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.HostFacts;
import dev.caravan.pipeline.environment.Moment;
import dev.caravan.pipeline.environment.PhaseMark;
import dev.caravan.pipeline.environment.PromptDigest;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.RunFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records what Caravan sees around an attempt; begins when it is made, just before aiperf. */
final class EnvironmentRecorder {

  private final int attempt;
  private final AiperfInstall.Usable aiperf;
  private final RunFolder folder;
  private final PhaseOutput output;
  private final ServiceWatch.Watched service;
  private final Moment before = Moment.nowWithLoad();

  EnvironmentRecorder(
      int attempt,
      AiperfInstall.Usable aiperf,
      RunFolder folder,
      PhaseOutput output,
      ServiceWatch.Watched service) {
    this.attempt = attempt;
    this.aiperf = aiperf;
    this.folder = folder;
    this.output = output;
    this.service = service;
  }

  /**
   * An attempt whose process has ended.
   *
   * @param recorder what was recorded before
   * @param after the host at the end
   * @param marks the phases that aiperf reported
   * @param service the service, asked once more
   */
  record Ended(
      EnvironmentRecorder recorder,
      Moment after,
      List<PhaseMark> marks,
      ServiceWatch.Asked service) {

    /** All that was recorded; waits for the answers of the service. */
    Environment environment() {
      return new Environment(
          recorder.attempt,
          HostFacts.read(),
          recorder.client(),
          recorder.before,
          after,
          marks,
          service.sightings(),
          PromptDigest.of(recorder.folder.inputs()));
    }
  }

  /** Records the end; to be called as soon as the process has ended. */
  Ended ended(ProcessExit exit) {
    output.read();
    boolean isComplete = exit.how() == ProcessExit.How.EXITED; // else nobody reads its numbers
    return new Ended(
        this, Moment.nowWithLoad(), output.marks(), isComplete ? service.ask() : service.skip());
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
