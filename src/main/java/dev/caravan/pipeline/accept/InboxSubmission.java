package dev.caravan.pipeline.accept;

import dev.caravan.config.BatchPaths;
import dev.caravan.config.InputFileRewriter;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Puts a config into the inbox so that nobody ever sees half of it, and the input files that it
 * names into the home's datasets.
 */
public final class InboxSubmission {

  /**
   * A config that was placed.
   *
   * @param name its name in the inbox: {@code <stem>.<8 hex>.yaml}
   * @param parent the folder that its batch will lie in, as far as can be told
   */
  public record Placed(String name, Path parent) {}

  private final Home home;
  private final DurableFiles files = new DurableFiles();

  /** Places into this home. */
  public InboxSubmission(Home home) {
    this.home = home;
  }

  /** Places one config. */
  public Placed place(Path config) throws IOException, ConfigRefusedException {
    if (!Files.isDirectory(home.inbox())) {
      throw new IOException(
          "there is no inbox in " + home.root() + "; start `caravan serve` there, or name --home");
    }
    byte[] bytes = Acceptance.read(config, config.toString());
    InputFiles inputs = InputFiles.ofCommand(config, home);
    byte[] placed = InputFileRewriter.replace(bytes, name -> copied(inputs, name));
    String stem = config.getFileName().toString().replaceFirst("(?i)\\.ya?ml$", "");
    return place(stem, placed, Optional.empty());
  }

  /**
   * Places a config of this text.
   *
   * @param stem its name begins so; no path
   * @param by who it is from, when not from the user whose process this is
   */
  public Placed place(String stem, byte[] placed, Optional<String> by) throws IOException {
    String hex = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    String name = stem + "." + hex + ".yaml";
    Path dotfile = home.inbox().resolve("." + name);
    files.writeWhole(dotfile, placed);
    by.ifPresent(who -> FileOwner.record(dotfile, who));
    // An old file is taken at the next look: this one is known to be whole.
    Files.setLastModifiedTime(dotfile, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    files.move(dotfile, home.inbox().resolve(name));
    return new Placed(name, parent(placed));
  }

  private Path parent(byte[] config) {
    BatchPaths place = BatchPaths.of(config);
    return home.root().resolve(place.outputBaseDir()).resolve(place.batchName()).normalize();
  }

  private Optional<String> copied(InputFiles inputs, String name) throws IOException {
    Optional<Path> found = inputs.find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String sum = InputFiles.measure(name, found.get()).sha256();
    String target = sum + "-" + found.get().getFileName();
    files.createDirectories(home.datasets());
    if (!Files.exists(home.datasets().resolve(target))) {
      files.copyWhole(found.get(), home.datasets().resolve(target));
    }
    return Optional.of("datasets/" + target);
  }
}
