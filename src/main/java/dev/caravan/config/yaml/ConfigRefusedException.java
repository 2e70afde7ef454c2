package dev.caravan.config.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** A config cannot be used; says all that is wrong with it at once. */
public final class ConfigRefusedException extends Exception {

  private final String file;
  private final transient List<Problem> problems;

  /** Refuses {@code file} for these problems, of which there is at least one. */
  public ConfigRefusedException(String file, List<Problem> problems) {
    super(text(file, problems));
    this.file = file;
    this.problems = List.copyOf(problems);
  }

  /** Name of the refused file. */
  public String file() {
    return file;
  }

  /** All that is wrong with it, from the top of the file to its end. */
  public List<Problem> problems() {
    return problems;
  }

  private static String text(String file, List<Problem> problems) {
    return problems.stream().map(p -> p.text(file)).collect(Collectors.joining("\n"));
  }
}
