package dev.caravan.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged program in a home of its own, started through the launcher script as users start it.
 * Closing it ends all that it started, aiperf's processes included.
 */
public final class Caravan implements AutoCloseable {

  private static final Path CHECKOUT =
      Path.of(System.getProperty("caravan.test.basedir", ".")).toAbsolutePath();
  private static final Path JAR =
      Path.of(System.getProperty("caravan.test.jar", CHECKOUT.resolve("target/caravan.jar") + ""));

  private final Path home;
  private final Path temp;
  private final Path output;
  private final Map<String, String> environment = new HashMap<>();
  private final List<Program> started = new ArrayList<>();

  private Caravan(Path folder, String homeName) {
    this.home = folder.resolve(homeName);
    this.temp = folder.resolve("t");
    this.output = folder.resolve("said");
    try {
      Files.createDirectories(home);
      Files.createDirectories(temp);
      Files.createDirectories(output);
      keepCurrent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    with("CARAVAN_JAVA_OPTS", "-Djava.io.tmpdir=" + temp);
    with("CARAVAN_HTTP_PORT", String.valueOf(freePort()));
    // Not those of this machine: whatever else runs here must not hold up a test.
    with("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
  }

  /** A Caravan whose home and temporary folder lie in {@code folder}. */
  public static Caravan in(Path folder) {
    return new Caravan(folder, "home");
  }

  /** A Caravan whose home has this name. */
  public static Caravan in(Path folder, String homeName) {
    return new Caravan(folder, homeName);
  }

  /** Sets a variable of its environment, which otherwise is ours without {@code CARAVAN_*}. */
  public Caravan with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Uses this aiperf. */
  public Caravan withAiperf(Path aiperf) {
    return with("CARAVAN_AIPERF_COMMAND", aiperf.toString());
  }

  /** Writes a file into the home; the name may have folders. */
  public Path write(String name, String text) {
    Path file = home.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves a config into the inbox the way {@code mv} does: whole, and old enough to be taken. */
  public void drop(String name, String config) {
    try {
      Path beside = write(name + ".tmp", config);
      Files.setLastModifiedTime(beside, FileTime.from(Instant.now().minusSeconds(60)));
      Files.createDirectories(home.resolve("inbox"));
      Files.move(beside, home.resolve("inbox").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a command in the home; it goes on by itself. */
  public Program start(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(CHECKOUT.resolve("caravan").toString()));
    argv.addAll(List.of(arguments));
    return startProgram(argv);
  }

  /**
   * Starts a command in the home on a pseudo-terminal this wide, which util-linux's script makes;
   * all that it writes to the terminal is its {@link Program#out()}.
   */
  public Program startOnTerminal(int columns, String... arguments) {
    String command =
        "stty cols "
            + columns
            + " && exec '"
            + CHECKOUT.resolve("caravan")
            + "' "
            + String.join(" ", arguments);
    return startProgram(List.of("script", "-qefc", command, "/dev/null"));
  }

  /** Starts the jar itself, without the script, so that a kill hits java at any moment. */
  public Program startJar(String... arguments) {
    List<String> argv = java();
    argv.addAll(List.of("-jar", JAR.toString()));
    argv.addAll(List.of(arguments));
    return startProgram(argv);
  }

  /** Starts a main class of the tests with the jar on its class path. */
  public Program startMain(Class<?> main, Map<String, String> properties, String... arguments) {
    List<String> argv = java();
    properties.forEach((name, value) -> argv.add("-D" + name + "=" + value));
    Path tests = CHECKOUT.resolve("target/test-classes");
    argv.addAll(List.of("-cp", tests + File.pathSeparator + JAR, main.getName()));
    argv.addAll(List.of(arguments));
    return startProgram(argv);
  }

  private List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + temp));
  }

  private Program startProgram(List<String> argv) {
    try {
      Path said = output.resolve(String.valueOf(started.size()));
      ProcessBuilder builder =
          new ProcessBuilder(argv)
              .directory(home.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(said.resolveSibling(said.getFileName() + ".out").toFile())
              .redirectError(said.resolveSibling(said.getFileName() + ".err").toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("CARAVAN_"));
      builder.environment().putAll(environment);
      Program program = new Program(builder.start(), said);
      started.add(program);
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  public Program run(String... arguments) {
    Program program = start(arguments);
    program.exit();
    return program;
  }

  /** Starts the daemon and waits until it watches its inbox. */
  public Program serve() {
    Program program = start("serve");
    program.awaitLine("Watching inbox");
    return program;
  }

  public Path home() {
    return home;
  }

  /** Where the daemon's HTTP is. */
  public String http() {
    return "http://127.0.0.1:" + environment.get("CARAVAN_HTTP_PORT");
  }

  /** The private temporary folders that are there now. */
  public List<Path> temporaryFolders() {
    return list(temp).stream().filter(p -> p.getFileName().toString().startsWith("cv-")).toList();
  }

  /** Processes that run on behalf of a run: their TMPDIR lies in our temporary folder. */
  public List<ProcessHandle> runProcesses() {
    return ProcFs.whoseEnvironmentHolds("TMPDIR=" + temp + "/");
  }

  /** All files below the home. */
  public List<Path> files() {
    try (Stream<Path> walk = Files.walk(home)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Entries of a folder of the home, sorted; none when it is not there. */
  public List<Path> list(String folder) {
    return list(home.resolve(folder));
  }

  /** The only batch folder of this batch name. */
  public Path batch(String batchName) {
    List<Path> batches = batches(batchName);
    if (batches.size() != 1) {
      throw new AssertionError("not one batch of " + batchName + ": " + batches);
    }
    return batches.get(0);
  }

  /** The batch folders of this batch name, sorted. */
  public List<Path> batches(String batchName) {
    return list("aiperf_results/" + batchName).stream()
        .filter(folder -> !folder.getFileName().toString().startsWith("."))
        .toList();
  }

  @Override
  public void close() {
    started.forEach(Program::close);
    runProcesses().forEach(ProcessHandle::destroyForcibly);
  }

  /** A TCP port that nobody listens on. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The script builds the jar when a source is newer. The build that runs these tests has just made
   * it, or kept one that needed no change; that is said by its time.
   */
  private static void keepCurrent() throws IOException {
    if (!Files.isRegularFile(JAR)) {
      throw new IOException("there is no " + JAR + "; these tests run after mvn package");
    }
    FileTime made = Files.getLastModifiedTime(JAR);
    for (String source : List.of("pom.xml", "src/main", "routes")) {
      try (Stream<Path> walk = Files.walk(CHECKOUT.resolve(source))) {
        if (walk.anyMatch(file -> file.toFile().lastModified() > made.toMillis())) {
          Files.setLastModifiedTime(JAR, FileTime.from(Instant.now()));
          return;
        }
      }
    }
  }
}
