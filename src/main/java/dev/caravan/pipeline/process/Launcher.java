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

/** The Python launcher: its source, its variables, and how the API key reaches aiperf. */
final class Launcher {

  /** Python source code, passed to the interpreter with {@code -c}. */
  static final String SOURCE = read("guard.py") + read("launcher.py");

  /** Variable with the process ID of the launcher's parent. */
  static final String PARENT = "CARAVAN_PARENT_PID";

  private static final String KEY = "CARAVAN_API_KEY";

  private Launcher() {}

  /** Whether the launched process ends by itself when this JVM does. */
  static boolean endsWithJvm(Launch launch) {
    return launch.environment().containsKey(PARENT);
  }

  /** Adds the key to the arguments or to the environment. */
  static void pass(
      Secret secret, KeyPassing passing, List<String> argv, Map<String, String> environment) {
    switch (passing) {
      case LAUNCHER -> environment.put(KEY, secret.value());
      case ENVIRONMENT -> environment.put(secret.variable(), secret.value());
      case ARGUMENT -> argv.addAll(asArgument(secret));
    }
  }

  /**
   * The arguments with the key's value replaced by {@code $NAME}. A value too short to be masked is
   * replaced only where it was added as the key, because it may be part of other arguments too.
   */
  static List<String> redact(List<String> argv, Optional<Secret> secret) {
    List<String> redacted = new ArrayList<>(argv);
    secret
        .filter(key -> !key.value().isEmpty())
        .ifPresent(
            key -> {
              boolean everywhere = key.value().length() >= SecretStore.MIN_MASKED_LENGTH;
              redacted.replaceAll(
                  text -> everywhere ? text.replace(key.value(), key.toString()) : text);
              int last = argv.size() - 1;
              if (last > 0 && argv.subList(last - 1, last + 1).equals(asArgument(key))) {
                redacted.set(last, key.toString());
              }
            });
    return redacted;
  }

  private static List<String> asArgument(Secret secret) {
    return List.of("--api-key", secret.value());
  }

  /** Why a program that is not a Python script cannot get the key, and what to do about it. */
  static String noInterpreterMessage(Path command, Secret secret) {
    return ("'%s' is not a script of a Python environment, so the key %s cannot be passed without"
            + " exposing it. Set caravan.aiperf.command to the aiperf of a venv ('caravan setup'"
            + " creates one), or, if the program reads the variable itself, set"
            + " caravan.aiperf.key-passing=environment")
        .formatted(command, secret);
  }

  /** The text of a resource of this package. */
  static String read(String resource) {
    try (InputStream in = Launcher.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
