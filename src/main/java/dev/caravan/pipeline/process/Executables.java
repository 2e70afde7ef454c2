package dev.caravan.pipeline.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds programs the way a shell does. */
final class Executables {

  /** As much as Linux looks at. */
  private static final int FIRST_LINE = 256;

  private static final Pattern INTERPRETER =
      Pattern.compile("#![ \\t]*(/[^ \\t\\n\\x00]*)[ \\t\\n]");

  private static final char UNDECODABLE = '\ufffd';

  private Executables() {}

  /**
   * The absolute path of a program. A name with a slash is resolved against {@code directory}, any
   * other name is searched on the PATH of {@code environment}.
   *
   * @throws IOException if it does not exist or is not executable; the message says which
   */
  static Path locate(String name, Path directory, Map<String, String> environment)
      throws IOException {
    if (name.isEmpty()) {
      throw new IOException("no program given");
    }
    if (name.contains("/")) {
      return check(directory.resolve(name).toAbsolutePath());
    }
    String path = environment.getOrDefault("PATH", "");
    return Arrays.stream(path.split(":"))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Executables::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("'" + name + "' is not on PATH (" + path + ")"));
  }

  /** Whether this is a regular file that we may execute. */
  static boolean isExecutable(Path program) {
    return Files.isRegularFile(program) && Files.isExecutable(program);
  }

  private static Path check(Path program) throws IOException {
    if (!Files.exists(program)) {
      throw new IOException("'" + program + "' does not exist");
    }
    if (!Files.isRegularFile(program)) {
      throw new IOException("'" + program + "' is not a file");
    }
    if (!Files.isExecutable(program)) {
      throw new IOException("'" + program + "' is not executable (use chmod +x)");
    }
    return program;
  }

  /**
   * Makes sure that a script has its interpreter: if not, Linux says that the script does not
   * exist.
   *
   * @throws IOException if it has not; the message says why
   */
  static void requireInterpreter(Path program) throws IOException {
    Matcher matcher = INTERPRETER.matcher(firstLine(program));
    if (matcher.lookingAt() && isMissing(matcher.group(1))) {
      String interpreter = matcher.group(1);
      throw new IOException(
          interpreter.endsWith("\r")
              ? "'" + program + "' has the line ends of Windows; Linux cannot execute it"
              : "the interpreter of '" + program + "' does not exist: '" + interpreter + "'");
    }
  }

  /** Not when its name is in another encoding than ours: then Linux tells. */
  private static boolean isMissing(String interpreter) {
    try {
      return interpreter.indexOf(UNDECODABLE) < 0 && !Files.exists(Path.of(interpreter));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String firstLine(Path program) {
    try (InputStream in = Files.newInputStream(program)) {
      return new String(in.readNBytes(FIRST_LINE), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // It may be executed and not read.
    }
  }
}
