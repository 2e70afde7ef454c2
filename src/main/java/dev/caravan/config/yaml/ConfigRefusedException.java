package dev.caravan.config.yaml;

import dev.caravan.config.text.RefusedException;
import java.util.List;
import java.util.stream.Collectors;

/** A config is refused; the message lists all its problems, one line each. */
public final class ConfigRefusedException extends RefusedException {

  private final String file;
  private final transient List<Problem> problems;

  /** Refuses {@code file} for these problems (at least one). */
  public ConfigRefusedException(String file, List<Problem> problems) {
    super(text(file, problems));
    this.file = file;
    this.problems = List.copyOf(problems);
  }

  /** Name of the refused file. */
  public String file() {
    return file;
  }

  /** All problems, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }

  private static String text(String file, List<Problem> problems) {
    return problems.stream().map(p -> p.text(file)).collect(Collectors.joining("\n"));
  }
}
