package dev.caravan.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium that loads a page and returns its DOM and its console output. */
public final class Chromium {

  private final Path program;
  private final Path scratch;

  private Chromium(Path program, Path scratch) {
    this.program = program;
    this.scratch = scratch;
  }

  /** The browser on PATH; empty when there is none. */
  public static Optional<Chromium> find(Path scratch) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(Path.of(folder)::resolve))
        .filter(Files::isExecutable)
        .findFirst()
        .map(program -> new Chromium(program, scratch));
  }

  /**
   * A page after its scripts have run.
   *
   * @param dom its DOM
   * @param console its console output, including violations of its content security policy
   */
  public record Page(String dom, List<String> console) {}

  /** Loads a page. */
  public Page open(Path page) {
    String dom = load(page);
    try {
      return new Page(
          dom,
          Files.readAllLines(scratch.resolve("page.err")).stream()
              .filter(line -> line.contains("CONSOLE"))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String load(Path page) {
    String profile = "--user-data-dir=" + scratch.resolve("profile");
    List<String> argv =
        List.of(
            program.toString(),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            profile,
            "--virtual-time-budget=3000",
            "--dump-dom",
            "--enable-logging=stderr",
            page.toUri().toString());
    Path out = scratch.resolve("page.out");
    try {
      Process process =
          new ProcessBuilder(argv)
              .redirectOutput(out.toFile())
              .redirectError(scratch.resolve("page.err").toFile())
              .start();
      boolean hasExited = process.waitFor(Program.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      ProcFs.kill(() -> ProcFs.withCommandLine(profile)); // its children write there, too
      if (!hasExited) {
        throw new AssertionError("Chromium did not exit within " + Program.TIMEOUT);
      }
      return Files.readString(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a page was open", e);
    }
  }
}
