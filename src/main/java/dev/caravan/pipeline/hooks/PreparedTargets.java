package dev.caravan.pipeline.hooks;

import dev.caravan.config.Target;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What each target was last prepared for by hooks, in {@code .caravan/prepared/}, so that a change
 * of variant is known after a restart, too. What is not known is prepared again.
 */
final class PreparedTargets {

  private static final int MAX_BYTES = 1 << 16;

  private final Path folder;
  private final boolean shared;
  private final DurableFiles files;

  /** The prepared targets of a home. Other workers may prepare the targets of a worker, too. */
  static PreparedTargets of(Settings settings, Home home, DurableFiles files) {
    return new PreparedTargets(home, Role.of(settings) != Role.ALONE, files);
  }

  PreparedTargets(Home home, boolean shared, DurableFiles files) {
    this.folder = StateFolder.PREPARED.in(home);
    this.shared = shared;
    this.files = files;
  }

  /** What the target of a run was last prepared for; empty if that is not known. */
  Optional<PreparedTarget> last(Run run) {
    try {
      byte[] content = RegularFiles.read(file(run), MAX_BYTES);
      return Optional.ofNullable(Json.TYPED.readValue(content, PreparedTarget.class));
    } catch (IOException absentOrDamaged) {
      return Optional.empty();
    }
  }

  /**
   * Whether the target of a run is prepared for its variant. Where others prepare it, too, only if
   * the run before it was executed here: they may have changed it in between.
   */
  boolean isPreparedFor(Run run) {
    return last(run)
        .filter(prepared -> prepared.isVariantOf(run))
        .filter(prepared -> !shared || isSameOrNext(run, prepared.index()))
        .isPresent();
  }

  private static boolean isSameOrNext(Run run, int index) {
    Target target = target(run);
    return run.index() == index
        || run.batch()
            .before(run.index())
            .filter(earlier -> target(earlier).equals(target))
            .findFirst()
            .filter(earlier -> earlier.index() == index)
            .isPresent();
  }

  /** Hooks are about to change the target of this run. */
  void forget(Run run) throws IOException {
    files.delete(file(run));
  }

  /** Hooks are about to change what all targets of a batch share. */
  void forget(Batch batch) throws IOException {
    for (Object url : batch.config().values("url")) {
      files.delete(file(Target.of((String) url)));
    }
  }

  /** Hooks have prepared the target of a run for it. */
  void prepared(Run run) throws IOException {
    PreparedTarget now = PreparedTarget.of(run);
    if (last(run).filter(now::equals).isEmpty()) {
      files.createDirectories(folder);
      files.writeOver(file(run), Json.file(now));
    }
  }

  private Path file(Run run) {
    return file(target(run));
  }

  private Path file(Target target) {
    return folder.resolve(target.fileName() + ".json");
  }

  private static Target target(Run run) {
    return Target.of(run.parameters().url());
  }
}
