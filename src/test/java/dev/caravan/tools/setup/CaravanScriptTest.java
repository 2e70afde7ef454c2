package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code caravan} script in a copy of a checkout, with a fake java and a fake mvnw. */
@Timeout(60)
class CaravanScriptTest {

  @TempDir Path temp;
  private CaravanCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
  }

  @Test
  void buildsTheJarAndRunsItFromAnyFolderAndThroughALink() throws Exception {
    // given
    Path link =
        Files.createSymbolicLink(temp.resolve("tools/c"), checkout.top().resolve("caravan"));
    Path elsewhere = Files.createDirectories(temp.resolve("home"));

    // when
    CaravanCheckout.Result result =
        checkout.run(elsewhere, List.of(), link.toString(), "plan", "a b");

    // then
    assertThat(result.err())
        .isEqualTo("caravan: building target/caravan.jar, output in target/build.log\n");
    assertThat(result.out()).startsWith("jar one\nin " + elsewhere).endsWith("plan a b\n");
    assertThat(result.code()).isEqualTo(7);
    assertThat(checkout.top().resolve("builds.txt"))
        .hasContent(temp.resolve("jvm/jdk-17") + " -q -B -DskipTests package");
    assertThat(checkout.top().resolve("target/build.log")).content().contains("built with");
  }

  @Test
  void buildsOnlyWhenASourceIsNewer() throws Exception {
    // given
    checkout.caravan("plan");
    CaravanCheckout.Result again = checkout.caravan("plan");

    // when
    checkout.source("two");
    CaravanCheckout.Result changed = checkout.caravan("plan");

    // then
    assertThat(again.err()).isEmpty();
    assertThat(again.out()).startsWith("jar one");
    assertThat(changed.err()).contains("building");
    assertThat(changed.out()).startsWith("jar two");
  }

  @Test
  void buildsAgainAfterABuildThatWasInterrupted() throws Exception {
    // given
    Path target = Files.createDirectories(checkout.top().resolve("target"));
    Path half = Files.writeString(target.resolve("caravan.jar"), "without the libraries");
    Files.setLastModifiedTime(half, FileTime.from(Instant.now().plusSeconds(60)));
    Files.createFile(target.resolve("build.start"));

    // when
    CaravanCheckout.Result result = checkout.caravan("plan");
    CaravanCheckout.Result again = checkout.caravan("plan");

    // then
    assertThat(result.out()).startsWith("jar one");
    assertThat(again.err()).isEmpty();
  }

  @Test
  void leavesTheJarOfARunningDaemonAlone() throws Exception {
    // given
    Path pidFile = temp.resolve("daemon.pid");
    Process daemon =
        checkout.start(checkout.top(), List.of("PID_FILE=" + pidFile), "./caravan", "serve");
    await().until(() -> Files.exists(pidFile));
    Path used = CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));

    // when
    checkout.source("two");
    CaravanCheckout.Result result = checkout.caravan("plan");

    // then
    assertThat(used).hasContent("jar one");
    assertThat(result.out()).startsWith("jar two");
    daemon.destroy();
    assertThat(daemon.waitFor()).as("SIGTERM reached java itself").isEqualTo(143);
  }

  @Test
  void startsFromAnArchiveOfClassesThatTheFirstLongCommandMakes() throws Exception {
    // given
    Path archive = checkout.top().resolve("target/run");

    // when
    CaravanCheckout.Result before = checkout.caravan("plan");
    CaravanCheckout.Result first = checkout.caravan("run");
    CaravanCheckout.Result after = checkout.caravan("plan");

    // then
    assertThat(before.out()).doesNotContain("SharedArchiveFile");
    assertThat(first.out()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(after.out()).contains("-XX:SharedArchiveFile=" + archive);
  }

  @Test
  void knowsTheCommandBehindOptions() throws Exception {
    // when
    CaravanCheckout.Result plan = checkout.caravan("--home", "run", "plan");
    CaravanCheckout.Result serve = checkout.caravan("--home", "plan", "serve");

    // then
    assertThat(plan.out()).doesNotContain("SharedArchiveFile");
    assertThat(serve.out()).contains("-XX:SharedArchiveFile=", " -XX:-UsePerfData ");
  }

  @Test
  void keepsTheArchiveInTheCacheOfTheUserWhoMayNotWriteBesideTheJar() throws Exception {
    // given
    checkout.caravan("plan");
    Path cache = Files.createDirectories(temp.resolve("cache"));
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path beside = checkout.top().resolve("target/run");
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("r-xr-xr-x"));

    // when
    String first = checkout.asAnotherUser(cache, "run").out();
    String after = checkout.asAnotherUser(cache, "plan").out();
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rwxr-xr-x"));

    // then
    assertThat(first).contains("-XX:SharedArchiveFile=" + cache);
    assertThat(after).contains("-XX:SharedArchiveFile=" + cache);
    assertThat(checkout.archives()).isEmpty();
  }

  @Test
  void makesAnArchiveForAnotherJavaAnew() throws Exception {
    // given
    checkout.caravan("run");
    checkout.jdk("jvm/jdk-17", "17.0.16");

    // when
    CaravanCheckout.Result before = checkout.caravan("plan");
    CaravanCheckout.Result after = checkout.caravan("run");

    // then
    assertThat(before.out()).doesNotContain("SharedArchiveFile");
    assertThat(after.out()).contains("-java17.0.16-");
  }

  @Test
  void usesNoArchiveThatWasCutOffAndMakesItAnew() throws Exception {
    // given
    checkout.caravan("run");
    Files.writeString(checkout.archives().get(0), "cut");

    // when
    CaravanCheckout.Result before = checkout.caravan("plan");
    CaravanCheckout.Result after = checkout.caravan("run");

    // then
    assertThat(before.out()).doesNotContain("SharedArchiveFile");
    assertThat(after.out()).contains("-XX:SharedArchiveFile=" + checkout.archives().get(0));
    assertThat(checkout.archives()).hasSize(1);
  }

  @Test
  void makesNoArchiveForHelp() throws Exception {
    // when
    checkout.caravan("run", "--help");

    // then
    assertThat(checkout.archives()).isEmpty();
  }

  @Test
  void triesOnceWithAJavaThatMakesNoArchives() throws Exception {
    // given
    Path java = temp.resolve("jvm/jdk-17/bin/java");
    Files.createFile(java.resolveSibling("java.no-archives"));

    // when
    checkout.caravan("run");
    CaravanCheckout.Result again = checkout.caravan("run");

    // then
    assertThat(again.out()).doesNotContain("SharedArchiveFile");
    assertThat(java.resolveSibling("java.archives")).hasContent("archive");
  }

  @Test
  void removesWhatAKillLeftOfAnArchive() throws Exception {
    // given
    checkout.caravan("plan");
    Path jar = CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));
    Path left =
        Files.createFile(Path.of(jar.toString().replace(".jar", "-java17.0.15-1-2.77.new")));
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    // when
    checkout.caravan("run");

    // then
    assertThat(left).doesNotExist();
  }

  @Test
  void removesUnusedCopies() throws Exception {
    // given
    checkout.caravan("plan");
    Path old = CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));

    // when
    checkout.source("two");
    checkout.caravan("plan");

    // then
    assertThat(old).doesNotExist();
    assertThat(CaravanCheckout.onlyJar(checkout.top().resolve("target/run"))).hasContent("jar two");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void buildsOnceForConcurrentCalls(boolean withFlock) throws Exception {
    // given
    if (!withFlock) {
      Files.delete(checkout.tools().resolve("flock"));
    }

    // when
    List<Process> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(checkout.start(checkout.top(), List.of(), "./caravan", "plan"));
    }
    List<CaravanCheckout.Result> results = new ArrayList<>();
    for (Process call : calls) {
      results.add(CaravanCheckout.result(call));
    }

    // then
    assertThat(results).allSatisfy(result -> assertThat(result.out()).startsWith("jar one"));
    assertThat(Files.readAllLines(checkout.top().resolve("builds.txt"))).hasSize(1);
    assertThat(checkout.top().resolve("target/build.lock.d")).doesNotExist();
  }

  @Test
  void waitsForABuildWhoseScriptWasKilled() throws Exception {
    // given
    FakePython.script(
        checkout.top().resolve("mvnw"),
        """
        #!/bin/sh
        echo begin >> builds.txt
        while [ ! -e go ]; do sleep 0.05; done
        mkdir -p target && echo jar one > target/caravan.jar
        echo end >> builds.txt
        """);
    Path builds = checkout.top().resolve("builds.txt");
    Process killed = checkout.start(checkout.top(), List.of(), "./caravan", "plan");
    await().until(() -> Files.exists(builds));
    killed.destroyForcibly();

    // when
    Process next = checkout.start(checkout.top(), List.of(), "./caravan", "plan");
    next.getErrorStream().read(); // It says that it waits, or that it builds.
    Files.createFile(checkout.top().resolve("go"));

    // then
    assertThat(CaravanCheckout.result(next).out()).startsWith("jar one");
    assertThat(builds).hasContent("begin\nend\nbegin\nend\n");
  }

  @Test
  void takesOverTheLockOfADeadBuild() throws Exception {
    // given
    Files.delete(checkout.tools().resolve("flock"));
    Path lock = Files.createDirectories(checkout.top().resolve("target/build.lock.d"));
    Files.writeString(lock.resolve("pid"), "99999999\n");

    // then
    assertThat(checkout.caravan("plan").out()).startsWith("jar one");
  }

  @Test
  void showsTheOutputOfAFailedBuild() throws Exception {
    // given
    Files.createFile(checkout.top().resolve("broken"));

    // when
    CaravanCheckout.Result result = checkout.caravan("plan");

    // then
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .contains("[ERROR] no such symbol", "the build failed", "target/build.log");
    assertThat(result.out()).isEmpty();
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
  void suggestsTheCommandThatInstallsAJdk(String system, String command) throws Exception {
    // given
    Files.writeString(temp.resolve("os-release"), system.strip().replace(';', '\n') + "\n");
    checkout.jdk("jvm/jdk-17", "11.0.2");

    // then
    CaravanCheckout.Result result = checkout.caravan("plan");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("caravan: building the jar needs a JDK, version 17 or newer: " + command + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "ANSI_X3.4-1968 | C POSIX C.utf8          | C.utf8",
        "ANSI_X3.4-1968 | C de_DE.UTF-8 C.UTF-8   | C.UTF-8",
        "ISO-8859-1     | C de_DE en_US.utf8      | en_US.utf8",
        "ANSI_X3.4-1968 | C POSIX                 | C.UTF-8",
        "UTF-8          | C POSIX C.utf8          | ''",
        "-              | -                       | C.UTF-8",
      })
  void startsJavaInAUtf8Locale(String charmap, String locales, String chosen) throws Exception {
    // given
    if (charmap != null) {
      FakePython.script(
          checkout.tools().resolve("locale"),
          "#!/bin/sh\n[ \"$1\" = charmap ] && echo %s || printf '%%s\\n' %s\n"
              .formatted(charmap, locales));
    }

    // when
    CaravanCheckout.Result result =
        checkout.run(checkout.top(), List.of("SHOW_LOCALE=1"), "./caravan", "plan");

    // then
    assertThat(result.out()).contains("LC_ALL=" + chosen + "\n");
  }

  @Test
  void runsACurrentJarWithoutAJdkButCannotBuild() throws Exception {
    // given
    checkout.caravan("plan");
    Files.delete(temp.resolve("jvm/jdk-17/bin/javac"));

    // then
    assertThat(checkout.caravan("plan").out()).startsWith("jar one");
    checkout.source("two");
    assertThat(checkout.caravan("plan").err()).contains("building the jar needs a JDK");
  }

  @Test
  void prefersJavaHomeThenPath() throws Exception {
    // given
    Path mine = checkout.jdk("mine", "21.0.1");
    Path onPath = checkout.jdk("on-path", "25");
    Files.createSymbolicLink(checkout.tools().resolve("java"), onPath.resolve("bin/java"));

    // when
    checkout.run(checkout.top(), List.of("JAVA_HOME=" + mine), "./caravan");
    checkout.source("two");
    checkout.caravan();
    checkout.source("three");
    checkout.run(
        checkout.top(), List.of("JAVA_HOME=" + checkout.jdk("old", "1.8.0_402")), "./caravan");

    // then
    assertThat(
            Files.readAllLines(checkout.top().resolve("builds.txt")).stream()
                .map(l -> l.split(" ")[0]))
        .containsExactly(mine.toString(), onPath.toString(), onPath.toString());
  }

  @ParameterizedTest
  @CsvSource({"17.0.2,true,false", "23.0.1,true,false", "24,true,true", "25.0.2,false,true"})
  void choosesOptionsThatThisJavaDoesNotWarnOf(String version, boolean forks, boolean unsafe)
      throws Exception {
    // given
    Path java = checkout.jdk("java", version);

    // when
    String out =
        checkout.run(checkout.top(), List.of("JAVA_HOME=" + java), "./caravan", "plan").out();

    // then
    assertThat(out.contains(" -Djdk.lang.Process.launchMechanism=VFORK ")).isEqualTo(forks);
    assertThat(out.contains(" --sun-misc-unsafe-memory-access=allow ")).isEqualTo(unsafe);
    assertThat(out.contains(" --enable-native-access=ALL-UNNAMED ")).isEqualTo(unsafe);
  }

  @Test
  void addsTheUsersJavaOptions() throws Exception {
    assertThat(
            checkout
                .run(
                    checkout.top(), List.of("CARAVAN_JAVA_OPTS=-Xmx64m -Dx=*"), "./caravan", "plan")
                .out())
        .contains(" -Xmx64m -Dx=* -jar ");
  }
}
