package dev.caravan.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The script {@code caravan} in a copy of a checkout, with a java and an mvnw that only tell. */
@Timeout(60)
class CaravanScriptTest {

  private static final List<String> TOOLS =
      List.of(
          "sh",
          "cat",
          "chmod",
          "cp",
          "dirname",
          "find",
          "flock",
          "grep",
          "head",
          "ls",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "sleep",
          "stat",
          "tail",
          "touch",
          "tr");
  private static final String JAVA =
      """
      #!/bin/sh
      for option; do
        if [ "$before" = -jar ]; then cat "$option"; fi
        before=$option
      done
      echo "in $(pwd)"
      echo "$@"
      [ "$CARAVAN_STAY" ] || exit 7
      echo $$ > "$CARAVAN_STAY"
      exec sleep 30
      """;
  private static final String MVNW =
      """
      #!/bin/sh
      echo built with "$JAVA_HOME" "$@"
      sleep 0.3
      echo "$JAVA_HOME $*" >> builds.txt
      [ -e broken ] && { echo "[ERROR] no such symbol"; exit 1; }
      mkdir -p target && echo "jar $(cat src/main/Some.java)" > target/caravan.jar
      """;

  @TempDir Path temp;
  private Path top;
  private Path tools;

  private record Said(int code, String out, String err) {}

  @BeforeEach
  void makeCheckout() throws IOException {
    top = Files.createDirectories(temp.resolve("check out"));
    tools = Files.createDirectories(temp.resolve("tools"));
    for (String tool : TOOLS) {
      FakePython.script(tools.resolve(tool), "#!/bin/sh\nexec " + found(tool) + " \"$@\"\n");
    }
    Files.createDirectories(top.resolve("src/main"));
    Files.createDirectories(top.resolve("routes"));
    Files.writeString(top.resolve("pom.xml"), "");
    source("one");
    FakePython.script(
        top.resolve("caravan"),
        Files.readString(Path.of("caravan"))
            .replace("/usr/lib/jvm", temp.resolve("jvm").toString())
            .replace("/etc/os-release", temp.resolve("os-release").toString()));
    FakePython.script(top.resolve("mvnw"), MVNW);
    jdk("jvm/jdk-17", "17.0.15");
  }

  @Test
  void buildsTheJarAndRunsItFromAnyFolderAndThroughALink() throws Exception {
    // given
    Path link = Files.createSymbolicLink(temp.resolve("tools/c"), top.resolve("caravan"));
    Path elsewhere = Files.createDirectories(temp.resolve("home"));

    // when
    Said said = run(elsewhere, List.of(), link.toString(), "plan", "a b");

    // then
    assertThat(said.err())
        .isEqualTo("caravan: building target/caravan.jar, output in target/build.log\n");
    assertThat(said.out()).startsWith("jar one\nin " + elsewhere).endsWith("plan a b\n");
    assertThat(said.code()).isEqualTo(7);
    assertThat(top.resolve("builds.txt"))
        .hasContent(temp.resolve("jvm/jdk-17") + " -q -B -DskipTests package");
    assertThat(top.resolve("target/build.log")).content().contains("built with");
  }

  @Test
  void buildsOnlyWhenASourceIsNewer() throws Exception {
    // given
    caravan("plan");
    Said again = caravan("plan");

    // when
    source("two");
    Said changed = caravan("plan");

    // then
    assertThat(again.err()).isEmpty();
    assertThat(again.out()).startsWith("jar one");
    assertThat(changed.err()).contains("building");
    assertThat(changed.out()).startsWith("jar two");
  }

  @Test
  void leavesTheJarOfARunningDaemonAlone() throws Exception {
    // given
    Path stay = temp.resolve("stay");
    Process daemon = start(top, List.of("CARAVAN_STAY=" + stay), "./caravan", "serve");
    org.awaitility.Awaitility.await().until(() -> Files.exists(stay));
    Path used = onlyFile(top.resolve("target/run"));

    // when
    source("two");
    Said said = caravan("plan");

    // then
    assertThat(used).hasContent("jar one");
    assertThat(said.out()).startsWith("jar two");
    daemon.destroy();
    assertThat(daemon.waitFor()).as("SIGTERM reached java itself").isEqualTo(143);
  }

  @Test
  void removesCopiesThatNobodyRuns() throws Exception {
    // given
    caravan("plan");
    Path old = onlyFile(top.resolve("target/run"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    // when
    source("two");
    caravan("plan");

    // then
    assertThat(old).doesNotExist();
    assertThat(onlyFile(top.resolve("target/run"))).hasContent("jar two");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void buildsOnceForCallsAtTheSameTime(boolean withFlock) throws Exception {
    // given
    if (!withFlock) {
      Files.delete(tools.resolve("flock"));
    }

    // when
    List<Process> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(start(top, List.of(), "./caravan", "plan"));
    }
    List<Said> said = new ArrayList<>();
    for (Process call : calls) {
      said.add(said(call));
    }

    // then
    assertThat(said).allSatisfy(one -> assertThat(one.out()).startsWith("jar one"));
    assertThat(Files.readAllLines(top.resolve("builds.txt"))).hasSize(1);
    assertThat(top.resolve("target/build.lock.d")).doesNotExist();
  }

  @Test
  void takesOverTheLockOfADeadBuild() throws Exception {
    // given
    Files.delete(tools.resolve("flock"));
    Path lock = Files.createDirectories(top.resolve("target/build.lock.d"));
    Files.writeString(lock.resolve("pid"), "99999999\n");

    // then
    assertThat(caravan("plan").out()).startsWith("jar one");
  }

  @Test
  void showsWhyABuildFailed() throws Exception {
    // given
    Files.createFile(top.resolve("broken"));

    // when
    Said said = caravan("plan");

    // then
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .contains("[ERROR] no such symbol", "the build failed", "target/build.log");
    assertThat(said.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ID=debian                            | sudo apt-get install -y default-jdk-headless",
        "ID=pop;ID_LIKE=\"ubuntu debian\"     | sudo apt-get install -y openjdk-17-jdk-headless",
        "ID=\"rocky\";ID_LIKE=\"rhel centos\" | sudo dnf install -y java-21-openjdk-devel",
        "ID=arch                              | sudo pacman -S --needed jdk17-openjdk",
        "ID=alpine                            | sudo apk add openjdk17-jdk",
        "ID=\"sles\";ID_LIKE=\"suse\"         | sudo zypper install java-17-openjdk-devel",
        "ID=nixos                             | install a JDK, version 17 or newer, and set JAVA_HOME",
      })
  void saysHowToInstallAJdk(String system, String command) throws Exception {
    // given
    Files.writeString(temp.resolve("os-release"), system.strip().replace(';', '\n') + "\n");
    jdk("jvm/jdk-17", "11.0.2");

    // then
    Said said = caravan("plan");
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err())
        .isEqualTo("caravan: building the jar needs a JDK, version 17 or newer: " + command + "\n");
  }

  @Test
  void runsACurrentJarWithoutAJdkButCannotBuild() throws Exception {
    // given
    caravan("plan");
    Files.delete(temp.resolve("jvm/jdk-17/bin/javac"));

    // then
    assertThat(caravan("plan").out()).startsWith("jar one");
    source("two");
    assertThat(caravan("plan").err()).contains("building the jar needs a JDK");
  }

  @Test
  void prefersJavaHomeThenPath() throws Exception {
    // given
    Path mine = jdk("mine", "21.0.1");
    Path onPath = jdk("on-path", "25");
    Files.createSymbolicLink(tools.resolve("java"), onPath.resolve("bin/java"));

    // when
    run(top, List.of("JAVA_HOME=" + mine), "./caravan");
    source("two");
    caravan();
    source("three");
    run(top, List.of("JAVA_HOME=" + jdk("old", "1.8.0_402")), "./caravan");

    // then
    assertThat(Files.readAllLines(top.resolve("builds.txt")).stream().map(l -> l.split(" ")[0]))
        .containsExactly(mine.toString(), onPath.toString(), onPath.toString());
  }

  @Test
  void addsTheUsersJavaOptions() throws Exception {
    assertThat(run(top, List.of("CARAVAN_JAVA_OPTS=-Xmx64m -Dx=*"), "./caravan", "plan").out())
        .contains(" -Xmx64m -Dx=* -jar ");
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(temp.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    FakePython.script(home.resolve("bin/java"), JAVA);
    FakePython.script(home.resolve("bin/javac"), "#!/bin/sh\n");
    return home;
  }

  private void source(String text) throws IOException {
    Files.writeString(top.resolve("src/main/Some.java"), text);
  }

  private Said caravan(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("./caravan"));
    command.addAll(List.of(arguments));
    return run(top, List.of(), command.toArray(String[]::new));
  }

  private Said run(Path folder, List<String> environment, String... command) throws Exception {
    return said(start(folder, environment, command));
  }

  private Process start(Path folder, List<String> environment, String... command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.command().set(0, folder.resolve(command[0]).normalize().toString());
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    environment.forEach(
        pair -> builder.environment().put(pair.split("=", 2)[0], pair.split("=", 2)[1]));
    return builder.start();
  }

  private static Said said(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes());
    String err = new String(process.getErrorStream().readAllBytes());
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), out, err);
  }

  private static Path onlyFile(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static Path found(String tool) {
    return List.of(Path.of("/usr/bin", tool), Path.of("/bin", tool)).stream()
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError(tool + " is not on this machine"));
  }
}
