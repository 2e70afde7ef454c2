package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.pipeline.process.AiperfCommand;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.AiperfInstall;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.TempFolder;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.SecretStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prepares the process of an attempt: its arguments come from the run alone, its environment from
 * an allow-list.
 */
public final class LaunchFactory {

  private static final String UI = "none";

  private final AiperfFinder aiperf;
  private final RunSecrets secrets;
  private final RunPolicy policy;

  public LaunchFactory(AiperfFinder aiperf, SecretStore secrets, RunPolicy policy) {
    this.aiperf = aiperf;
    this.secrets = new RunSecrets(secrets);
    this.policy = policy;
  }

  /** The attempt with this number, ready to start or with the reason why it cannot start. */
  Attempt attempt(RunTask task, int number) {
    Parameters parameters = parameters(task.run());
    Optional<Secret> key = secrets.of(parameters);
    if (parameters.apiKeyEnvVar().isPresent() && key.isEmpty()) {
      return refused(task, number, "$" + parameters.apiKeyEnvVar().get() + " is not set", "");
    }
    if (aiperf.find() instanceof AiperfInstall.Usable install) {
      return attempt(task, number, parameters, key, install);
    }
    return refused(task, number, ((AiperfInstall.Unusable) aiperf.find()).message(), "");
  }

  private Attempt attempt(
      RunTask task,
      int number,
      Parameters parameters,
      Optional<Secret> key,
      AiperfInstall.Usable install) {
    List<String> arguments = AiperfArguments.of(parameters, task.run().folder(), UI);
    AiperfCommand command = AiperfCommand.of(install, arguments, key, policy.keyPassing());
    if (command instanceof AiperfCommand.Refused refused) {
      return refused(task, number, refused.message(), install.version());
    }
    AiperfCommand.Ready ready = (AiperfCommand.Ready) command;
    return new Attempt(
        task,
        number,
        Optional.of(launch(task.run(), ready, parameters)),
        "",
        new StopSignal(),
        ready.executed(),
        RunSecrets.masking(key),
        policy.liveOutput(),
        install.version());
  }

  private Launch launch(Run run, AiperfCommand.Ready command, Parameters parameters) {
    Map<String, String> environment = new HashMap<>(policy.environment());
    environment.putAll(command.environment());
    RunFolder folder = new RunFolder(run.folder());
    TimeLimits limits =
        TimeLimits.of(run.batch().config().limits(), parameters, policy.allowance());
    return new Launch(
            command.argv(),
            environment,
            policy.directory(),
            folder.stdout(),
            folder.stderr(),
            TempFolder.newPath(policy.temp()),
            limits.overall().limit(),
            policy.interruptGrace())
        .interruptibleAfter(AiperfCommand.INTERRUPT_MARKER)
        .watchedBy(new PhaseWatchdog(folder, limits));
  }

  private static Attempt refused(RunTask task, int number, String message, String version) {
    return new Attempt(
        task,
        number,
        Optional.empty(),
        message,
        new StopSignal(),
        List.of(),
        RunSecrets.masking(Optional.empty()),
        false,
        version);
  }

  /** The run's parameters, with the input file at the path found when the config was accepted. */
  private static Parameters parameters(Run run) {
    Parameters parameters = run.parameters();
    return parameters
        .inputFile()
        .flatMap(run.batch().record()::inputFile)
        .map(BatchRecord.InputFile::path)
        .map(path -> parameters.with(Map.of("input_file", path)))
        .orElse(parameters);
  }
}
