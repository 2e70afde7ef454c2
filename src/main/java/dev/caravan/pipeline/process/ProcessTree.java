package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A started process and all its descendants. A process is a member if it is the root, is in the
 * root's process group or session, has its TMPDIR, is the child of a member, or was a member
 * before. A root that has just been started is known by its ID and start only: it has no session of
 * its own yet, and the kernel shows no environment while it executes a program.
 *
 * <p>Both the session and TMPDIR are needed: aiperf's processes overwrite their environment with
 * their title (setproctitle; measured on 0.13.0), and a grandchild may leave the session. A process
 * that does both and whose parent has ended cannot be recognised and is not found.
 */
final class ProcessTree {

  private static final long SELF = ProcessHandle.current().pid();
  private static final long MAX_PAUSE_MS = 50;

  private record Identity(long pid, long startTicks) {}

  private final ProcessRecord root;
  private final long earliestStart;
  private final String tempVariable;
  private final Predicate<ProcessEntry> sessionMember;
  private final Set<Identity> knownMembers = new HashSet<>();

  private ProcessTree(
      ProcessRecord root, long earliestStart, Predicate<ProcessEntry> sessionMember) {
    this.root = root;
    this.earliestStart = earliestStart;
    this.tempVariable = TempFolder.variable(root.temp());
    this.sessionMember = sessionMember;
    knownMembers.add(new Identity(root.pid(), root.startTicks()));
  }

  /** The tree of a process that this JVM started. */
  static ProcessTree of(ProcessRecord root) {
    // No member is older than the root, so older processes are skipped.
    long earliestStart = root.startTicks() >= 0 ? root.startTicks() : jvmStart();
    return new ProcessTree(root, earliestStart, member -> true);
  }

  /**
   * The tree of a process whose Caravan is dead. The pid may have been reused since then, so apart
   * from the root itself, processes in its session are members only if they have the root's working
   * directory.
   */
  static ProcessTree ofOrphan(ProcessRecord root) {
    return new ProcessTree(
        root, root.startTicks(), member -> hasWorkingDirectory(root.directory(), member.pid()));
  }

  /** The members alive now. Remembers them, so that they stay members when their parent ends. */
  List<ProcessEntry> alive() {
    List<ProcessEntry> table = ProcessEntry.all();
    boolean sessionIsOurs = table.stream().noneMatch(this::reusesRootPid);
    List<ProcessEntry> others = new ArrayList<>();
    List<ProcessEntry> members = new ArrayList<>();
    for (ProcessEntry entry : table) {
      if (entry.isDead() || entry.startTicks() < earliestStart || entry.pid() == SELF) {
        continue;
      }
      (isMember(entry, sessionIsOurs) ? members : others).add(entry);
    }
    addChildren(members, others);
    members.forEach(member -> knownMembers.add(identity(member)));
    return members;
  }

  /**
   * Sends SIGKILL until no member is alive.
   *
   * @return the processes still alive after {@code timeout}: only unkillable ones (state D)
   */
  List<ProcessEntry> kill(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    List<ProcessEntry> remaining = alive();
    for (long pause = 1; !remaining.isEmpty() && System.nanoTime() < deadline; pause *= 2) {
      remaining.forEach(ProcessTree::kill);
      try {
        Thread.sleep(Math.min(pause, MAX_PAUSE_MS));
      } catch (InterruptedException e) {
        interrupted = true; // Kill the tree first.
      }
      remaining = alive();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return remaining;
  }

  private boolean reusesRootPid(ProcessEntry entry) {
    return entry.pid() == root.pid() && entry.startTicks() != root.startTicks();
  }

  private boolean isMember(ProcessEntry entry, boolean sessionIsOurs) {
    boolean inSession = entry.session() == root.pid() || entry.group() == root.pid();
    return knownMembers.contains(identity(entry))
        || (inSession && sessionIsOurs && sessionMember.test(entry))
        || entry.hasVariable(tempVariable);
  }

  private static void addChildren(List<ProcessEntry> members, List<ProcessEntry> others) {
    Set<Long> parents = new HashSet<>();
    members.forEach(member -> parents.add(member.pid()));
    boolean added = !members.isEmpty();
    while (added) {
      List<ProcessEntry> children =
          others.stream().filter(entry -> parents.contains(entry.parent())).toList();
      children.forEach(child -> parents.add(child.pid()));
      members.addAll(children);
      added = others.removeAll(children);
    }
  }

  private static boolean hasWorkingDirectory(Path directory, long pid) {
    try {
      return Files.isSameFile(Path.of("/proc", Long.toString(pid), "cwd"), directory);
    } catch (IOException goneOrNotOurs) {
      return false;
    }
  }

  private static void kill(ProcessEntry entry) {
    ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static Identity identity(ProcessEntry entry) {
    return new Identity(entry.pid(), entry.startTicks());
  }

  private static long jvmStart() {
    return ProcessEntry.of(SELF).map(ProcessEntry::startTicks).orElse(0L);
  }
}
