package dev.caravan.pipeline.process;

import dev.caravan.pipeline.process.ProcessExit.How;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one process to its end and leaves nothing of it behind: no process, no temporary folder.
 * Output goes to files, so that no pipe can block. Threadsafe.
 */
public final class ProcessRunner {

  private static final Logger LOGGER = LoggerFactory.getLogger(ProcessRunner.class);

  /** Runs {@code launch}; see {@link #run(Launch, StopSignal, Consumer)}. */
  public ProcessExit run(Launch launch, StopSignal stop) {
    return run(launch, stop, started -> {});
  }

  /**
   * Runs a process until it ends, its limit passes, {@code stop} is given or this thread is
   * interrupted, and ends what is left of its tree: SIGINT to the process, the grace, SIGKILL to
   * all. An interruption ends as STOPPED, with the thread's interrupt flag set again.
   *
   * @param started gets what names the tree as soon as it runs, so that it can be written down;
   *     what it throws ends the tree and is thrown on
   */
  public ProcessExit run(Launch launch, StopSignal stop, Consumer<ProcessRecord> started) {
    if (stop.message().isPresent()) {
      return ProcessExit.withoutProcess(How.STOPPED, stop.message().get());
    }
    try {
      TempFolder.create(launch.temp());
    } catch (IOException e) {
      return ProcessExit.withoutProcess(How.NOT_STARTED, e.getMessage());
    }
    try {
      return startAndFollow(launch, stop, started);
    } finally {
      removeTemp(launch.temp());
    }
  }

  /**
   * Ends what a dead Caravan left of a process, and removes its temporary folder. Only for a record
   * whose owner is known to be dead.
   *
   * @return how many processes were ended
   */
  public static int endLeftBehind(ProcessRecord left) {
    int found = 0;
    if (left.bootId().equals(ProcessIdentity.currentBoot())) {
      ProcessTree tree = ProcessTree.leftBehind(left);
      found = tree.living().size();
      warnOfSurvivors(left, tree);
    }
    removeTemp(left.temp());
    return found;
  }

  private static ProcessExit startAndFollow(
      Launch launch, StopSignal stop, Consumer<ProcessRecord> started) {
    RunningProcess running;
    try {
      running = new RunningProcess(launch, stop, start(launch), ProcessIdentity.currentBoot());
    } catch (IOException e) {
      return ProcessExit.withoutProcess(How.NOT_STARTED, e.getMessage());
    }
    try {
      started.accept(running.record());
      return running.follow();
    } finally {
      warnOfSurvivors(running.record(), running.tree());
      OrphanGuard.shared().forget(running.record().pid(), launch.temp());
    }
  }

  private static Process start(Launch launch) throws IOException {
    Process process = ProcessStarter.start(launch);
    if (!Launcher.guards(launch)) {
      OrphanGuard.shared().guard(process.pid(), launch.temp());
    }
    return process;
  }

  private static void warnOfSurvivors(ProcessRecord record, ProcessTree tree) {
    tree.end(RunningProcess.KILL_PATIENCE)
        .forEach(
            left ->
                LOGGER.warn(
                    "Process {} of {} did not end by SIGKILL (state {}); look at it with: ps -fp {}",
                    left.pid(),
                    record.directory(),
                    left.state(),
                    left.pid()));
  }

  private static void removeTemp(Path temp) {
    try {
      TempFolder.remove(temp);
    } catch (IOException e) {
      LOGGER.warn("Cannot remove temporary folder {}: {}", temp, e.toString());
    }
  }
}
