package dev.caravan.tools.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What pip is configured with, by its files and {@code PIP_} variables. Values may hold passwords.
 *
 * @param options values of the options of {@code pip install}; those that are empty, or off, are
 *     left out as pip does
 */
record PipSettings(Map<String, String> options) {

  /** Prints them as JSON. Its three v show them to a pip that is configured to be quiet. */
  static final String SCRIPT =
      """
      import ast, json, re, subprocess, sys
      listed = subprocess.run(
          [sys.executable, '-m', 'pip', 'config', 'list', '-vvv', '--log', '/dev/null'],
          check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
      found = re.findall(r'^(\\S+?)=([\\'"].*)$', listed, re.M)
      print(json.dumps({name: ast.literal_eval(value) for name, value in found}))
      """;

  /** The sections that concern {@code pip install}; the last one decides. */
  private static final List<String> SECTIONS = List.of("global.", "install.", ":env:.");

  private static final Set<String> OFF = Set.of("", "0", "false", "no", "off", "n", "f");

  /** Off or not, they say the same to pip. */
  private static final Set<String> ALWAYS_ON = Set.of("no-cache-dir");

  PipSettings {
    options = Map.copyOf(options);
  }

  /** Reads the settings of a pip; empty when it does not list them. */
  static Optional<PipSettings> read(Path python, Map<String, String> environment)
      throws IOException, InterruptedException {
    SetupProcess.Result result =
        SetupProcess.query(List.of(python.toString(), "-c", SCRIPT), environment);
    String[] lines = result.output().strip().split("\n");
    try {
      return result.code() == 0
          ? Optional.of(
              of(
                  Json.STRICT
                      .forType(new TypeReference<Map<String, String>>() {})
                      .readValue(lines[lines.length - 1])))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** From what {@code pip config list} prints. */
  static PipSettings of(Map<String, String> listed) {
    Map<String, String> options = new TreeMap<>();
    for (String section : SECTIONS) {
      listed.forEach(
          (name, value) -> {
            if (name.startsWith(section) && !value.isEmpty()) {
              options.put(name.substring(section.length()), value);
            }
          });
    }
    options.entrySet().removeIf(each -> isOff(each.getKey(), each.getValue()));
    return new PipSettings(options);
  }

  private static boolean isOff(String name, String value) {
    return !ALWAYS_ON.contains(name) && OFF.contains(value.strip().toLowerCase(Locale.ROOT));
  }
}
