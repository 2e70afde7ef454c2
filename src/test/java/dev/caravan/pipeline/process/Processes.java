package dev.caravan.pipeline.process;

import dev.caravan.testing.FakeAiperf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Launches and process lookups shared by the process tests. */
final class Processes {

  static final Duration MINUTE = Duration.ofMinutes(1);
  static final Duration GRACE = Duration.ofSeconds(5);

  private Processes() {}

  /** A fake aiperf run in {@code folder} with a generous limit. */
  static Launch fake(Path folder, String model) {
    return fake(folder, model, MINUTE, GRACE);
  }

  static Launch fake(Path folder, String model, Duration limit, Duration grace) {
    Path aiperf = FakeAiperf.in(folder.resolve("bin"));
    String artifacts = folder.resolve("run").toString();
    return launch(
        folder,
        List.of(aiperf.toString(), "profile", "--model", model, "--output-artifact-dir", artifacts),
        limit,
        grace);
  }

  static Launch shell(Path folder, String script) {
    return launch(folder, List.of("/bin/sh", "-c", script), MINUTE, GRACE);
  }

  static Launch launch(Path folder, List<String> argv, Duration limit, Duration grace) {
    return launch(folder, argv, Map.of("PATH", "/usr/bin:/bin"), limit, grace);
  }

  static Launch launch(
      Path folder,
      List<String> argv,
      Map<String, String> environment,
      Duration limit,
      Duration grace) {
    return new Launch(
        argv,
        environment,
        folder,
        folder.resolve("stdout.log"),
        folder.resolve("stderr.log"),
        folder.resolve("t"),
        limit,
        grace);
  }

  static List<Long> grandchildren(Path folder) throws IOException {
    Path pids = folder.resolve("run").resolve("pids");
    return Files.exists(pids)
        ? Files.readAllLines(pids).stream().map(Long::valueOf).toList()
        : List.of();
  }

  static boolean isAlive(long pid) {
    return ProcessEntry.of(pid).filter(entry -> !entry.isDead()).isPresent();
  }

  /** All processes, of any user, whose {@code cmdline} or {@code environ} contains a text. */
  static List<Long> containing(String text, String file) {
    List<Long> found = new ArrayList<>();
    for (ProcessEntry entry : ProcessEntry.all()) {
      try {
        Path path = Path.of("/proc", Long.toString(entry.pid()), file);
        if (new String(Files.readAllBytes(path), StandardCharsets.UTF_8).contains(text)) {
          found.add(entry.pid());
        }
      } catch (IOException e) {
        continue; // It has ended, or we may not read it.
      }
    }
    return found;
  }
}
