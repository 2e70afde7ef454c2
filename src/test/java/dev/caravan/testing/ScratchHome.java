package dev.caravan.testing;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.Acceptance;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.HookRules;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.accept.InputFiles;
import dev.caravan.pipeline.accept.KeyRules;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.pipeline.process.AiperfExtras;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.pipeline.run.RunDeadLetters;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import dev.caravan.storage.StateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/**
 * A home in a temporary folder with the objects of one Caravan process. Create another one on the
 * same folder to simulate a restart.
 */
public final class ScratchHome {

  /** Owner of the batches accepted here. */
  public static final Owner OWNER = new Owner("5c4a7c40-0000-4000-8000-000000000000", Owner.DAEMON);

  /** Value of SET_API_KEY, the only API key that is set. */
  public static final String KEY = "sk-secret-0123456789";

  private static final Map<String, String> KEYS = Map.of("SET_API_KEY", KEY);

  /** Properties of the process, which a test may change. */
  public final Properties properties = new Properties();

  private final Map<String, String> environment;
  public final Home home;
  public final DurableFiles files;
  public final Inbox inbox;
  public final OpenBatches open;
  public final BatchStore batches;
  public final SecretStore keys;
  public final Acceptance acceptance;

  /** Uses this folder; file changes go through {@code files}. */
  public ScratchHome(Path folder, DurableFiles files) throws IOException {
    this(folder, files, KEYS);
  }

  /** Uses this folder; only these API keys are set. */
  public ScratchHome(Path folder, DurableFiles files, Map<String, String> keys) throws IOException {
    this.environment = new HashMap<>(keys);
    this.environment.put("PATH", System.getenv("PATH"));
    this.home = new Home(folder.toRealPath());
    this.files = files;
    this.inbox = new Inbox(home, files);
    this.open = new OpenBatches(home, files);
    this.batches = new BatchStore(files);
    this.keys = new SecretStore(home, keys);
    this.acceptance = new Acceptance(batches, open, OWNER, "0.1.0", () -> Optional.of("0.13.0"));
  }

  /** Uses this folder with ordinary file operations. */
  public ScratchHome(Path folder) throws IOException {
    this(folder, new DurableFiles());
    inbox.prepare();
  }

  /** Makes this the home that owns the batches accepted here. */
  public void own() throws IOException {
    files.createDirectories(home.state());
    files.writeWhole(StateFile.ID.in(home), OWNER.home().getBytes(StandardCharsets.UTF_8));
  }

  /** The rules for configs from the inbox, which may set headers. */
  public SourceRules rules() {
    return new SourceRules(
        Set.of("header"),
        100_000,
        new KeyRules(List.of("*_API_KEY"), Setting.KEYS_ALLOWED),
        keys,
        false,
        outputs(),
        InputFiles.ofInbox(home),
        hooks(),
        AiperfExtras.unknown());
  }

  /** Allows the hooks of this home. */
  public HookRules hooks() {
    return HookRules.ofCommand(settings());
  }

  /** The settings of this home, with its API keys and {@link #properties}. */
  public Settings settings() {
    return Settings.of(home.root(), environment, properties);
  }

  /** Allows results below the home. */
  public OutputRoots outputs() {
    return new OutputRoots(home.root(), List.of(home.root()), false);
  }

  /** The notes of keys that attempts use. */
  public KeyNotes keyNotes() {
    return new KeyNotes(home, files, keys);
  }

  /** The writer of run folders. */
  public RunFolderWriter runFolders() {
    return runFolders("");
  }

  /** The writer of run folders of this worker. */
  public RunFolderWriter runFolders(String worker) {
    return new RunFolderWriter(files, new RunDeadLetters(home, files), keyNotes(), 5, worker);
  }

  /** Puts a config into the inbox. */
  public Path drop(String name, String config) throws IOException {
    return Files.writeString(home.inbox().resolve(name), config);
  }

  /** Drops a config and claims it. */
  public Claim claim(String name, String config) throws IOException {
    return inbox.claim(drop(name, config).toString());
  }

  /** Drops, claims and accepts a config without archiving it. */
  public Batch accept(String config) throws IOException, ConfigRefusedException {
    return acceptance.accept(claim("c.yaml", config), rules()).batch();
  }

  /** Accepts and archives a claim, as the inbox route does. */
  public Batch acceptAndArchive(Claim claim) throws IOException, ConfigRefusedException {
    Batch batch = acceptance.accept(claim, rules()).batch();
    inbox.archive(claim);
    return batch;
  }

  /** File names in a folder, sorted; empty when it does not exist. */
  public static List<String> names(Path folder) {
    return LiveTree.list(folder).stream().map(entry -> entry.getFileName().toString()).toList();
  }
}
