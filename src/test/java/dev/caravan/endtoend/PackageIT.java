package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release package, unpacked. */
class PackageIT {

  private static final Path CHECKOUT = Path.of(System.getProperty("caravan.test.basedir", "."));
  private static final int LONGEST_STOP_SECONDS = 50;

  private static Path unpacked;

  @BeforeAll
  static void unpack(@TempDir Path folder) throws Exception {
    Path archive = only(CHECKOUT.resolve("target"), "caravan-*.tar.gz");
    assertThat(run(folder, "tar", "-xzf", archive.toAbsolutePath().toString())).isEmpty();
    unpacked = only(folder, "caravan-*");
  }

  @Test
  void runsWithoutSources(@TempDir Path home) throws Exception {
    // given
    String example = only(unpacked.resolve("examples"), "*.yaml").toString();
    // when, then
    String caravan = unpacked.resolve("bin/caravan").toString();
    assertThat(run(home, caravan, "--version")).startsWith("caravan ");
    assertThat(run(home, caravan, "validate", example)).contains(": valid, ");
    assertThat(unpacked.resolve("bin/target")).doesNotExist();
  }

  /** On the newest Java of this machine, for what newer ones warn of. */
  @Test
  void servesWithoutAlarmsOfJava(@TempDir Path home) throws Exception {
    // given
    Path java = newestJava();
    makeNoArchive(java);
    ProcessBuilder serve =
        new ProcessBuilder(
                unpacked.resolve("bin/caravan").toString(), "serve", "--broker", "embedded")
            .directory(home.toFile())
            .redirectErrorStream(true);
    serve.environment().put("JAVA_HOME", java.toString());
    serve.environment().put("CARAVAN_HTTP_PORT", "0");
    serve.environment().put("CARAVAN_BROKER_LISTEN", "tcp://127.0.0.1:" + Caravan.freePort());

    // when
    Process process = serve.start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (isStarted(line) && lines.stream().filter(PackageIT::isStarted).count() == 2) {
          process.toHandle().destroy(); // keeps its output open
        }
      }
    } finally {
      process.destroyForcibly();
    }

    // then
    assertThat(lines).last().asString().endsWith("INFO: Stopped");
    assertThat(lines).noneMatch(line -> line.matches("(?i).*(WARNING|VFORK|Unsafe).*"));
    assertThat(only(unpacked.resolve("lib"), "*.jsa")).as("the only archive").isEmptyFile();
  }

  /** Whether the hub, or its worker, works. */
  private static boolean isStarted(String line) {
    return line.contains("Watching inbox") || line.matches(".* Worker \\S+ on .* joined: .*");
  }

  /**
   * Caravan would make an archive of classes if it did not find an empty one, where that failed.
   */
  private static void makeNoArchive(Path java) throws IOException {
    Path lib = unpacked.resolve("lib");
    Path jar = lib.resolve("caravan.jar");
    long made = Files.getLastModifiedTime(jar).to(TimeUnit.SECONDS);
    Matcher version =
        Pattern.compile("(?m)^JAVA_VERSION=\"(.+)\"")
            .matcher(Files.readString(java.resolve("release")));
    assertThat(version.find()).isTrue();
    String archive =
        "caravan-java%s-%d-%d-0.jsa".formatted(version.group(1), made, Files.size(jar));
    Files.createFile(lib.resolve(archive));
  }

  private static Path newestJava() throws IOException {
    Path newest = Path.of(System.getProperty("java.home"));
    int version = Runtime.version().feature();
    try (Stream<Path> homes = Files.list(Path.of("/usr/lib/jvm"))) {
      for (Path home : homes.filter(each -> Files.exists(each.resolve("release"))).toList()) {
        Matcher release =
            Pattern.compile("(?m)^JAVA_VERSION=\"(\\d+)")
                .matcher(Files.readString(home.resolve("release")));
        if (release.find() && Integer.parseInt(release.group(1)) > version) {
          newest = home;
          version = Integer.parseInt(release.group(1));
        }
      }
    } catch (NoSuchFileException e) {
      return newest; // no other Java is installed the way packages do it
    }
    return newest;
  }

  @Test
  void allowsEnoughTimeForAStopUnderSystemd() throws IOException {
    // when
    String unit = Files.readString(unpacked.resolve("systemd/caravan.service"));
    // then
    Matcher stop = Pattern.compile("(?m)^TimeoutStopSec=(\\d+)$").matcher(unit);
    assertThat(stop.find()).isTrue();
    assertThat(Integer.parseInt(stop.group(1))).isGreaterThan(LONGEST_STOP_SECONDS);
    assertThat(unit).contains("\nKillMode=mixed\n", "\nRestartPreventExitStatus=2\n");
  }

  private static Path only(Path folder, String glob) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      var matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
      return entries
          .filter(entry -> matcher.matches(entry.getFileName()))
          .sorted()
          .findFirst()
          .orElseThrow(() -> new IOException("no " + glob + " in " + folder));
    }
  }

  private static String run(Path directory, String... argv) throws Exception {
    Process process =
        new ProcessBuilder(new ArrayList<>(List.of(argv)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}
