package dev.caravan.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
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

  private static final Comparator<Problem> FILE_ORDER =
      Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column);

  private final Set<Problem> listed = new LinkedHashSet<>();
  private final Set<Problem> warnings = new LinkedHashSet<>();
  private long unlisted;

  /** Adds a problem with the value at this node; equal ones are listed once. */
  public void add(Node at, String path, String message) {
    add(at.getStartMark(), path, message);
  }

  /** Adds a problem at this position. */
  public void add(Mark at, String path, String message) {
    if (listed.size() < MAX_LISTED) {
      listed.add(at(at, path, message));
    } else {
      unlisted++;
    }
  }

  /** Adds a problem whose message takes time to make; not called when the list is full. */
  public void add(Node at, String path, Supplier<String> message) {
    add(at.getStartMark(), path, listed.size() < MAX_LISTED ? message.get() : "");
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
    if (unlisted > 0) {
      problems.add(new Problem(0, 0, "", "and " + unlisted + " more problems"));
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
