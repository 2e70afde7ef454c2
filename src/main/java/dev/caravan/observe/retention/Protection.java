package dev.caravan.observe.retention;

import dev.caravan.model.BatchRecord;
import dev.caravan.observe.compare.Baselines;
import dev.caravan.observe.compare.ComparedBatch;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells why batches of a home have to stay, whatever a rule says of their number and age. */
public final class Protection {

  private final OpenBatches open;
  private final Baselines baselines;
  private final WithheldFiles withheld;
  private final Optional<String> owner;

  /**
   * The protection of a home.
   *
   * @param owner the id of the home whose batches may go; empty if any may
   */
  public static Protection of(Home home, DurableFiles files, Optional<String> owner) {
    return new Protection(
        new OpenBatches(home, files),
        new Baselines(home, files),
        new WithheldFiles(home, files),
        owner);
  }

  private Protection(
      OpenBatches open, Baselines baselines, WithheldFiles withheld, Optional<String> owner) {
    this.open = open;
    this.baselines = baselines;
    this.withheld = withheld;
    this.owner = owner;
  }

  /**
   * What has to stay at this moment.
   *
   * @throws IOException when a part of it cannot be read, so that nothing may go
   */
  Reasons reasons() throws IOException {
    List<Baselines.Baseline> stored = new ArrayList<>();
    for (String name : baselines.names()) {
      try {
        baselines.stored(name).ifPresent(stored::add);
      } catch (IOException e) {
        throw new IOException(
            "it is not known which batch the baseline \"" + name + "\" is of: " + e.getMessage(),
            e);
      }
    }
    List<Path> hidden =
        withheld.all().stream().map(WithheldFiles.Withheld::folder).map(RealPath::of).toList();
    return new Reasons(openFolders(), stored, hidden, owner);
  }

  /** Whether runs of a batch are, or may be, executed. */
  boolean isOpen(Path folder) throws IOException {
    return !isFinished(folder) || openFolders().contains(RealPath.of(folder));
  }

  private Set<Path> openFolders() throws IOException {
    return open.folders().stream().map(RealPath::of).collect(Collectors.toSet());
  }

  private static boolean isFinished(Path folder) {
    return BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
        .flatMap(BatchSummary::finishedAt)
        .isPresent();
  }

  /**
   * What has to stay; all paths are real ones.
   *
   * @param open the batches on the list of open ones
   * @param baselines all baselines
   * @param withheld folders of attempts whose files are withheld
   * @param owner the home whose batches may go; empty if any may
   */
  record Reasons(
      Set<Path> open,
      List<Baselines.Baseline> baselines,
      List<Path> withheld,
      Optional<String> owner) {

    /** Why a batch has to stay; empty if it may go. */
    Optional<String> of(Path folder) {
      if (RealPath.isLinked(folder)) {
        return Optional.of("it is a link");
      }
      Path real = RealPath.of(folder);
      if (open.contains(real) || !isFinished(folder)) {
        return Optional.of("it has not finished");
      }
      if (withheld.stream().anyMatch(attempt -> attempt.startsWith(real))) {
        return Optional.of("files of it are withheld; see caravan release --help");
      }
      return baseline(folder).or(() -> foreign(folder));
    }

    private Optional<String> baseline(Path folder) {
      String id = new Surplus(folder, Optional.empty()).id();
      return baselines.stream()
          .filter(each -> isOf(each.batch(), id, RealPath.of(folder)))
          .findFirst()
          .map(each -> "it is the baseline \"" + each.name() + "\"");
    }

    /** By its id too, as a home can be moved. */
    private static boolean isOf(ComparedBatch batch, String id, Path real) {
      return batch.id().equals(id) || RealPath.of(Path.of(batch.folder())).equals(real);
    }

    private Optional<String> foreign(Path folder) {
      return owner.isEmpty() || owner.equals(ownerOf(folder))
          ? Optional.empty()
          : Optional.of("it is of another home");
    }

    private static Optional<String> ownerOf(Path folder) {
      try {
        BatchRecord record = Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class);
        return Optional.of(record.owner().home());
      } catch (IOException | RuntimeException e) {
        return Optional.empty(); // damaged: nobody's
      }
    }
  }
}
