package dev.caravan.pipeline.accept;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Claim;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inbox folder: claims dropped configs by an atomic rename and files them afterwards. */
public final class Inbox {

  /** What the route takes: not hidden, an ending of YAML. */
  private static final Pattern CONFIG =
      Pattern.compile("[^.].*\\.ya?ml", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

  private final Home home;
  private final DurableFiles files;
  private final Set<String> inHand = ConcurrentHashMap.newKeySet();
  private final Refusals refusals;

  /** Is told of each refusal before the config is filed. */
  public interface Refusals {

    /** This config was refused. */
    void refused(Claim claim, ConfigRefusedException refused) throws IOException;
  }

  /** An inbox whose refusals nobody is told of. */
  public Inbox(Home home, DurableFiles files) {
    this(home, files, (claim, refused) -> {});
  }

  public Inbox(Home home, DurableFiles files, Refusals refusals) {
    this.home = home;
    this.files = files;
    this.refusals = refusals;
  }

  /** Makes the inbox and its sub-folders. */
  public void prepare() throws IOException {
    for (Path folder : List.of(home.claimed(), home.done(), home.failed(), home.dead())) {
      files.createDirectories(folder);
    }
  }

  /** Whether anything lies there that may be a config: one look at the names, for idle times. */
  public boolean holdsAny() {
    String[] names = home.inbox().toFile().list((folder, name) -> CONFIG.matcher(name).matches());
    return names != null && names.length > 0;
  }

  /** Takes the config that was dropped as this file away from where people put files. */
  public Claim claim(String path) throws IOException {
    Path dropped = Path.of(path);
    String id = Claim.newId();
    inHand.add(id);
    Path claimed = home.claimed().resolve(Claim.fileName(id, dropped.getFileName().toString()));
    try {
      files.move(dropped, claimed);
    } catch (IOException e) {
      inHand.remove(id); // A disk may have done it all the same: then it is found by left().
      throw e;
    }
    return Claim.of(claimed);
  }

  /** Claimed configs that nobody is working on: an earlier life left them, or a write failed. */
  public List<Claim> left() throws IOException {
    return files.list(home.claimed()).stream()
        .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
        .map(Claim::of)
        .filter(claim -> inHand.add(claim.id()))
        .toList();
  }

  /** Files an accepted config under {@code .done/}. */
  public void archive(Claim claim) throws IOException {
    moveAside(claim, home.done(), claim.name());
  }

  /** Leaves a claimed config where it is, to be accepted again in a while. */
  public void postpone(Claim claim, Exception why) {
    inHand.remove(claim.id());
    LOG.error("Could not accept {} and will try again: {}", claim.name(), why.toString());
  }

  /**
   * Files a refused config under {@code .failed/}, its problems beside it. Where that fails it is
   * accepted again in a while, and so refused again.
   */
  public Path refuse(Claim claim, ConfigRefusedException refused) throws IOException {
    try {
      return fileRefused(claim, refused);
    } catch (IOException e) {
      inHand.remove(claim.id());
      throw e;
    }
  }

  private Path fileRefused(Claim claim, ConfigRefusedException refused) throws IOException {
    String name = freeName(home.failed(), claim.name());
    Path problems = home.failed().resolve(name + ".problems.txt");
    files.writeWhole(problems, (refused.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
    refusals.refused(claim, refused);
    moveAside(claim, home.failed(), name);
    LOG.error("Refused {}: see {}", claim.name(), home.display(problems));
    return problems;
  }

  private void moveAside(Claim claim, Path folder, String name) throws IOException {
    files.move(claim.file(), folder.resolve(freeName(folder, name)));
    inHand.remove(claim.id());
  }

  /** The name itself, or with _2, _3 … before its ending when the same name came before. */
  private static String freeName(Path folder, String name) {
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    String ending = name.substring(stem.length());
    String free = name;
    for (int n = 2; Files.exists(folder.resolve(free), LinkOption.NOFOLLOW_LINKS); n++) {
      free = stem + "_" + n + ending;
    }
    return free;
  }
}
