package dev.caravan.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Collects the problems and the warnings of one config. */
public final class Problems {

  /** Nobody reads a longer list, and replies should stay small; the rest are only counted. */
  private static final int MAX_LISTED = 200;

  private static final int MAX_COUNTED = 100_000;

  private static final Comparator<Problem> FILE_ORDER =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final Set<Problem> listed = new LinkedHashSet<>();
  private final Set<Problem> warnings = new LinkedHashSet<>();
  private final Set<Problem> listedPlaces = new HashSet<>();

  /** Hashes of the others, since each may be found many times. */
  private final Set<Integer> unlisted = new HashSet<>();

  /** Adds a problem with the value at this node; equal ones are listed once. */
  public void add(Node at, String path, String message) {
    add(at.getStartMark(), path, message);
  }

  /** Adds a problem at this position. */
  public void add(Mark at, String path, String message) {
    Problem problem = at(at, path, message);
    if (listed.size() < MAX_LISTED) {
      listed.add(problem);
      listedPlaces.add(at(at, path, ""));
    } else if (!listed.contains(problem) && unlisted.size() < MAX_COUNTED) {
      unlisted.add(problem.hashCode());
    }
  }

  /** Adds a problem whose message takes time to make; not made when nobody would see it. */
  public void add(Node at, String path, Supplier<String> message) {
    boolean isNeeded =
        listed.size() < MAX_LISTED || listedPlaces.contains(at(at.getStartMark(), path, ""));
    add(at.getStartMark(), path, isNeeded ? message.get() : "");
  }

  /** Adds a warning about the value at this node; equal warnings are listed once. */
  public void warn(Node node, String path, String message) {
    if (warnings.size() < MAX_LISTED) {
      warnings.add(at(node.getStartMark(), path, message));
    }
  }

  /** All warnings, one line each, in the order of the file. */
  public List<String> warnings() {
    return warnings.stream().sorted(FILE_ORDER).map(Problem::warning).toList();
  }

  /** Whether there is at least one problem. */
  public boolean any() {
    return !listed.isEmpty();
  }

  /** All problems, in the order of the file. */
  public List<Problem> inOrder() {
    List<Problem> problems = new ArrayList<>(listed);
    problems.sort(FILE_ORDER);
    if (!unlisted.isEmpty()) {
      String least = unlisted.size() < MAX_COUNTED ? "" : "at least ";
      problems.add(new Problem(0, 0, "", "and " + least + unlisted.size() + " more problems"));
    }
    return problems;
  }

  /** A problem at this position. */
  public static Problem at(Mark mark, String path, String message) {
    return OptionMark.is(mark)
        ? new Problem(0, 0, mark.getName(), path, message)
        : new Problem(mark.getLine() + 1, mark.getColumn() + 1, path, message);
  }
}
