package dev.caravan.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A fake aiperf: a shell script that responds to {@code --version} with 0.13.0 and finishes {@code
 * profile … --output-artifact-dir DIR} within milliseconds. The run's {@code --model} selects its
 * behaviour, so that one config can sweep over behaviours; other models act as {@code fake-ok}.
 *
 * <table>
 * <caption>Behaviours</caption>
 * <tr><td>{@code fake-ok}</td><td>all of aiperf's files, exit 0. Requests: 10 × concurrency ×
 * duration; time to first token: 40.5 + 2 × concurrency ms; ITL: 8.5 ms and more</td></tr>
 * <tr><td>{@code fake-degraded}</td><td>as fake-ok, plus as many failed requests (503)</td></tr>
 * <tr><td>{@code fake-exit-N}</td><td>a message on stderr, logs/aiperf.log, no export, exit N</td></tr>
 * <tr><td>{@code fake-killed-by-N}</td><td>dies from signal N</td></tr>
 * <tr><td>{@code fake-rejected}</td><td>a box on stderr, no artifact folder, exit 1</td></tr>
 * <tr><td>{@code fake-unauthorized}, {@code fake-refused}</td><td>all requests fail: 401, or the
 * connection is refused; no summary, exit 1</td></tr>
 * <tr><td>{@code fake-incomplete}</td><td>a complete export, then exit 1</td></tr>
 * <tr><td>{@code fake-no-json}, {@code fake-torn-json}</td><td>exit 0 without a summary, or with
 * half of one</td></tr>
 * <tr><td>{@code fake-print-Nmb}</td><td>N MiB on stdout, then as fake-ok</td></tr>
 * <tr><td>{@code fake-sleep-N}</td><td>N seconds in its measured phase, then as fake-ok</td></tr>
 * <tr><td>{@code fake-until-go}</td><td>in its measured phase until {@link #go}, then as
 * fake-ok</td></tr>
 * <tr><td>{@code fake-slow-start-N}</td><td>N seconds before its first line, then as fake-ok</td>
 * </tr>
 * <tr><td>{@code fake-hang}</td><td>hangs in its measured phase, exits on SIGINT</td></tr>
 * <tr><td>{@code fake-hang-from-2}</td><td>as fake-hang from concurrency 2 on, else as
 * fake-ok</td></tr>
 * <tr><td>{@code fake-hang-in-start}</td><td>hangs before its first phase line, ignores SIGINT</td>
 * </tr>
 * <tr><td>{@code fake-hang-in-warmup}</td><td>hangs after 7 of 20 requests of the warm-up, ignores
 * SIGINT</td></tr>
 * <tr><td>{@code fake-hang-in-export}</td><td>hangs after its measured phase of one request,
 * ignores SIGINT</td></tr>
 * <tr><td>{@code fake-hang-ignoring-sigint}, {@code fake-hang-ignoring-all}</td><td>hangs in its
 * measured phase, ignores SIGINT, or INT, TERM and HUP</td></tr>
 * <tr><td>{@code fake-export-on-sigint}</td><td>hangs; at SIGINT exports with was_cancelled true,
 * exit 0</td></tr>
 * <tr><td>{@code fake-tree}</td><td>as fake-hang-ignoring-sigint, with three grandchildren: a plain
 * one, one in its own session, one in its own session with an empty environment; {@code DIR/pids}
 * has a line with the pid of each</td></tr>
 * <tr><td>{@code fake-leaves-tree}</td><td>as fake-ok, but leaves the first two behind</td></tr>
 * <tr><td>{@code fake-show}</td><td>prints {@code args: …}, its environment and {@code stdin: …},
 * then as fake-ok</td></tr>
 * </table>
 */
public final class FakeAiperf {

  private FakeAiperf() {}

  /** Writes the script into {@code folder}, created when missing, and returns its path. */
  public static Path in(Path folder) {
    try (InputStream script = FakeAiperf.class.getResourceAsStream("fake-aiperf.sh")) {
      Files.createDirectories(folder);
      return replace(folder.resolve("aiperf"), script.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Like {@link #in}, but always with this behaviour; call again to change it. */
  public static Path always(Path folder, String behaviour) {
    Path aiperf = in(folder);
    try {
      replace(folder.resolve("behaviour"), (behaviour + "\n").getBytes(StandardCharsets.US_ASCII));
      return aiperf;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets all runs go on that {@code fake-until-go} holds, and those that it would hold later. */
  public static void go(Path folder) {
    try {
      Files.createFile(folder.resolve("go"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a whole: a daemon may start or read it at any time, and a file being written cannot be. */
  private static Path replace(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
    Files.write(temporary, content);
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
