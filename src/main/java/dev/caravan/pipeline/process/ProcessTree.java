package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All that one started process brought into being. A process belongs to it when it is in its group
 * or session, carries its TMPDIR, is the child of one that belongs, or was seen to belong before.
 *
 * <p>Both marks are needed: aiperf's processes overwrite their environment with their title
 * (setproctitle; measured on 0.13.0), and a grandchild may leave the session. One that does both,
 * under a parent that has ended, cannot be told from a stranger and is not found.
 */
final class ProcessTree {

  private static final long SELF = ProcessHandle.current().pid();
  private static final long LONGEST_PAUSE_MS = 50;

  private record Identity(long pid, long startTicks) {}

  private final ProcessRecord root;
  private final long since;
  private final byte[] mark;
  private final Predicate<ProcessEntry> sessionMember;
  private final Set<Identity> seen = new HashSet<>();

  private ProcessTree(ProcessRecord root, long since, Predicate<ProcessEntry> sessionMember) {
    this.root = root;
    this.since = since;
    this.mark = ("TMPDIR=" + root.temp() + "\0").getBytes(StandardCharsets.UTF_8);
    this.sessionMember = sessionMember;
  }

  /** The tree of a process that this JVM started. */
  static ProcessTree of(ProcessRecord root) {
    // Nothing of the tree is older than its root, so that all the rest need not be looked at.
    long since = root.startTicks() >= 0 ? root.startTicks() : ownStart();
    return new ProcessTree(root, since, member -> true);
  }

  /**
   * The tree of a process whose Caravan is dead. Its number may have been given to others since, so
   * that, but for the very process, its session counts only for those that work in its directory.
   */
  static ProcessTree leftBehind(ProcessRecord root) {
    return new ProcessTree(
        root,
        root.startTicks(),
        member -> member.pid() == root.pid() || worksIn(root.directory(), member.pid()));
  }

  /** Those that live now. Remembers them, so that they are still known without their parents. */
  List<ProcessEntry> living() {
    List<ProcessEntry> table = ProcessEntry.all();
    boolean sessionIsOurs = table.stream().noneMatch(this::tookOurNumber);
    List<ProcessEntry> others = new ArrayList<>();
    List<ProcessEntry> members = new ArrayList<>();
    for (ProcessEntry entry : table) {
      if (entry.dead() || entry.startTicks() < since || entry.pid() == SELF) {
        continue;
      }
      (belongs(entry, sessionIsOurs) ? members : others).add(entry);
    }
    addChildren(members, others);
    members.forEach(member -> seen.add(identity(member)));
    return members;
  }

  /**
   * Sends SIGKILL until nothing is left.
   *
   * @return what outlived {@code patience}, which only an unkillable process (state D) does
   */
  List<ProcessEntry> end(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean interrupted = false;
    List<ProcessEntry> left = living();
    for (long pause = 1; !left.isEmpty() && System.nanoTime() < deadline; pause *= 2) {
      left.forEach(ProcessTree::kill);
      try {
        Thread.sleep(Math.min(pause, LONGEST_PAUSE_MS));
      } catch (InterruptedException e) {
        interrupted = true; // The tree goes first.
      }
      left = living();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return left;
  }

  private boolean tookOurNumber(ProcessEntry entry) {
    return entry.pid() == root.pid() && entry.startTicks() != root.startTicks();
  }

  private boolean belongs(ProcessEntry entry, boolean sessionIsOurs) {
    boolean inside = entry.session() == root.pid() || entry.group() == root.pid();
    return seen.contains(identity(entry))
        || (inside && sessionIsOurs && sessionMember.test(entry))
        || carriesMark(entry.pid());
  }

  private static void addChildren(List<ProcessEntry> members, List<ProcessEntry> others) {
    Set<Long> parents = new HashSet<>();
    members.forEach(member -> parents.add(member.pid()));
    boolean grew = !members.isEmpty();
    while (grew) {
      List<ProcessEntry> children =
          others.stream().filter(entry -> parents.contains(entry.parent())).toList();
      children.forEach(child -> parents.add(child.pid()));
      members.addAll(children);
      grew = others.removeAll(children);
    }
  }

  private boolean carriesMark(long pid) {
    byte[] environment;
    try {
      environment = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
    } catch (IOException goneOrAnotherUsers) {
      return false;
    }
    int start = 0;
    while (start < environment.length) {
      if (startsWith(environment, start, mark)) {
        return true;
      }
      while (start < environment.length && environment[start] != 0) {
        start++;
      }
      start++;
    }
    return false;
  }

  private static boolean startsWith(byte[] text, int from, byte[] what) {
    int to = from + what.length;
    return to <= text.length && Arrays.equals(text, from, to, what, 0, what.length);
  }

  private static boolean worksIn(Path directory, long pid) {
    try {
      return Files.isSameFile(Path.of("/proc", Long.toString(pid), "cwd"), directory);
    } catch (IOException goneOrAnotherUsers) {
      return false;
    }
  }

  private static void kill(ProcessEntry entry) {
    ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  private static Identity identity(ProcessEntry entry) {
    return new Identity(entry.pid(), entry.startTicks());
  }

  private static long ownStart() {
    return ProcessEntry.of(SELF).map(ProcessEntry::startTicks).orElse(0L);
  }
}
