package dev.caravan.chaos;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Random;

/**
 * File operations with injected faults. Each change has a name, the same in every home and batch,
 * such as {@code move inbox/FILE -> inbox/.claimed/FILE}. System properties:
 *
 * <ul>
 *   <li>{@code chaos.halt} and {@code chaos.when} ({@code before} or {@code after}): halts the JVM,
 *       like kill -9, at the change of this name;
 *   <li>{@code chaos.rate}: the percentage of changes that fail while the file {@code chaos.armed}
 *       exists, with the change not applied, half applied or fully applied, chosen by {@code
 *       chaos.seed};
 *   <li>{@code chaos.names}: a file to which the name of every change is appended.
 * </ul>
 */
public final class FaultyFiles extends DurableFiles {

  private static final List<String> ERRORS =
      List.of("No space left on device", "Input/output error");

  private final Path home;
  private final Properties properties;
  private final Random random;
  private final int rate;

  private interface Change {
    void apply() throws IOException;
  }

  private FaultyFiles(Path home, Properties properties) {
    this.home = home;
    this.properties = properties;
    this.random = new Random(Long.parseLong(properties.getProperty("chaos.seed", "0")));
    this.rate = Integer.parseInt(properties.getProperty("chaos.rate", "0"));
  }

  /** Configured by the system properties. */
  public static FaultyFiles ofProperties(Path home) {
    return new FaultyFiles(home, System.getProperties());
  }

  @Override
  public void writeWhole(Path file, byte[] content) throws IOException {
    write(file, content, () -> super.writeWhole(file, content));
  }

  @Override
  public void writeWithoutFolderSync(Path file, byte[] content) throws IOException {
    write(file, content, () -> super.writeWithoutFolderSync(file, content));
  }

  private void write(Path file, byte[] content, Change complete) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".chaos.tmp");
    change(
        "write " + name(file),
        () -> Files.write(temporary, Arrays.copyOf(content, content.length / 2)),
        complete);
  }

  @Override
  public void append(Path log, byte[] lines) throws IOException {
    change(
        "append " + name(log),
        () ->
            Files.write(
                log,
                Arrays.copyOf(lines, lines.length / 2),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND),
        () -> super.append(log, lines));
  }

  @Override
  public void copyWhole(Path from, Path to) throws IOException {
    Path temporary = to.resolveSibling("." + to.getFileName() + ".chaos.tmp");
    change("copy to " + name(to), () -> copyHalf(from, temporary), () -> super.copyWhole(from, to));
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    change("move " + name(from) + " -> " + name(to), () -> {}, () -> super.move(from, to));
  }

  @Override
  public void moveAll(List<Path> entries, Path folder) throws IOException {
    change("move all to " + name(folder), () -> {}, () -> super.moveAll(entries, folder));
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      change("make " + name(folder), () -> {}, () -> super.createDirectories(folder));
    }
  }

  @Override
  public void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      change("delete " + name(path), () -> {}, () -> super.delete(path));
    }
  }

  @Override
  public void deleteWithoutFolderSync(Path file) throws IOException {
    change("delete " + name(file), () -> {}, () -> super.deleteWithoutFolderSync(file));
  }

  @Override
  public void syncAll(Path folder) throws IOException {
    change("sync all of " + name(folder), () -> {}, () -> super.syncAll(folder));
  }

  private void change(String name, Change partial, Change complete) throws IOException {
    recordName(name);
    haltIf("before", name);
    switch (draw()) {
      case 0 -> throw failure();
      case 1 -> {
        partial.apply();
        throw failure();
      }
      case 2 -> {
        complete.apply();
        throw failure();
      }
      default -> complete.apply();
    }
    haltIf("after", name);
  }

  /** 0, 1 or 2 for a kind of failure, more for none. */
  private synchronized int draw() {
    if (rate == 0 || !Files.exists(home.resolve("chaos.armed"))) {
      return Integer.MAX_VALUE;
    }
    return random.nextInt(100) < rate ? random.nextInt(3) : Integer.MAX_VALUE;
  }

  private synchronized IOException failure() {
    return new IOException(ERRORS.get(random.nextInt(ERRORS.size())));
  }

  private synchronized void haltIf(String when, String name) {
    if (!name.equals(properties.getProperty("chaos.halt"))
        || !when.equals(properties.getProperty("chaos.when"))) {
      return;
    }
    Runtime.getRuntime().halt(137);
  }

  private synchronized void recordName(String name) throws IOException {
    String names = properties.getProperty("chaos.names", "");
    if (!names.isEmpty()) {
      try (FileChannel file =
          FileChannel.open(Path.of(names), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        file.write(ByteBuffer.wrap((name + "\n").getBytes()));
      }
    }
  }

  private static void copyHalf(Path from, Path to) throws IOException {
    byte[] whole = Files.readAllBytes(from);
    Files.write(to, Arrays.copyOf(whole, whole.length / 2));
  }

  /** The path with the parts that differ between batches replaced by placeholders. */
  private String name(Path path) {
    return home.relativize(path.toAbsolutePath())
        .toString()
        .replaceFirst("^aiperf_results/[^/]+/\\.[^/]+\\.tmp", "BUILDING")
        .replaceFirst("^aiperf_results/[^/]+/[^/]+", "BATCH")
        .replaceFirst("^aiperf_results/[^/]+$", "BATCHES")
        .replaceFirst("/concurrency[^/]+", "/RUN")
        .replaceFirst("/attempts/\\d+", "/attempts/N")
        .replaceFirst("^inbox/(\\.[a-z]+/)?[^/.][^/]*$", "inbox/$1FILE")
        .replaceFirst("outbox/\\d+", "outbox/N")
        .replaceFirst("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
        .replaceFirst("(open|processes)/[^/]+$", "$1/FILE");
  }
}
