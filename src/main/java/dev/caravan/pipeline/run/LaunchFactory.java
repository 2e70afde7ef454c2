package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.model.Cause;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.Judgment;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Prepares the process of an attempt: its arguments come from the run alone, its environment from
 * an allow-list.
 */
public final class LaunchFactory {

  /** Keeps Python from importing modules that lie in its working directory. */
  private static final String SAFE_PATH = "PYTHONSAFEPATH";

  private final AiperfFinder aiperf;
  private final RunSecrets secrets;
  private final RunPolicy policy;
  private final ServiceWatch services;
  private final RunInputs inputs = new RunInputs();

  public LaunchFactory(
      AiperfFinder aiperf, SecretStore secrets, RunPolicy policy, ServiceWatch services) {
    this.services = services;
    this.aiperf = aiperf;
    this.secrets = new RunSecrets(secrets);
    this.policy = policy;
  }

  /** The attempt with this number, ready to start or with the reason why it cannot start. */
  Attempt attempt(RunTask task, int number) {
    Parameters parameters = parameters(task.run(), number);
    Optional<String> problem = secrets.problem(parameters);
    if (problem.isPresent()) {
      return refused(task, number, Judgment.notStarted(problem.get()), "");
    }
    Optional<Secret> key = secrets.key(parameters);
    Optional<String> changed = task.run().inputFile().flatMap(inputs::refused);
    if (changed.isPresent()) {
      return refused(task, number, Judgment.failed(Cause.REJECTED_DATASET, changed.get()), "");
    }
    AiperfInstall install = aiperf.find();
    return install instanceof AiperfInstall.Usable usable
        ? attempt(task, number, parameters, key, usable)
        : refused(
            task, number, Judgment.notStarted(((AiperfInstall.Unusable) install).message()), "");
  }

  private Attempt attempt(
      RunTask task,
      int number,
      Parameters parameters,
      Optional<Secret> key,
      AiperfInstall.Usable install) {
    List<String> arguments = AiperfArguments.of(parameters, task.run().folder());
    AiperfCommand command = AiperfCommand.of(install, arguments, key, policy.keyPassing());
    if (command instanceof AiperfCommand.Refused refused) {
      return refused(task, number, Judgment.notStarted(refused.message()), install.version());
    }
    AiperfCommand.Ready ready = (AiperfCommand.Ready) command;
    RunFolder folder = new RunFolder(task.run().folder());
    PhaseOutput output = new PhaseOutput(folder.stdout());
    return new Attempt(
        task,
        number,
        Optional.of(launch(task.run(), ready, parameters, output)),
        Optional.empty(),
        new StopSignal(),
        ready.executed().stream().map(each -> shown(each, parameters)).toList(),
        key,
        policy.liveOutput(),
        install.version(),
        Optional.of(
            new EnvironmentRecorder(
                number, install, folder, output, () -> services.begin(task.run(), number))));
  }

  private static String shown(String argument, Parameters parameters) {
    return argument.equals(parameters.endpoint()) ? parameters.shown().endpoint() : argument;
  }

  private Launch launch(
      Run run, AiperfCommand.Ready command, Parameters parameters, PhaseOutput output) {
    Map<String, String> environment = new HashMap<>(policy.environment());
    environment.putAll(command.environment());
    Path directory = directory(run);
    if (!directory.equals(policy.directory())) {
      environment.put(SAFE_PATH, "1");
    }
    RunFolder folder = new RunFolder(run.folder());
    TimeLimits limits =
        TimeLimits.of(run.batch().config().limits(), parameters, policy.allowance());
    return new Launch(
            command.argv(),
            environment,
            directory,
            folder.stdout(),
            folder.stderr(),
            TempFolder.newPath(policy.temp()),
            limits.overall().limit(),
            policy.interruptGrace())
        .interruptibleAfter(AiperfCommand.INTERRUPT_MARKER)
        .watchedBy(new PhaseWatchdog(folder, limits, output));
  }

  private static Attempt refused(RunTask task, int number, Judgment refusal, String version) {
    return new Attempt(
        task,
        number,
        Optional.empty(),
        Optional.of(refusal),
        new StopSignal(),
        List.of(),
        Optional.empty(),
        false,
        version,
        Optional.empty());
  }

  /**
   * What the attempt sends, with its input file as it was found when the config was accepted. A
   * tokenizer in a folder of the home is also found by a run that starts in another folder.
   */
  private Parameters parameters(Run run, int attempt) {
    Parameters parameters = run.sent(attempt);
    Map<String, Object> found = new HashMap<>();
    run.inputFile().ifPresent(file -> found.put("input_file", file.path()));
    parameters
        .tokenizer()
        .filter(name -> !directory(run).equals(policy.directory()))
        .map(policy.directory()::resolve)
        .filter(Files::isDirectory)
        .ifPresent(tokenizer -> found.put("tokenizer", tokenizer.toString()));
    return parameters.with(found);
  }

  private Path directory(Run run) {
    return run.inputFile()
        .map(file -> inputs.directory(file, policy.directory()))
        .orElse(policy.directory());
  }
}
