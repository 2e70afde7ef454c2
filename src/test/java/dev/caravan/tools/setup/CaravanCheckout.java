package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.ToolFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of a checkout with the {@code caravan} script, a fake java and a fake mvnw. */
final class CaravanCheckout {

  private static final List<String> TOOLS =
      List.of(
          "sh",
          "cat",
          "chmod",
          "cp",
          "cut",
          "dirname",
          "env",
          "find",
          "flock",
          "grep",
          "head",
          "id",
          "ln",
          "ls",
          "mkdir",
          "mktemp",
          "mv",
          "readlink",
          "rm",
          "rmdir",
          "sed",
          "sleep",
          "stat",
          "stty",
          "sync",
          "tail",
          "timeout",
          "touch",
          "tr");
  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      for option; do
        case $option in
          -XX:DumpLoadedClassList=*)
            echo archive >> "$0.archives"
            echo classes > "${option#*=}"
            exit 1
            ;;
          -XX:SharedClassListFile=*) list=$(cat "${option#*=}") ;;
          -XX:SharedArchiveFile=*)
            [ -z "$list" ] || [ ! -e "$0.no-archives" ] || exit 1
            [ -z "$list" ] || { echo "$list" > "${option#*=}"; exit 0; }
            ;;
        esac
        if [ "$before" = -jar ] || [ "$before" = -cp ]; then cat "${option%%:*}"; fi
        before=$option
      done
      echo "in $(pwd)"
      [ -z "$SHOW_LOCALE" ] || echo "LC_ALL=$LC_ALL"
      [ -z "$SHOW_COLUMNS" ] || echo "COLUMNS=${COLUMNS-none}"
      echo "$@"
      [ "$PID_FILE" ] || exit 7
      echo $$ > "$PID_FILE"
      exec sleep 60
      """;
  private static final String FAKE_MVNW =
      """
      #!/bin/sh
      echo built with "$JAVA_HOME" "$@"
      /bin/sleep 0.1
      echo "$JAVA_HOME $*" >> builds.txt
      [ -e broken ] && { echo "[ERROR] no such symbol"; exit 1; }
      mkdir -p target && echo "jar $(cat src/main/Some.java)" > target/caravan.jar
      """;

  private final Path temp;
  private final Path top;
  private final Path tools;

  /** The exit code and output of the script. */
  record Result(int code, String out, String err) {}

  CaravanCheckout(Path temp) throws IOException {
    this.temp = temp;
    top = Files.createDirectories(temp.resolve("check out"));
    tools = ToolFolder.make(temp.resolve("tools"), TOOLS);
    Files.createDirectories(top.resolve("src/main"));
    Files.createDirectories(top.resolve("routes"));
    Files.writeString(top.resolve("pom.xml"), "");
    FakePython.script(top.resolve("caravan"), Files.readString(Path.of("caravan")));
    copyParts(top.resolve("src/launcher"));
    FakePython.script(top.resolve("mvnw"), FAKE_MVNW);
  }

  /** The parts of the script, which know this machine only as far as the checkout does. */
  void copyParts(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(Path.of("src/launcher"))) {
      for (Path part : parts) {
        Files.writeString(
            folder.resolve(part.getFileName()),
            Files.readString(part)
                .replace("/usr/lib/jvm", temp.resolve("jvm").toString())
                .replace("/etc/os-release", temp.resolve("os-release").toString())
                .replace("/proc/meminfo", temp.resolve("meminfo").toString())
                .replace("/proc/self/cgroup", temp.resolve("cgroup").toString())
                .replace("/sys/fs/cgroup", temp.resolve("groups").toString()));
      }
    }
  }

  Path top() {
    return top;
  }

  /** The only folder on PATH. */
  Path tools() {
    return tools;
  }

  Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(temp.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    FakePython.script(home.resolve("bin/java"), FAKE_JAVA);
    FakePython.script(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  void source(String text) throws IOException {
    Files.writeString(top.resolve("src/main/Some.java"), text);
  }

  Result caravan(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./caravan"));
    command.addAll(List.of(arguments));
    return run(top, List.of(), command.toArray(String[]::new));
  }

  Result run(Path folder, List<String> environment, String... command) throws Exception {
    return result(start(folder, environment, command));
  }

  /** As a user with this cache who may not write everywhere, as root may. */
  Result asAnotherUser(Path cache, String command) throws Exception {
    List<String> argv = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      argv.addAll(List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    argv.addAll(List.of(top.resolve("caravan").toString(), command));
    return run(top, List.of("XDG_CACHE_HOME=" + cache), argv.toArray(String[]::new));
  }

  Process start(Path folder, List<String> environment, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.command().set(0, folder.resolve(command[0]).normalize().toString());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    environment.forEach(
        pair -> builder.environment().put(pair.split("=", 2)[0], pair.split("=", 2)[1]));
    return builder.start();
  }

  static Result result(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return new Result(process.exitValue(), out, err);
  }

  /** The archives of classes. */
  List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(top.resolve("target/run"))) {
      return files.filter(file -> file.toString().endsWith(".jsa")).toList();
    }
  }

  /** The only copy of the jar in a folder. */
  static Path onlyJar(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.filter(file -> file.toString().endsWith(".jar")).toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }
}
