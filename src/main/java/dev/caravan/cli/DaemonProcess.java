package dev.caravan.cli;

import dev.caravan.config.settings.Setting;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A daemon in a process of its own, as a user would start it; stopped when closed. */
final class DaemonProcess implements AutoCloseable {

  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 20;
  private static final long LOOK_MILLIS = 100;
  private static final String WATCHING = "Watching ";
  private static final String WORKING = "Working for ";

  private final Process process;
  private final Path log;
  private final Thread hook;

  private DaemonProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.hook = new Thread(this::end, "demo-daemon-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts one for this home on a free HTTP port, with the program that is running now. */
  static DaemonProcess start(Home home) throws IOException {
    return start(home, Map.of());
  }

  /**
   * Starts one for this home on a free HTTP port, with the program that is running now.
   *
   * @param settings in place of those of our environment
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
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().put(Setting.HTTP_PORT.variable(), String.valueOf(freePort()));
    settings.forEach((setting, value) -> builder.environment().put(setting.variable(), value));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new DaemonProcess(builder.start(), log);
  }

  long pid() {
    return process.pid();
  }

  Path log() {
    return log;
  }

  /** Waits until it watches its inbox. */
  void awaitWatching() throws IOException, InterruptedException {
    await(WATCHING);
  }

  /** Waits until it takes runs of a hub. */
  void awaitWorking() throws IOException, InterruptedException {
    await(WORKING);
  }

  private void await(String message) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (!Files.readString(log).contains(message)) {
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException("the daemon did not start:\n" + Files.readString(log));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }

  /** Stops it and waits for its end. */
  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(hook);
  }

  /** Tells it to stop, without waiting for it. */
  void tell() {
    process.destroy();
  }

  private void end() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** A TCP port of loopback that nobody listens on. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
