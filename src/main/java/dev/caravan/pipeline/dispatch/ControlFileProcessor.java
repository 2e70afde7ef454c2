package dev.caravan.pipeline.dispatch;

import dev.caravan.model.HomeControl;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes orders from files: requests in {@code .caravan/control/}, in the order of their names, and
 * {@code *.cancel} files in the inbox. A request is removed once its effect is on the disk; carried
 * out twice, it changes nothing more. What cannot be carried out is refused in a file beside it.
 */
public final class ControlFileProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(ControlFileProcessor.class);
  private static final String ENDING = ".json";
  private static final String CANCEL = ".cancel";
  private static final long MAX_BYTES = 4L << 20;

  private final Home home;
  private final DurableFiles files;
  private final ControlRequestHandler orders;
  private final Set<Path> left = new HashSet<>();

  public ControlFileProcessor(Home home, DurableFiles files, ControlRequestHandler orders) {
    this.home = home;
    this.files = files;
    this.orders = orders;
  }

  /** Has what was ordered for the home in an earlier life hold again. */
  public void restore() throws IOException {
    orders.restore(HomeControl.of(home));
  }

  /** Carries out all that lies there now; how much that was. */
  public synchronized int apply() throws IOException {
    List<Path> waiting = waiting(home, files);
    for (Path file : waiting) {
      String name = file.getFileName().toString();
      if (name.endsWith(CANCEL)) {
        String stem = name.substring(0, name.length() - CANCEL.length());
        orLeave(file, () -> applyCancel(file, stem));
      } else {
        orLeave(file, () -> applyRequest(file));
      }
    }
    return waiting.size();
  }

  /** What was ordered and is not carried out yet: requests, and the inbox's cancel files. */
  public static List<Path> waiting(Home home, DurableFiles files) throws IOException {
    Stream<Path> requests =
        files.list(home.control()).stream().filter(file -> file.toString().endsWith(ENDING));
    Stream<Path> cancels =
        files.list(home.inbox()).stream()
            .filter(file -> file.toString().endsWith(CANCEL))
            .filter(file -> !file.getFileName().toString().startsWith("."));
    return Stream.concat(requests, cancels).toList();
  }

  private interface Work {
    void run() throws IOException;
  }

  /** What cannot be done now, on a full disk say, is left for later and said once. */
  private void orLeave(Path file, Work work) {
    try {
      work.run();
      left.remove(file);
    } catch (IOException | RuntimeException e) {
      if (left.add(file)) {
        LOG.error("Cannot carry out {} now and will try again", home.display(file), e);
      }
    }
  }

  private void applyRequest(Path file) throws IOException {
    try {
      LOG.info("{}", orders.carryOut(read(file), file.getFileName().toString()));
    } catch (ControlRefusedException e) {
      refuse(file, home.control().resolve(file.getFileName() + ".refused.txt"), e);
    }
    files.delete(file);
  }

  private void applyCancel(Path file, String stem) throws IOException {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ControlRefusedException("it is no file");
      }
      LOG.info("{}", orders.cancelNamed(stem, FileOwner.of(file).orElse("unknown"), file));
      moveTo(file, home.done());
    } catch (NoSuchFileException e) {
      LOG.debug("{} was taken away again", file);
    } catch (ControlRefusedException e) {
      Path moved = moveTo(file, home.failed());
      refuse(moved, moved.resolveSibling(moved.getFileName() + ".problems.txt"), e);
    }
  }

  private Path moveTo(Path file, Path folder) throws IOException {
    files.createDirectories(folder);
    Path target = folder.resolve(file.getFileName());
    for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); n++) {
      target = folder.resolve(file.getFileName() + "_" + n);
    }
    files.move(file, target);
    return target;
  }

  private void refuse(Path file, Path message, ControlRefusedException refused) throws IOException {
    LOG.error("Refused the order {}: {}", home.display(file), refused.getMessage());
    files.writeWhole(message, (refused.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static ControlRequest read(Path file) throws ControlRefusedException, IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
      throw new ControlRefusedException("it is no file of at most " + MAX_BYTES + " bytes");
    }
    try {
      ControlRequest request = Json.read(Files.readString(file), ControlRequest.class);
      String broken = request == null ? "it is empty" : request.broken().orElse("");
      if (!broken.isEmpty()) {
        throw new ControlRefusedException(broken);
      }
      return request;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ControlRefusedException("it is no order: " + e.getMessage());
    }
  }
}
