package dev.caravan.pipeline.process;

import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads a tokenizer with aiperf's own interpreter, environment and function ({@code
 * Tokenizer.from_pretrained} of 0.13.0). This takes about a second, while a run needs 48 s to fail
 * because of a bad tokenizer.
 */
public final class TokenizerCheck {

  /** How long a tokenizer may take to load; enough to download a small one. */
  public static final Duration LIMIT = Duration.ofSeconds(90);

  private static final String SOURCE = Launcher.read("guard.py") + Launcher.read("tokenizer.py");
  private static final int CANNOT_LOAD = 3;
  private static final int READ_BYTES = 1 << 16;

  /**
   * The tokenizer to load.
   *
   * @param model the run's model, whose tokenizer aiperf uses if none is configured
   * @param tokenizer the configured tokenizer
   * @param revision revision on the model hub
   */
  public record Request(String model, Optional<String> tokenizer, String revision) {

    /** What aiperf loads: a folder, or a name on the model hub. */
    String name() {
      return tokenizer.orElse(model);
    }
  }

  /** The kinds of result. */
  public enum Kind {
    /** It can be loaded. */
    LOADED,
    /** It cannot be loaded, so every run with it would fail. */
    UNAVAILABLE,
    /** It could not be checked, for example because of an unknown aiperf version or a stop. */
    UNKNOWN
  }

  /**
   * The result of the check.
   *
   * @param message the reason, for the user; empty if the tokenizer was loaded
   */
  public record Result(Kind kind, String message) {}

  private final Map<String, String> environment;
  private final Path directory;
  private final Path temp;
  private final Duration limit;

  /**
   * Creates a check.
   *
   * @param environment aiperf's environment
   * @param directory aiperf's working directory, which relative tokenizer paths start from
   * @param temp parent of the private temporary folders
   * @param limit how long loading may take
   */
  public TokenizerCheck(
      Map<String, String> environment, Path directory, Path temp, Duration limit) {
    this.environment = new HashMap<>(environment);
    this.environment.put(Launcher.PARENT, Long.toString(ProcessHandle.current().pid()));
    this.directory = directory;
    this.temp = temp;
    this.limit = limit;
  }

  /** Loads the tokenizer once; {@code stop} cancels it. */
  public Result load(Path interpreter, Request request, StopSignal stop) throws IOException {
    Path folder = TempFolder.newPath(temp);
    TempFolder.create(folder);
    try {
      Launch launch = launch(interpreter, request, folder);
      return judge(request, new ProcessRunner().run(launch, stop), launch.stderr());
    } finally {
      TempFolder.remove(folder);
    }
  }

  /**
   * Identifies what a tokenizer is loaded from; it changes with aiperf's packages, its variables
   * and the files of the tokenizer. Empty if that cannot be told.
   */
  public Optional<String> fingerprint(Path interpreter, Request request) {
    return new TokenizerFingerprint(environment, directory).of(interpreter, request);
  }

  private Launch launch(Path interpreter, Request request, Path folder) {
    return new Launch(
        List.of(
            interpreter.toString(),
            "-c",
            SOURCE,
            request.model(),
            request.tokenizer().orElse(""),
            request.revision()),
        environment,
        directory,
        folder.resolve("stdout"),
        folder.resolve("stderr"),
        folder.resolve("t"),
        limit,
        Duration.ZERO);
  }

  private Result judge(Request request, ProcessExit exit, Path stderr) throws IOException {
    return switch (exit.how()) {
      case EXITED -> exited(exit.returnCode(), lastLine(stderr));
      case TIMED_OUT ->
          new Result(
              Kind.UNAVAILABLE,
              "tokenizer '%s' did not load within %d s"
                  .formatted(request.name(), limit.toSeconds()));
      case STOPPED, NOT_STARTED -> new Result(Kind.UNKNOWN, exit.message());
    };
  }

  private static Result exited(int code, String reason) {
    return switch (code) {
      case 0 -> new Result(Kind.LOADED, "");
      case CANNOT_LOAD -> new Result(Kind.UNAVAILABLE, reason);
      default -> new Result(Kind.UNKNOWN, "exit code " + code + ": " + reason);
    };
  }

  private static String lastLine(Path stderr) throws IOException {
    try (var in = RegularFiles.stream(stderr)) {
      return new String(in.readNBytes(READ_BYTES), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .map(String::strip)
          .orElse("");
    }
  }
}
