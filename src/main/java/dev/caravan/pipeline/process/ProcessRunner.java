package dev.caravan.pipeline.process;

import dev.caravan.pipeline.process.ProcessExit.How;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one process until it ends and leaves nothing behind: no process and no temporary folder.
 * Output goes to files, so no pipe can block. Thread-safe.
 */
public final class ProcessRunner {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessRunner.class);
  private static final Duration DETACH_TIME = Duration.ofSeconds(5);
  private static final long DETACH_POLL_MILLIS = 50;

  /** Runs {@code launch}; see {@link #run(Launch, StopSignal, Consumer)}. */
  public ProcessExit run(Launch launch, StopSignal stop) {
    return run(launch, stop, started -> {});
  }

  /**
   * Runs a process until it ends, exceeds its limit, {@code stop} is requested or this thread is
   * interrupted. Then ends what remains of its tree: SIGINT to the process, SIGKILL to all after
   * the grace period. An interruption gives STOPPED, with the thread's interrupt flag set again.
   *
   * @param started receives the record of the process tree as soon as it runs, so that it can be
   *     saved; if it throws, the tree is killed and the exception is passed on
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
      return startAndAwait(launch, stop, started);
    } finally {
      removeTemp(launch.temp());
    }
  }

  /**
   * Kills the remaining processes of a dead Caravan's run and removes its temporary folder. Call it
   * only for a record whose owner is known to be dead.
   *
   * @return the number of processes killed
   */
  public static int killOrphans(ProcessRecord orphan) {
    int found = 0;
    if (orphan.bootId().equals(ProcessIdentity.currentBoot())) {
      ProcessTree tree = ProcessTree.ofOrphan(orphan);
      found = tree.alive().size();
      kill(orphan, tree);
    }
    removeTemp(orphan.temp());
    return found;
  }

  private static ProcessExit startAndAwait(
      Launch launch, StopSignal stop, Consumer<ProcessRecord> started) {
    RunningProcess running;
    try {
      running = new RunningProcess(launch, stop, start(launch), ProcessIdentity.currentBoot());
    } catch (IOException e) {
      return ProcessExit.withoutProcess(How.NOT_STARTED, e.getMessage());
    }
    try {
      started.accept(running.record());
      ProcessExit exit = running.await();
      if (launch.mayDetach() && exit.how() == How.EXITED) {
        awaitDetached(running.record(), stop);
      }
      return exit;
    } finally {
      kill(running.record(), running.tree());
      OrphanGuard.shared().release(running.record().pid(), launch.temp());
    }
  }

  /**
   * Gives the children of a process that has ended time to begin sessions of their own, which they
   * may do only after it ended. Looks with a new tree each time: one remembers its members.
   */
  private static void awaitDetached(ProcessRecord record, StopSignal stop) {
    long deadline = System.nanoTime() + DETACH_TIME.toNanos();
    try {
      while (stop.message().isEmpty()
          && System.nanoTime() - deadline < 0
          && !ProcessTree.of(record).alive().isEmpty()) {
        Thread.sleep(DETACH_POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // They are killed at once.
    }
  }

  private static Process start(Launch launch) throws IOException {
    Process process = ProcessStarter.start(launch);
    if (!Launcher.endsWithJvm(launch)) {
      OrphanGuard.shared().guard(process.pid(), launch.temp());
    }
    return process;
  }

  /** Kills the tree and warns of processes that survive. */
  private static void kill(ProcessRecord record, ProcessTree tree) {
    tree.kill(RunningProcess.KILL_TIMEOUT)
        .forEach(
            survivor ->
                LOG.warn(
                    "Process {} of {} survived SIGKILL (state {}); inspect it with: ps -fp {}",
                    survivor.pid(),
                    record.directory(),
                    survivor.state(),
                    survivor.pid()));
  }

  private static void removeTemp(Path temp) {
    try {
      TempFolder.remove(temp);
    } catch (IOException e) {
      LOG.warn("Cannot remove temporary folder {}: {}", temp, e.toString());
    }
  }
}
