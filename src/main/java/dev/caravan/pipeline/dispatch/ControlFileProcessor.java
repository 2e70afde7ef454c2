package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Claim;
import dev.caravan.model.HomeControl;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
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
 * Carries out control requests from files: those in {@code .caravan/control/}, in order of their
 * names, and {@code *.cancel} files in the inbox. A request file is removed once its effect is on
 * disk; carrying it out twice changes nothing more. A refusal is written to a file beside it.
 */
public final class ControlFileProcessor {

  private static final Logger LOG = LoggerFactory.getLogger(ControlFileProcessor.class);
  private static final String JSON = ".json";
  private static final String CANCEL = ".cancel";
  private static final long MAX_BYTES = 4L << 20;

  private final Home home;
  private final DurableFiles files;
  private final ControlRequestHandler handler;
  private final Set<Path> postponed = new HashSet<>();
  private final Set<Path> carriedOut = new HashSet<>();

  public ControlFileProcessor(Home home, DurableFiles files, ControlRequestHandler handler) {
    this.home = home;
    this.files = files;
    this.handler = handler;
  }

  /** Restores the pauses that a previous process of this home stored. */
  public void restore() throws IOException {
    handler.restore(HomeControl.read(home));
  }

  /** Carries out all pending requests; how many there were. */
  public synchronized int apply() throws IOException {
    List<Path> pending = pending(home, files);
    carriedOut.retainAll(pending);
    for (Path file : pending) {
      String name = file.getFileName().toString();
      if (name.endsWith(CANCEL)) {
        String stem = name.substring(0, name.length() - CANCEL.length());
        orPostpone(file, () -> applyCancel(file, stem));
      } else {
        orPostpone(file, () -> applyRequest(file));
      }
    }
    return pending.size();
  }

  /** The request files, and the cancel files in the inbox, that are not carried out yet. */
  public static List<Path> pending(Home home, DurableFiles files) throws IOException {
    Stream<Path> requests =
        files.list(home.control()).stream().filter(file -> file.toString().endsWith(JSON));
    Stream<Path> cancels =
        files.list(home.inbox()).stream()
            .filter(file -> file.toString().endsWith(CANCEL))
            .filter(file -> !file.getFileName().toString().startsWith("."));
    return Stream.concat(requests, cancels).toList();
  }

  private interface Action {
    void run() throws IOException;
  }

  private interface Request {
    String carryOut() throws ControlRefusedException, IOException;
  }

  /** Leaves a file that fails now, for instance on a full disk, for later; logs that once. */
  private void orPostpone(Path file, Action action) {
    try {
      action.run();
      postponed.remove(file);
    } catch (IOException | RuntimeException e) {
      if (postponed.add(file)) {
        LOG.error("Cannot carry out {} now; will retry: {}", home.display(file), e.toString());
        LOG.debug("The cause", e);
      }
    }
  }

  /** Has its effect only once, also if its file cannot be removed and is found again. */
  private void once(Path file, Request request) throws ControlRefusedException, IOException {
    if (!carriedOut.contains(file)) {
      LOG.info("{}", request.carryOut());
      carriedOut.add(file);
    }
  }

  private void applyRequest(Path file) throws IOException {
    try {
      once(file, () -> handler.handle(read(file), file.getFileName().toString()));
    } catch (ControlRefusedException e) {
      String name = Claim.shortened(file.getFileName().toString());
      refuse(file, home.control().resolve(name + ".refused.txt"), e);
    }
    files.delete(file);
    carriedOut.remove(file);
  }

  private void applyCancel(Path file, String stem) throws IOException {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ControlRefusedException("not a regular file");
      }
      once(file, () -> handler.cancelByName(stem, FileOwner.of(file).orElse("unknown"), file));
      moveTo(file, home.done());
      carriedOut.remove(file);
    } catch (NoSuchFileException e) {
      LOG.debug("{} was removed before it was carried out", file);
    } catch (ControlRefusedException e) {
      Path moved = moveTo(file, home.failed());
      refuse(moved, moved.resolveSibling(moved.getFileName() + ".problems.txt"), e);
    }
  }

  private Path moveTo(Path file, Path folder) throws IOException {
    files.createDirectories(folder);
    String name = Claim.shortened(file.getFileName().toString());
    Path target = folder.resolve(name);
    for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); n++) {
      target = folder.resolve(name + "_" + n);
    }
    files.move(file, target);
    return target;
  }

  private void refuse(Path file, Path message, ControlRefusedException reason) throws IOException {
    files.writeWhole(message, (reason.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
    LOG.error("Refused control request {}: {}", home.display(file), reason.getMessage());
  }

  private static ControlRequest read(Path file) throws ControlRefusedException, IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
      throw new ControlRefusedException("not a regular file of at most " + MAX_BYTES + " bytes");
    }
    try {
      ControlRequest request = Json.read(RegularFiles.text(file), ControlRequest.class);
      String problem = request == null ? "the file is empty" : request.problem().orElse("");
      if (!problem.isEmpty()) {
        throw new ControlRefusedException(problem);
      }
      return request;
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw new ControlRefusedException("not a control request: " + e.getMessage());
    }
  }
}
