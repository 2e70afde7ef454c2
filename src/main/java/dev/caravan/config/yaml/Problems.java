package dev.caravan.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** Gathers what is wrong with one config. */
public final class Problems {

  /** A file with more is not read by anybody, and its answer should stay small. */
  private static final int MAX_LISTED = 200;

  private final List<Problem> listed = new ArrayList<>();
  private long more;

  /** Adds a problem with what stands at this node. */
  public void add(Node at, String path, String message) {
    add(at.getStartMark(), path, message);
  }

  /** Adds a problem at this place. */
  public void add(Mark at, String path, String message) {
    if (listed.size() < MAX_LISTED) {
      listed.add(at(at, path, message));
    } else {
      more++;
    }
  }

  /** Adds a problem whose words take time to find; they are not asked for when the list is full. */
  public void add(Node at, String path, Supplier<String> message) {
    add(at.getStartMark(), path, listed.size() < MAX_LISTED ? message.get() : "");
  }

  public boolean any() {
    return !listed.isEmpty();
  }

  /** All problems, from the top of the file to its end. */
  public List<Problem> inOrder() {
    List<Problem> problems = new ArrayList<>(listed);
    problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    if (more > 0) {
      problems.add(new Problem(0, 0, "", "and " + more + " more problems"));
    }
    return problems;
  }

  public static Problem at(Mark mark, String path, String message) {
    return new Problem(mark.getLine() + 1, mark.getColumn() + 1, path, message);
  }
}
