package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon in a separate process, started as a user would start it; {@code close} stops it. */
final class DaemonProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DaemonProcess.class);

  /** What the launcher alone decides for this version of Java, and its archive of classes. */
  private static final List<String> LAUNCHER_OPTIONS =
      List.of(
          "-XX:SharedArchiveFile=",
          "-XX:MaxRAM=",
          "-Xshare:",
          "-Xlog:",
          "-Djdk.lang.Process.launchMechanism=",
          "--sun-misc-unsafe-memory-access=",
          "--enable-native-access=");

  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 60;
  private static final long POLL_MILLIS = 100;
  private static final String WATCHING_LINE = "Watching ";
  private static final String WORKING_LINE = "Working for ";

  private final Process process;
  private final Path log;
  private final Thread shutdownHook;
  private final AtomicBoolean told = new AtomicBoolean();
  private final List<DaemonProcess> earlier = new CopyOnWriteArrayList<>();

  private DaemonProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.shutdownHook = new Thread(this::stopAtExit, "demo-daemon-stop");
    Runtime.getRuntime().addShutdownHook(shutdownHook);
  }

  /** Starts a daemon for this home on a free HTTP port, from the class path of this process. */
  static DaemonProcess start(Home home) throws IOException {
    return start(home, Map.of());
  }

  /**
   * Starts a daemon for this home on a free HTTP port, from the class path of this process.
   *
   * @param settings set as environment variables, overriding those of this process
   */
  static DaemonProcess start(Home home, Map<Setting, String> settings) throws IOException {
    Path log = home.root().resolve("daemon.log");
    List<String> argv =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.caravan.Main",
                "serve",
                "--home",
                home.root().toString()));
    argv.addAll(1, inherited());
    argv.add(0, "setsid"); // else Ctrl-C reaches it beside the signal of terminate()
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().put(Setting.HTTP_PORT.variable(), "0"); // none that is taken meanwhile
    builder.environment().put(Setting.SHUTDOWN_INPUT_END.variable(), "stop"); // if this is killed
    settings.forEach((setting, value) -> builder.environment().put(setting.variable(), value));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new DaemonProcess(builder.start(), log);
  }

  private static List<String> inherited() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> LAUNCHER_OPTIONS.stream().anyMatch(option::startsWith))
        .toList();
  }

  /** Keeps this one until that one has stopped when the demo ends early: a worker signs off. */
  void stopsAfter(DaemonProcess other) {
    earlier.add(other);
  }

  /** Where to look for it, in parentheses. */
  String details() {
    return " (pid " + process.pid() + ", log " + log + ")";
  }

  /** Waits until the daemon watches its inbox. */
  void awaitWatching() throws IOException, InterruptedException {
    awaitLine(WATCHING_LINE);
  }

  /** Waits until the daemon accepts runs from a hub. */
  void awaitWorking() throws IOException, InterruptedException {
    awaitLine(WORKING_LINE);
  }

  private void awaitLine(String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.readString(log).contains(text)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        throw new IOException("the daemon did not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** Stops the daemon and waits until it has exited. */
  @Override
  public void close() {
    stop();
    Runtime.getRuntime().removeShutdownHook(shutdownHook);
  }

  /** Tells it once to stop, without waiting: the second signal would halt it. */
  void terminate() {
    if (told.compareAndSet(false, true)) {
      process.destroy();
    }
  }

  /** A demo that ends by itself has closed its daemons before it exits. */
  private void stopAtExit() {
    if (process.isAlive()) {
      LOG.info("The demo ends early: stopping the daemon with pid {}", process.pid());
    }
    earlier.forEach(DaemonProcess::stop);
    stop();
  }

  private void stop() {
    terminate();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** A free TCP port on the loopback interface. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
