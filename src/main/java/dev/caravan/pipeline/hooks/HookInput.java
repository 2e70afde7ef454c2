package dev.caravan.pipeline.hooks;

import dev.caravan.config.HookEvent;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a hook reads on its standard input, as one line of JSON.
 *
 * @param event when it runs, such as {@code before_point}
 * @param batch id of the batch
 * @param folder its folder
 * @param variant variant of the run; empty without variants, as in all that follows for a batch
 * @param point point of the run; empty for a single point
 * @param repeat which repeat, from 1
 * @param attempt which attempt, from 1
 * @param url the service
 * @param previous the run before it on this service, as far as is known
 */
record HookInput(
    String event,
    String batch,
    String folder,
    Optional<String> variant,
    Optional<String> point,
    OptionalInt repeat,
    OptionalInt attempt,
    Optional<String> url,
    Optional<Previous> previous) {

  /** The run before. */
  record Previous(String batch, Optional<String> variant, Optional<String> point, int repeat) {

    static Previous of(PreparedTarget target) {
      return new Previous(
          target.batch(), given(target.variant()), given(target.point()), target.repeat());
    }
  }

  /** The input of a hook around an attempt. */
  static HookInput of(HookEvent event, Run run, int attempt, Optional<PreparedTarget> previous) {
    return new HookInput(
        event.key(),
        run.batch().id(),
        run.batch().folder().toString(),
        given(run.place().variant()),
        given(run.place().point()),
        OptionalInt.of(run.place().repeat()),
        OptionalInt.of(attempt),
        Optional.of(run.parameters().url()),
        previous.map(Previous::of));
  }

  /** The input of a hook around a batch. */
  static HookInput of(HookEvent event, Batch batch) {
    return new HookInput(
        event.key(),
        batch.id(),
        batch.folder().toString(),
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.of(batch.firstRun().parameters().url()),
        Optional.empty());
  }

  private static Optional<String> given(String name) {
    return Optional.of(name).filter(each -> !each.isEmpty());
  }
}
