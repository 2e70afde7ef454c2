package dev.caravan.pipeline.accept;

import dev.caravan.config.BatchPaths;
import dev.caravan.config.InputFileRewriter;
import dev.caravan.config.Overrides;
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

  /** Submits a config file with overrides, and the input files that both name. */
  public Submitted submit(Path config, Overrides overrides)
      throws IOException, ConfigRefusedException {
    if (!Files.isDirectory(home.inbox())) {
      throw new IOException(
          "no inbox in " + home.root() + "; start `caravan serve` there, or pass --home");
    }
    GivenConfig given = GivenConfig.read(config, config.toString()).with(overrides);
    InputFiles inputs = InputFiles.ofCommand(config, home);
    InputFileRewriter rewriter = new InputFileRewriter(name -> copyToDatasets(inputs, name));
    GivenConfig rewritten =
        new GivenConfig(rewriter.replace(given.file()), rewriter.replace(given.overrides()))
            .checkedSize(config.toString());
    String stem = config.getFileName().toString().replaceFirst("(?i)\\.ya?ml$", "");
    return submit(stem, rewritten, Optional.empty());
  }

  /**
   * Submits a config that needs no input files copied.
   *
   * @param stem start of its file name; must not contain a path
   * @param by who submits it, unless that is the user of this process
   */
  public Submitted submit(String stem, GivenConfig config, Optional<String> by) throws IOException {
    String hex = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    String name = stem + "." + hex + ".yaml";
    Path dotfile = home.inbox().resolve("." + name);
    files.writeWhole(dotfile, config.bytes());
    by.ifPresent(submitter -> FileOwner.record(dotfile, submitter));
    files.move(dotfile, home.inbox().resolve(name));
    return new Submitted(name, parent(config));
  }

  private Path parent(GivenConfig config) {
    BatchPaths paths = BatchPaths.of(config.file(), config.overrides());
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
