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
 * Finds what the results tree says of open batches and the journal does not: a kill came between
 * the two. Folders of runs whose end was told are not looked into.
 */
final class EventRecovery {

  private static final String FINISHED = ":\\d+:" + EventType.RUN_FINISHED.word() + "$";

  private record Ended(Run run, Head head) {}

  private final DurableFiles files;
  private final ControlStore controls;
  private final EventFactory eventFactory;
  private final Set<String> told;
  private final Set<String> runsTold;

  /**
   * Looks for what is missing.
   *
   * @param told source and id of what the journal has
   */
  EventRecovery(
      DurableFiles files, ControlStore controls, EventFactory eventFactory, Set<String> told) {
    this.files = files;
    this.controls = controls;
    this.eventFactory = eventFactory;
    this.told = told;
    this.runsTold =
        told.stream()
            .filter(key -> key.endsWith(EventType.RUN_FINISHED.word()))
            .map(key -> key.replaceFirst(FINISHED, ""))
            .collect(Collectors.toSet());
  }

  /** What is missing of this batch, in the order in which it happened. */
  List<Event> of(Batch batch) throws IOException {
    List<Event> implied = new ArrayList<>(List.of(eventFactory.accepted(batch)));
    for (Ended ended : ended(batch)) {
      Run run = ended.run();
      ResultRow row =
          ResultRow.of(
              run.index(),
              run.folderName(),
              run.sweepValues(),
              run.parameters(),
              ended.head(),
              AiperfExport.read(run.folder()).export());
      implied.addAll(eventFactory.ended(run, row));
    }
    implied.removeIf(event -> told.contains(event.key()));
    return implied;
  }

  private List<Ended> ended(Batch batch) throws IOException {
    Control control = controls.of(batch);
    Set<String> folders =
        files.list(batch.folder()).stream()
            .map(Path::getFileName)
            .map(Path::toString)
            .collect(Collectors.toSet());
    List<Ended> ended = new ArrayList<>();
    for (int index = 0; index < batch.size(); index++) {
      String name = batch.sweep().folder(index);
      Run run = batch.run(index);
      boolean isThere = name.isEmpty() || folders.contains(name);
      boolean again = control.again().containsKey(index);
      if (isThere && (again || !runsTold.contains(eventFactory.source(batch) + " " + run.id()))) {
        ProcessResult.head(new RunFolder(run.folder()).processResult())
            .filter(Head::isFinal)
            .ifPresent(head -> ended.add(new Ended(run, head)));
      }
    }
    ended.sort(Comparator.comparing(e -> e.head().endedAt()));
    return ended;
  }
}
