package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caravan.config.HookEvent;
import dev.caravan.pipeline.process.ProcessIdentity;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import dev.caravan.storage.LocalHost;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The content of {@code hooks.json}, which tells which hooks an attempt has run, and of {@code
 * batch_hooks.json}, which tells it of a batch.
 *
 * @param schema version of this format
 * @param attempt number of the attempt, from 1; 0 for a batch
 * @param begun for a batch, whether what comes before its runs is over and what comes after is not
 * @param host the host on which they ran last; empty in older records
 * @param home the id of the home whose commands they were; empty if unknown
 * @param boot the kernel's ID of the boot in which they ran, or in which {@code begun} was decided
 * @param hooks the executions, oldest first
 */
public record HookRecord(
    int schema,
    int attempt,
    boolean begun,
    String host,
    String home,
    String boot,
    List<HookRun> hooks) {

  private static final int SCHEMA = 1;
  private static final int MAX_BYTES = 1 << 20;

  public HookRecord {
    host = host == null ? "" : host;
    home = home == null ? "" : home;
    boot = boot == null ? "" : boot;
    hooks = hooks == null ? List.of() : List.copyOf(hooks);
  }

  /** Of an attempt, or of a batch (0), for which no hook has run. */
  public static HookRecord none(int attempt) {
    return new HookRecord(SCHEMA, attempt, false, "", "", "", List.of());
  }

  /** The hooks of the attempt in a run folder, as far as they are recorded. */
  public static HookRecord of(Path runFolder, int attempt) {
    return read(new RunFolder(runFolder).hooks(), attempt);
  }

  /** The hooks of the newest attempt in a run folder, as far as they are recorded. */
  public static HookRecord ofNewest(Path runFolder) {
    return read(new RunFolder(runFolder).hooks()).orElse(none(0));
  }

  /** The hooks of the batch in a folder, as far as they are recorded. */
  public static HookRecord ofBatch(Path batchFolder) {
    return read(batchFolder.resolve(BatchFolder.HOOKS), 0);
  }

  /**
   * The record in this file. One that is absent, damaged or of another attempt counts as empty: a
   * hook runs once too often rather than not at all.
   */
  private static HookRecord read(Path file, int attempt) {
    return read(file).filter(found -> found.attempt == attempt).orElse(none(attempt));
  }

  private static Optional<HookRecord> read(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      byte[] content = RegularFiles.read(file, MAX_BYTES);
      return Optional.ofNullable(Json.TYPED.readValue(content, HookRecord.class));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * With an execution that has begun, or, at its end, with what is known of it now. One follows the
   * other, so that an end is that of the last one, if that is under way. Executions are not told
   * apart by their times: two can begin in one millisecond.
   */
  public HookRecord with(HookRun run) {
    List<HookRun> all = new ArrayList<>(hooks);
    if (underway().filter(run::isEndOf).isPresent()) {
      all.remove(all.size() - 1);
    }
    all.add(run);
    HookRecord now = new HookRecord(schema, attempt, begun, host, home, boot, all);
    // One of an earlier boot stays so until all that comes before the runs is over in this one.
    return boot.isEmpty() ? now.inThisBoot() : now;
  }

  /** A copy that records whether the batch has begun. */
  public HookRecord withBegun(boolean now) {
    return new HookRecord(schema, attempt, now, host, home, boot, hooks).inThisBoot();
  }

  /** A copy with this host and its current boot as those in which the hooks ran. */
  public HookRecord inThisBoot() {
    return doneBy(home);
  }

  /** A copy that also names this home, by its id. */
  public HookRecord doneBy(String id) {
    return new HookRecord(
        schema, attempt, begun, LocalHost.name(), id, ProcessIdentity.currentBoot(), hooks);
  }

  /**
   * What remains valid when a home of this host takes over the attempt. Of another home's record
   * that is what was done for the point, but not for the variant: each home may have another
   * command for that. The boots of another host do not matter here.
   */
  public HookRecord takenOver(String id) {
    if (!host.equals(LocalHost.name())) {
      return withoutVariant().inThisBoot();
    }
    return home.equals(id) ? this : withoutVariant();
  }

  private HookRecord withoutVariant() {
    List<HookRun> rest = hooks.stream().filter(run -> !run.isOf(HookEvent.BEFORE_VARIANT)).toList();
    return new HookRecord(schema, attempt, begun, host, home, boot, rest);
  }

  /** Whether what comes before the runs of a batch is over since the host booted. */
  @JsonIgnore
  public boolean isBegunInThisBoot() {
    return begun && isOfThisBoot();
  }

  private boolean isOfThisBoot() {
    return boot.equals(ProcessIdentity.currentBoot());
  }

  /** The last execution of the hook of this event since the host booted: no more is left. */
  public Optional<HookRun> last(HookEvent event) {
    return isOfThisBoot() ? lastInAnyBoot(event) : Optional.empty();
  }

  /** The last execution of the hook of this event. */
  public Optional<HookRun> lastInAnyBoot(HookEvent event) {
    return hooks.stream().filter(run -> run.isOf(event)).reduce((earlier, later) -> later);
  }

  /** The execution that has begun and not ended, as far as is known. */
  @JsonIgnore
  public Optional<HookRun> underway() {
    return hooks.stream()
        .reduce((earlier, later) -> later)
        .filter(run -> run.status() == HookRun.Status.RUNNING);
  }

  /** Whether the last execution of the hook of this event may have been cut off by a kill. */
  public boolean isCutOff(HookEvent event) {
    return underway().filter(run -> run.isOf(event)).isPresent();
  }

  /** What went wrong, a reason for each hook that failed. */
  public List<String> failures() {
    return hooks.stream().filter(HookRun::isFailed).map(HookRun::reason).distinct().toList();
  }

  /** The file content. */
  public byte[] json() {
    return Json.file(this);
  }
}
