package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads a tokenizer in aiperf's own interpreter, with aiperf's environment and by aiperf's own
 * function ({@code Tokenizer.from_pretrained} of 0.13.0): whether that works is known within a
 * second or so, while a run spends 48 s to fail over it.
 */
public final class TokenizerCheck {

  /** The longest that a tokenizer may take to load, in which a small one can be downloaded. */
  public static final Duration LIMIT = Duration.ofSeconds(90);

  private static final String SOURCE = Launcher.read("guard.py") + Launcher.read("tokenizer.py");
  private static final int CANNOT_LOAD = 3;
  private static final int READ_BYTES = 1 << 16;

  /**
   * What is to be loaded.
   *
   * @param model the run's model, by which aiperf goes when no tokenizer is named
   * @param tokenizer as the run names it
   * @param revision on the model hub
   */
  public record Wanted(String model, Optional<String> tokenizer, String revision) {

    private String name() {
      return tokenizer.orElse(model);
    }
  }

  /** How it went. */
  public enum Kind {
    LOADED,
    /** It cannot be loaded, so that every run with it would fail. */
    UNAVAILABLE,
    /** Nothing is known: aiperf is another than we know, say, or the order to stop came. */
    UNKNOWN
  }

  /**
   * What came of it.
   *
   * @param message why, for people; empty when it was loaded
   */
  public record Answer(Kind kind, String message) {}

  private final Map<String, String> environment;
  private final Path directory;
  private final Path temp;
  private final Duration limit;

  /**
   * A check.
   *
   * @param environment the environment that aiperf gets
   * @param directory aiperf's working directory, where a relative folder's name starts
   * @param temp folder for the private temporary folders
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

  /** Loads it once; {@code stop} ends that early. */
  public Answer load(Path interpreter, Wanted wanted, StopSignal stop) throws IOException {
    Path folder = TempFolder.fresh(temp);
    TempFolder.create(folder);
    try {
      Launch launch = launch(interpreter, wanted, folder);
      return judge(wanted, new ProcessRunner().run(launch, stop), launch.stderr());
    } finally {
      TempFolder.remove(folder);
    }
  }

  private Launch launch(Path interpreter, Wanted wanted, Path folder) {
    return new Launch(
        List.of(
            interpreter.toString(),
            "-c",
            SOURCE,
            wanted.model(),
            wanted.tokenizer().orElse(""),
            wanted.revision()),
        environment,
        directory,
        folder.resolve("stdout"),
        folder.resolve("stderr"),
        folder.resolve("t"),
        limit,
        Duration.ZERO);
  }

  private Answer judge(Wanted wanted, ProcessExit ended, Path stderr) throws IOException {
    return switch (ended.how()) {
      case EXITED -> exited(ended.returnCode(), lastLine(stderr));
      case TIMED_OUT ->
          new Answer(
              Kind.UNAVAILABLE,
              "tokenizer '%s' did not load within %d s"
                  .formatted(wanted.name(), limit.toSeconds()));
      case STOPPED, NOT_STARTED -> new Answer(Kind.UNKNOWN, ended.message());
    };
  }

  private static Answer exited(int code, String said) {
    return switch (code) {
      case 0 -> new Answer(Kind.LOADED, "");
      case CANNOT_LOAD -> new Answer(Kind.UNAVAILABLE, said);
      default -> new Answer(Kind.UNKNOWN, "exit code " + code + ": " + said);
    };
  }

  private static String lastLine(Path stderr) throws IOException {
    try (var in = Files.newInputStream(stderr)) {
      return new String(in.readNBytes(READ_BYTES), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .reduce((first, second) -> second)
          .map(String::strip)
          .orElse("");
    }
  }
}
