package dev.caravan.testing;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.accept.InputFiles;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A home in a temporary folder and one life of a Caravan in it. Make another one over the same
 * folder to see what the next life finds.
 */
public final class ScratchHome {

  /** Who owns the batches that are accepted here. */
  public static final Owner OWNER = new Owner("scratch", Owner.DAEMON);

  /** Value of the one key that has one, SET_API_KEY. */
  public static final String KEY = "sk-secret-0123456789";

  private static final Map<String, String> KEYS = Map.of("SET_API_KEY", KEY);

  public final Home home;
  public final DurableFiles files;
  public final Inbox inbox;
  public final OpenBatches open;
  public final BatchStore batches;
  public final SecretStore keys;
  public final Acceptance acceptance;

  /** A life over this folder whose changes to files go through {@code files}. */
  public ScratchHome(Path folder, DurableFiles files) throws IOException {
    this.home = new Home(folder.toRealPath());
    this.files = files;
    this.inbox = new Inbox(home, files);
    this.open = new OpenBatches(home, files);
    this.batches = new BatchStore(files);
    this.keys = new SecretStore(home, KEYS);
    this.acceptance = new Acceptance(batches, open, OWNER, "0.1.0", () -> Optional.of("0.13.0"));
  }

  /** A life with an ordinary disk. */
  public ScratchHome(Path folder) throws IOException {
    this(folder, new DurableFiles());
    inbox.prepare();
  }

  /** What configs of the inbox may ask for. */
  public SourceRules rules() {
    return new SourceRules(
        Set.of(), 100_000, List.of("*_API_KEY"), keys, false, outputs(), InputFiles.ofInbox(home));
  }

  /** Results go below the home. */
  public OutputRoots outputs() {
    return new OutputRoots(home.root(), List.of(home.root()), false);
  }

  /** Puts a config into the inbox. */
  public Path drop(String name, String config) throws IOException {
    return Files.writeString(home.inbox().resolve(name), config);
  }

  /** Drops a config and claims it. */
  public Claim claim(String name, String config) throws IOException {
    return inbox.claim(drop(name, config).toString());
  }

  /** Drops a config, claims it, and makes it a batch, but does not archive it. */
  public Batch accept(String config) throws IOException, ConfigRefusedException {
    return acceptance.accept(claim("c.yaml", config), rules()).batch();
  }

  /** Accepts and archives this claim as the inbox's route does. */
  public Batch acceptAndArchive(Claim claim) throws IOException, ConfigRefusedException {
    Batch batch = acceptance.accept(claim, rules()).batch();
    inbox.archive(claim);
    return batch;
  }

  /** Names in a folder, sorted; none when there is no such folder. */
  public static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
