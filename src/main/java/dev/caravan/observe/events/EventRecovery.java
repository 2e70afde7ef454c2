package dev.caravan.observe.events;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rebuilds the events that a kill kept out of the journal, from the results tree of open batches.
 * Folders of runs whose {@code run.finished} is in the journal are not read, unless the run was
 * retried.
 */
final class EventRecovery {

  private static final String FINISHED_SUFFIX = ":\\d+:" + EventType.RUN_FINISHED.shortName() + "$";

  private record FinishedRun(Run run, Head head) {}

  private final DurableFiles files;
  private final ControlStore controls;
  private final EventFactory eventFactory;
  private final Set<String> journaled;
  private final Set<String> journaledRuns;

  /**
   * A recovery against a journal.
   *
   * @param journaled keys of the events in the journal, see {@link Event#key()}
   */
  EventRecovery(
      DurableFiles files, ControlStore controls, EventFactory eventFactory, Set<String> journaled) {
    this.files = files;
    this.controls = controls;
    this.eventFactory = eventFactory;
    this.journaled = journaled;
    this.journaledRuns =
        journaled.stream()
            .filter(key -> key.endsWith(EventType.RUN_FINISHED.shortName()))
            .map(key -> key.replaceFirst(FINISHED_SUFFIX, ""))
            .collect(Collectors.toSet());
  }

  /** The batch's events that the journal lacks, oldest first. */
  List<Event> missing(Batch batch) throws IOException {
    List<Event> missing = new ArrayList<>(List.of(eventFactory.accepted(batch)));
    for (FinishedRun finished : finishedRuns(batch)) {
      Run run = finished.run();
      ResultRow row = ResultRow.of(run, finished.head(), AiperfExport.read(run.folder()).export());
      missing.addAll(eventFactory.ended(run, row));
    }
    missing.removeIf(event -> journaled.contains(event.key()));
    return missing;
  }

  private List<FinishedRun> finishedRuns(Batch batch) throws IOException {
    Control control = controls.of(batch);
    Set<String> folders =
        files.list(batch.folder()).stream()
            .map(Path::getFileName)
            .map(Path::toString)
            .collect(Collectors.toSet());
    List<FinishedRun> finished = new ArrayList<>();
    for (int index : batch.indexes().toArray()) {
      String name = batch.sweep().folder(index);
      Run run = batch.run(index);
      boolean hasFolder = name.isEmpty() || folders.contains(name);
      boolean retried = control.rerunsAfter().containsKey(index);
      String key = eventFactory.source(batch) + " " + run.id();
      if (hasFolder && (retried || !journaledRuns.contains(key))) {
        ProcessResult.head(new RunFolder(run.folder()).processResult())
            .filter(Head::isFinal)
            .ifPresent(head -> finished.add(new FinishedRun(run, head)));
      }
    }
    finished.sort(Comparator.comparing(run -> run.head().endedAt()));
    return finished;
  }
}
