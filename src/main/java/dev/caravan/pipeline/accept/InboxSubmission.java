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
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Submits configs to the inbox of a home, each by an atomic rename, and copies the input files that
 * they name into the home's datasets.
 */
public final class InboxSubmission {

  /**
   * A config that was submitted.
   *
   * @param name its file name in the inbox: {@code <stem>.<8 hex>.yaml}
   * @param parent the folder in which its batch folder is expected
   */
  public record Submitted(String name, Path parent) {}

  private final Home home;
  private final DurableFiles files = new DurableFiles();

  /** Submits to this home. */
  public InboxSubmission(Home home) {
    this.home = home;
  }

  /** Submits a config file and the input files that it names. */
  public Submitted submit(Path config) throws IOException, ConfigRefusedException {
    if (!Files.isDirectory(home.inbox())) {
      throw new IOException(
          "no inbox in " + home.root() + "; start `caravan serve` there, or pass --home");
    }
    byte[] bytes = Acceptance.read(config, config.toString());
    InputFiles inputs = InputFiles.ofCommand(config, home);
    byte[] rewritten = InputFileRewriter.replace(bytes, name -> copyToDatasets(inputs, name));
    String stem = config.getFileName().toString().replaceFirst("(?i)\\.ya?ml$", "");
    return submit(stem, rewritten, Optional.empty());
  }

  /**
   * Submits a config that needs no input files copied.
   *
   * @param stem start of its file name; must not contain a path
   * @param by who submits it, unless that is the user of this process
   */
  public Submitted submit(String stem, byte[] config, Optional<String> by) throws IOException {
    String hex = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    String name = stem + "." + hex + ".yaml";
    Path dotfile = home.inbox().resolve("." + name);
    files.writeWhole(dotfile, config);
    by.ifPresent(submitter -> FileOwner.record(dotfile, submitter));
    files.move(dotfile, home.inbox().resolve(name));
    return new Submitted(name, parent(config));
  }

  private Path parent(byte[] config) {
    BatchPaths paths = BatchPaths.of(config);
    return home.root().resolve(paths.outputBaseDir()).resolve(paths.batchName()).normalize();
  }

  private Optional<String> copyToDatasets(InputFiles inputs, String name) throws IOException {
    Optional<Path> found = inputs.find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of("datasets/" + new DatasetCopy(home, files).copy(found.get()));
  }
}
