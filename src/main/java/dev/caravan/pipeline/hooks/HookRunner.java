package dev.caravan.pipeline.hooks;

import dev.caravan.config.Hook;
import dev.caravan.config.HookEvent;
import dev.caravan.config.settings.HookName;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Durations;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.outcome.FileTail;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.process.HostCommand;
import dev.caravan.pipeline.process.Launch;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.TempFolder;
import dev.caravan.pipeline.process.Watchdog;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.Json;
import dev.caravan.storage.LocalHost;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Runs the command that this host has for a hook, once, to its end. The config gives only the name;
 * everything else that it says is data on the command's standard input.
 */
public final class HookRunner {

  private static final int MAX_OUTPUT = 1 << 20;
  private static final long MAX_WRITTEN = 256L << 20;
  private static final int MAX_LINE = 200;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Settings settings;
  private final Home home;
  private final DurableFiles files;
  private final Execution execution;
  private final PreparedTargets targets;
  private final HookLines lines;

  /** Runs a process to its end, and sees to it that it does not outlive Caravan. */
  @FunctionalInterface
  public interface Execution {

    /** Runs a process until it has ended, or {@code stop} ended it. */
    ProcessExit run(Launch launch, StopSignal stop);
  }

  /**
   * One hook to run.
   *
   * @param hook its name
   * @param event when it runs
   * @param batch the batch, whose keys it must not get
   * @param input what it reads
   * @param log the file for its output
   * @param stop ends it early
   * @param watchdog ends it as well
   */
  record Request(
      Hook hook,
      HookEvent event,
      Batch batch,
      HookInput input,
      Path log,
      StopSignal stop,
      Watchdog watchdog) {}

  /**
   * A runner of the hooks that the settings name.
   *
   * @param prefixLines whether log lines name batch or run, as they must when several batches run
   */
  public HookRunner(
      Settings settings, Home home, DurableFiles files, Execution execution, boolean prefixLines) {
    this.settings = settings;
    this.home = home;
    this.files = files;
    this.execution = execution;
    this.targets = PreparedTargets.of(settings, home, files);
    this.lines = new HookLines(prefixLines);
  }

  /** What hooks have prepared. */
  PreparedTargets targets() {
    return targets;
  }

  /** The id of the home whose commands it runs. */
  String homeId() throws IOException {
    return HomeId.of(home, files);
  }

  /** Writes what hooks leave. */
  DurableFiles files() {
    return files;
  }

  /** How long a hook may take. */
  public Duration limit() {
    return settings.duration(Setting.HOOKS_LIMIT);
  }

  /** Whether this host has a command for a hook. */
  boolean knows(Hook hook) {
    return settings.hook(hook.name()).isPresent();
  }

  /**
   * Runs a hook that has begun; returns how it ended.
   *
   * @param before what was recorded before it began
   */
  HookRun run(HookRun begun, String id, Request request, HookRecord before) {
    if (before.isCutOff(request.event())) {
      lines.repeated(id, begun);
    } else {
      lines.started(id, begun);
    }
    HookRun ended = run(begun, request);
    lines.ended(id, ended, request.log());
    return ended;
  }

  private HookRun run(HookRun begun, Request request) {
    Optional<String> command = settings.hook(request.hook().name());
    if (command.isEmpty()) {
      return begun.ended(Status.FAILED, Duration.ZERO, OptionalInt.empty(), unknown(request));
    }
    try {
      return run(begun, request, HostCommand.argv(command.get(), settings.home()));
    } catch (IOException e) {
      return begun.ended(
          Status.FAILED, Duration.ZERO, OptionalInt.empty(), "could not be run: " + e);
    }
  }

  private HookRun run(HookRun begun, Request request, List<String> argv) throws IOException {
    Path work = TempFolder.newPath(TempFolder.parent());
    TempFolder.create(work);
    try {
      Path input = work.resolve("input.json");
      Path output = work.resolve("output");
      Files.writeString(input, Json.line(request.input()) + "\n");
      ProcessExit exit = execution.run(launch(argv, request, input, output), request.stop());
      String text = end(output, masking(request.batch()));
      files.writeOver(request.log(), text.getBytes(StandardCharsets.UTF_8));
      return ended(begun, exit, text);
    } finally {
      TempFolder.remove(work);
    }
  }

  /** The masked end of the output, from the start of a line: half a key would not be masked. */
  private static String end(Path output, Masking masking) {
    FileTail tail = FileTail.of(output, MAX_OUTPUT);
    String text = masking.mask(tail.text());
    if (tail.skippedBytes() == 0) {
      return text;
    }
    int line = text.indexOf('\n') + 1;
    // Without a line, no more than the end of one key may have been left.
    int from = line > 0 ? line : Math.min(masking.longest(), text.length());
    return "[the beginning of the output is left out]\n" + text.substring(from);
  }

  private static String unknown(Request request) {
    return "is not known on %s: %s would be its command there"
        .formatted(LocalHost.name(), HookName.key(request.hook().name()));
  }

  private Launch launch(List<String> argv, Request request, Path input, Path output) {
    Map<String, String> environment =
        new HashMap<>(
            HostCommand.environment(
                settings.environment(), settings.list(Setting.HOOKS_ENVIRONMENT)));
    request.batch().config().values("api_key_env_var").forEach(environment::remove);
    return new Launch(
            argv,
            environment,
            settings.home(),
            output,
            output,
            TempFolder.newPath(TempFolder.parent()),
            limit(),
            GRACE)
        .detaching(input)
        .watchedBy(elapsed -> tooMuch(output).or(() -> request.watchdog().overdue(elapsed)));
  }

  /** Limits the output, which must not fill the disk of the host. */
  private static Optional<String> tooMuch(Path output) {
    return output.toFile().length() > MAX_WRITTEN
        ? Optional.of("wrote more than " + (MAX_WRITTEN >> 20) + " MiB of output")
        : Optional.empty();
  }

  private Masking masking(Batch batch) {
    SecretStore keys = SecretStore.of(settings);
    return new Masking(
        batch.config().values("api_key_env_var").stream()
            .flatMap(name -> keys.toMask((String) name).stream())
            .toList());
  }

  private HookRun ended(HookRun begun, ProcessExit exit, String output) {
    Duration duration = exit.duration();
    return switch (exit.how()) {
      case EXITED -> {
        int code = exit.returnCode();
        yield code == 0
            ? begun.ended(Status.SUCCEEDED, duration, OptionalInt.of(0), "")
            : begun.ended(Status.FAILED, duration, OptionalInt.of(code), failed(code, output));
      }
      case TIMED_OUT ->
          begun.ended(Status.FAILED, duration, OptionalInt.empty(), overdue(exit.message()));
      case STOPPED ->
          begun.ended(
              Status.STOPPED, duration, OptionalInt.empty(), "was stopped: " + exit.message());
      case NOT_STARTED ->
          begun.ended(
              Status.FAILED, duration, OptionalInt.empty(), "did not start: " + exit.message());
    };
  }

  private String overdue(String message) {
    return message.isEmpty()
        ? "exceeded its limit of " + Durations.format(limit()) + " and was ended"
        : "was ended: " + message;
  }

  private static String failed(int code, String output) {
    String last =
        output.lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("no output");
    String how = code < 0 ? "was killed by signal " + -code : "failed with exit code " + code;
    return how + ": " + OneLine.line(last, MAX_LINE);
  }
}
