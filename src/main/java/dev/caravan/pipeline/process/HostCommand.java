package dev.caravan.pipeline.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A command that a property of this host holds, and the environment that it is given. */
public final class HostCommand {

  /** None of them may hold a key. */
  private static final Set<String> PASSED_VARIABLES =
      Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR");

  private HostCommand() {}

  /**
   * Program and arguments, separated by spaces; no shell is involved. A program with a slash in its
   * name is resolved against the home; others come from PATH.
   */
  public static List<String> argv(String command, Path home) {
    List<String> argv =
        Arrays.stream(command.strip().split("\\s+"))
            .filter(arg -> !arg.isEmpty())
            .collect(Collectors.toCollection(ArrayList::new));
    if (!argv.isEmpty() && argv.get(0).contains("/")) {
      argv.set(0, home.resolve(argv.get(0)).toString());
    }
    return argv;
  }

  /** The environment of the command: the usual variables of this one, and these. */
  public static Map<String, String> environment(
      Map<String, String> source, Collection<String> alsoAllowed) {
    return source.entrySet().stream()
        .filter(entry -> isPassed(entry.getKey()) || alsoAllowed.contains(entry.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static boolean isPassed(String name) {
    return PASSED_VARIABLES.contains(name) || name.startsWith("LC_");
  }
}
