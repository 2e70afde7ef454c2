package dev.caravan.testing;

import dev.caravan.cli.ExecutedCommand;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The packaged program with its own home, started through the launcher script as users do. Closing
 * it kills everything it started, including aiperf processes.
 */
public final class Caravan implements AutoCloseable {

  private static final Path CHECKOUT = PackagedJar.CHECKOUT;

  private final PackagedJar jar = PackagedJar.get();
  private final Path home;
  private final Path temp;
  private final Path output;
  private final Map<String, String> environment = new HashMap<>();
  private boolean bare;
  private final List<Program> started = new ArrayList<>();

  private Caravan(Path folder, String homeName) {
    this.home = folder.resolve(homeName);
    this.temp = folder.resolve("t");
    this.output = folder.resolve("output");
    try {
      Files.createDirectories(home);
      Files.createDirectories(temp);
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    with("CARAVAN_JAVA_OPTS", "-Djava.io.tmpdir=" + temp);
    with("CARAVAN_HTTP_PORT", String.valueOf(freePort()));
    with("CARAVAN_INBOX_SETTLE", "300ms");
    // A setup that a test starts by mistake must not install anything.
    with("PIP_NO_INDEX", "1");
    // Not the locks of this machine: other programs here must not delay a test.
    with("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
  }

  /** A Caravan whose home and temporary folder are in {@code folder}. */
  public static Caravan in(Path folder) {
    return new Caravan(folder, "home");
  }

  /** A Caravan whose home has this name. */
  public static Caravan in(Path folder, String homeName) {
    return new Caravan(folder, homeName);
  }

  /**
   * Sets an environment variable, in addition to ours without {@code CARAVAN_*} and without a
   * locale, as under systemd or cron.
   */
  public Caravan with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** From now on it starts as through {@code env -i}: with PATH, HOME and what was set here. */
  public Caravan withoutEnvironment() {
    bare = true;
    return this;
  }

  /** Uses this aiperf. */
  public Caravan withAiperf(Path aiperf) {
    return with("CARAVAN_AIPERF_COMMAND", aiperf.toString());
  }

  /** Writes a file into the home; the name may contain folders. */
  public Path write(String name, String text) {
    Path file = home.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves a config into the inbox like {@code mv}: complete. */
  public void drop(String name, String config) {
    try {
      Path temporary = write(name + ".tmp", config);
      Files.createDirectories(home.resolve("inbox"));
      Files.move(temporary, home.resolve("inbox").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a command in the home without waiting for it. */
  public Program start(String... arguments) {
    List<String> argv = new ArrayList<>(List.of(CHECKOUT.resolve("caravan").toString()));
    argv.addAll(List.of(arguments));
    return startProgram(argv);
  }

  /**
   * Starts a command in the home on a pseudo-terminal of this width, made by util-linux's script.
   * {@link Program#out()} is everything it writes to the terminal.
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

  /** Starts the jar directly, without the script, so that a kill hits java itself. */
  public Program startJar(String... arguments) {
    List<String> argv = jar.java(temp);
    argv.addAll(List.of("-jar", jar.path().toString()));
    argv.addAll(List.of(arguments));
    return startJava(argv);
  }

  /** Starts a main class of the tests, with the jar on its class path. */
  public Program startMain(Class<?> main, Map<String, String> properties, String... arguments) {
    List<String> argv = jar.java(temp);
    properties.forEach((name, value) -> argv.add("-D" + name + "=" + value));
    Path tests = CHECKOUT.resolve("target/test-classes");
    argv.addAll(List.of("-cp", jar.path() + File.pathSeparator + tests, main.getName()));
    argv.addAll(List.of(arguments));
    return startJava(argv);
  }

  private Program startProgram(List<String> argv) {
    return startProgram(argv, Map.of());
  }

  /** The script sees to the locale; java by itself needs one. */
  private Program startJava(List<String> argv) {
    return startProgram(argv, Map.of("LC_ALL", "C.UTF-8"));
  }

  private boolean isUnwanted(String name) {
    return bare
        ? !name.equals("PATH") && !name.equals("HOME")
        : name.startsWith("CARAVAN_") || name.startsWith("LC_") || name.startsWith("LANG");
  }

  private Program startProgram(List<String> argv, Map<String, String> defaults) {
    try {
      Path outputPrefix = output.resolve(String.valueOf(started.size()));
      ProcessBuilder builder =
          new ProcessBuilder(argv)
              .directory(home.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(
                  outputPrefix.resolveSibling(outputPrefix.getFileName() + ".out").toFile())
              .redirectError(
                  outputPrefix.resolveSibling(outputPrefix.getFileName() + ".err").toFile());
      builder.environment().keySet().removeIf(this::isUnwanted);
      builder.environment().putAll(defaults);
      builder.environment().putAll(environment);
      Program program = new Program(builder.start(), outputPrefix);
      started.add(program);
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command and waits for it to exit. */
  public Program run(String... arguments) {
    Program program = start(arguments);
    program.exit();
    return program;
  }

  /**
   * Executes a command on the home in the process of the test, at a fraction of what a start costs:
   * for commands that need neither Camel nor variables of this Caravan.
   */
  public ExecutedCommand execute(String... arguments) {
    return ExecutedCommand.in(home, arguments);
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

  /** Base URL of the daemon's HTTP server. */
  public String http() {
    return "http://127.0.0.1:" + environment.get("CARAVAN_HTTP_PORT");
  }

  /** The private temporary folders of runs that exist now. */
  public List<Path> temporaryFolders() {
    return LiveTree.list(temp).stream()
        .filter(p -> p.getFileName().toString().startsWith("cv-"))
        .toList();
  }

  /** Processes of runs: those whose TMPDIR is in our temporary folder. */
  public List<ProcessHandle> runProcesses() {
    return ProcFs.withEnvironment("TMPDIR=" + temp + "/");
  }

  /** All files below the home. */
  public List<Path> files() {
    return LiveTree.files(home);
  }

  /** Entries of a folder of the home, sorted; empty when it does not exist. */
  public List<Path> list(String folder) {
    return LiveTree.list(home.resolve(folder));
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
    ProcFs.kill(this::runProcesses);
  }

  /** A free TCP port that nobody else takes while this JVM lives. */
  public static int freePort() {
    return Ports.choose();
  }
}
