package dev.caravan.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium that loads one page and returns its DOM or console output. */
public final class Chromium {

  private static final long SECONDS = 60;

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

  /** The page's DOM after its scripts have run. */
  public String dom(Path page, String... options) {
    return output(page, "dom", with(options, "--dump-dom"));
  }

  /** The console output of the page, including violations of its content security policy. */
  public List<String> console(Path page) {
    output(page, "console", List.of("--dump-dom", "--enable-logging=stderr"));
    try {
      return Files.readAllLines(scratch.resolve("console.err")).stream()
          .filter(line -> line.contains("CONSOLE"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> with(String[] options, String more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add(more);
    return all;
  }

  private String output(Path page, String name, List<String> options) {
    List<String> argv =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + scratch.resolve("profile"),
                "--virtual-time-budget=3000"));
    argv.addAll(options);
    argv.add(page.toUri().toString());
    Path out = scratch.resolve(name + ".out");
    try {
      Process process =
          new ProcessBuilder(argv)
              .redirectOutput(out.toFile())
              .redirectError(scratch.resolve(name + ".err").toFile())
              .start();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("Chromium did not exit within " + SECONDS + " s");
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
