package dev.caravan.pipeline.process;

import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The launcher's text, its variables, and the ways of the key. */
final class Launcher {

  /** Python source, given to the interpreter with {@code -c}. */
  static final String SOURCE = read("guard.py") + read("launcher.py");

  /** Tells the launcher who its parent is. */
  static final String PARENT = "CARAVAN_PARENT_PID";

  private static final String KEY = "CARAVAN_API_KEY";

  private Launcher() {}

  /** Whether the process ends with this JVM by itself. */
  static boolean guards(Launch launch) {
    return launch.environment().containsKey(PARENT);
  }

  static void pass(
      Secret key, KeyPassing passing, List<String> argv, Map<String, String> environment) {
    switch (passing) {
      case LAUNCHER -> environment.put(KEY, key.value());
      case ENVIRONMENT -> environment.put(key.variable(), key.value());
      case ARGUMENT -> argv.addAll(asArgument(key));
    }
  }

  /**
   * The arguments with {@code $NAME} wherever the key's value stands; one that is too short to be
   * masked only where it was put as the key, since its letters stand in other arguments too.
   */
  static List<String> named(List<String> argv, Optional<Secret> key) {
    List<String> named = new ArrayList<>(argv);
    key.filter(secret -> !secret.value().isEmpty())
        .ifPresent(
            secret -> {
              boolean everywhere = secret.value().length() >= SecretStore.MIN_MASKED_LENGTH;
              named.replaceAll(
                  text -> everywhere ? text.replace(secret.value(), secret.toString()) : text);
              int last = argv.size() - 1;
              if (last > 0 && argv.subList(last - 1, last + 1).equals(asArgument(secret))) {
                named.set(last, secret.toString());
              }
            });
    return named;
  }

  private static List<String> asArgument(Secret key) {
    return List.of("--api-key", key.value());
  }

  static String noInterpreter(Path command, Secret key) {
    return ("'%s' is no script of a Python environment, so that the key %s cannot be passed without"
            + " showing it. Name the aiperf of a venv by caravan.aiperf.command ('caravan setup'"
            + " makes one), or, when it reads the variable itself, set"
            + " caravan.aiperf.key-passing=environment")
        .formatted(command, key);
  }

  static String read(String resource) {
    try (InputStream in = Launcher.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
