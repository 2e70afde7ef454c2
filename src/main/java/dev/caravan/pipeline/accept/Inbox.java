package dev.caravan.pipeline.accept;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Claim;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inbox folder. Claims dropped configs by an atomic rename, and archives them once they are
 * accepted or refused.
 */
public final class Inbox {

  /** The file names that the route claims: not hidden, with a YAML extension. */
  private static final Pattern CONFIG =
      Pattern.compile("[^.].*\\.ya?ml", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final Home home;
  private final DurableFiles files;
  private final RepeatedTrouble unreadable = new RepeatedTrouble(System::nanoTime);
  private final RepeatedTrouble unclaimable = new RepeatedTrouble(System::nanoTime);
  private final RepeatedTrouble postponed = new RepeatedTrouble(System::nanoTime);
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();
  private final RefusalListener refusals;

  /** Is called for each refused config before the config is moved. */
  public interface RefusalListener {

    /** A config was refused; when this throws, the refusal is tried again later. */
    void refused(Claim claim, ConfigRefusedException refused) throws IOException;
  }

  /** An inbox without a listener. */
  public Inbox(Home home, DurableFiles files) {
    this(home, files, (claim, refused) -> {});
  }

  public Inbox(Home home, DurableFiles files, RefusalListener refusals) {
    this.home = home;
    this.files = files;
    this.refusals = refusals;
  }

  /** Creates the inbox and its subfolders. */
  public void prepare() throws IOException {
    for (Path folder : List.of(home.claimed(), home.done(), home.failed(), home.dead())) {
      files.createDirectories(folder);
    }
  }

  /**
   * Whether the inbox has any config; looks at file names only, so that idle polls are cheap. An
   * inbox that is missing or unreadable is logged once, and once more when it is back.
   */
  public boolean hasConfigs() {
    String[] names = home.inbox().toFile().list((folder, name) -> CONFIG.matcher(name).matches());
    String inbox = home.display(home.inbox());
    if (names == null) {
      String message = "cannot read " + inbox + ": " + whyUnreadable();
      if (unreadable.add(inbox, message)) {
        LOG.error("No config is accepted, {}", message);
      }
      return false;
    }
    if (unreadable.over(inbox)) {
      LOG.info("{} can be read again", inbox);
    }
    return names.length > 0;
  }

  private String whyUnreadable() {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(home.inbox())) {
      LOG.debug("Readable just now: {}", entries);
      return "it could not be read";
    } catch (NoSuchFileException e) {
      return "there is no such folder";
    } catch (NotDirectoryException e) {
      return "it is not a folder";
    } catch (IOException e) {
      return reason(e);
    }
  }

  /** Whether a config is expected there, by its name. */
  static boolean isConfig(Path file) {
    return CONFIG.matcher(file.getFileName().toString()).matches();
  }

  /**
   * Claims a dropped config by moving it to {@code .claimed/}.
   *
   * @throws NoSuchFileException if it was removed or renamed since the inbox was listed
   */
  public Claim claim(String path) throws IOException {
    Path dropped = Path.of(path);
    String id = Claim.newId();
    files.createDirectories(home.claimed());
    inProgress.add(id);
    Path claimed = home.claimed().resolve(Claim.fileName(id, dropped.getFileName().toString()));
    try {
      files.move(dropped, claimed);
    } catch (NoSuchFileException e) {
      inProgress.remove(id);
      throw new NoSuchFileException(path); // without the new name, which is another one each time
    } catch (IOException e) {
      // The move may have happened all the same: then unfinished() finds the claim.
      inProgress.remove(id);
      String message = "cannot claim " + dropped.getFileName() + ": " + reason(e);
      unclaimable.add(path, message);
      throw new IOException(message, e);
    }
    unclaimable.over(path);
    return Claim.of(claimed);
  }

  /** Claims a dropped config; empty if somebody has removed it since. */
  public List<Claim> claimIfThere(String path) throws IOException {
    try {
      return List.of(claim(path));
    } catch (NoSuchFileException e) {
      LOG.debug("Not claimed: {} no longer exists", path);
      return List.of();
    }
  }

  /** The reason without the new name of the file, which differs at each try. */
  private static String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  /** Whether to try to claim this file now, after earlier tries failed. */
  public boolean mayClaim(Path dropped) {
    return unclaimable.isDue(dropped.toString());
  }

  /** Why configs cannot be accepted, according to the last tries; empty when they can. */
  public Optional<String> trouble() {
    return unreadable.latest().or(unclaimable::latest);
  }

  /** Claims that are not in progress: a previous process left them, or a write failed. */
  public List<Claim> unfinished() throws IOException {
    return files.list(home.claimed()).stream()
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .map(Claim::of)
        .filter(claim -> postponed.isDue(claim.id()))
        .filter(claim -> inProgress.add(claim.id()))
        .toList();
  }

  /** Moves an accepted config to {@code .done/}. */
  public void archive(Claim claim) throws IOException {
    moveTo(claim, home.done(), claim.name());
  }

  /** Leaves a claimed config where it is; {@link #unfinished} returns it again. */
  public void postpone(Claim claim, Exception cause) {
    inProgress.remove(claim.id());
    // What settings lack is a sentence already.
    String why =
        cause instanceof SettingsRefusedException refused ? refused.getMessage() : cause.toString();
    if (postponed.add(claim.id(), why)) {
      LOG.error("Cannot accept {} now; will retry: {}", claim.name(), why);
    }
  }

  /**
   * Moves a refused config to {@code .failed/} and writes its problems beside it. If that fails, it
   * is {@link #postpone postponed}, so that it is refused again.
   */
  public void refuse(Claim claim, ConfigRefusedException refused) {
    try {
      moveToFailed(claim, refused);
    } catch (IOException e) {
      postpone(claim, e);
    }
  }

  private void moveToFailed(Claim claim, ConfigRefusedException refused) throws IOException {
    files.createDirectories(home.failed());
    String name = freeName(home.failed(), claim.name());
    Path problems = home.failed().resolve(name + ".problems.txt");
    files.writeWhole(problems, (refused.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
    refusals.refused(claim, refused);
    moveTo(claim, home.failed(), name);
    LOG.error("Refused {}: see {}", claim.name(), home.display(problems));
  }

  private void moveTo(Claim claim, Path folder, String name) throws IOException {
    files.createDirectories(folder);
    files.move(claim.file(), folder.resolve(freeName(folder, name)));
    postponed.over(claim.id());
    inProgress.remove(claim.id());
  }

  /** The name itself, or with _2, _3 … before its extension when the name is taken. */
  private static String freeName(Path folder, String name) {
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String extension = name.substring(stem.length());
    String free = name;
    for (int n = 2; Files.exists(folder.resolve(free), LinkOption.NOFOLLOW_LINKS); n++) {
      free = stem + "_" + n + extension;
    }
    return free;
  }
}
