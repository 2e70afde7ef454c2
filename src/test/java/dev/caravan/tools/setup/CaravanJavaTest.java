package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The java that the {@code caravan} script takes, and the options and locale that it gives it. */
@Timeout(60)
class CaravanJavaTest {

  @TempDir Path temp;
  private CaravanCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
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
  @CsvSource({"old,11.0.2", "parts,21.0.1"})
  void saysThatTheJavaOfTheUserIsNone(String name, String version) throws Exception {
    // given
    checkout.jdk("jvm/jdk-17", "11.0.2");
    Path home = checkout.jdk(name, version);
    Files.writeString(
        home.resolve("release"),
        "MODULES=\"java.base java.sql.rowset\"\n",
        StandardOpenOption.APPEND);

    // when
    CaravanCheckout.Result result =
        checkout.run(checkout.top(), List.of("JAVA_HOME=" + home), "./caravan", "plan");

    // then
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("caravan: building the jar needs a JDK, version 17 or newer, with all modules,")
        .contains(" which JAVA_HOME (" + home + ") is not: ");
  }

  @Test
  void runsAJavaWithAllModules() throws Exception {
    // given
    Path home = checkout.jdk("whole", "21.0.1");
    Files.writeString(
        home.resolve("release"),
        "MODULES=\"java.base java.sql java.xml\"\n",
        StandardOpenOption.APPEND);

    // when, then
    assertThat(
            checkout.run(checkout.top(), List.of("JAVA_HOME=" + home), "./caravan", "plan").out())
        .contains(" -jar ");
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
    // when
    CaravanCheckout.Result result =
        checkout.run(
            checkout.top(), List.of("CARAVAN_JAVA_OPTS=-Xmx64m -Dx=*"), "./caravan", "plan");

    // then
    assertThat(result.out()).contains(" -Xmx64m -Dx=* -jar ");
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

  @ParameterizedTest
  @CsvSource({"120,120", "0,none"})
  void tellsJavaTheWidthOfATerminalThatHasOne(int width, String told) throws Exception {
    // when
    CaravanCheckout.Result result =
        checkout.run(
            checkout.top(),
            List.of("SHOW_COLUMNS=1", "SHELL=/bin/sh"),
            "/usr/bin/script",
            "-qec",
            "stty cols " + width + "; unset COLUMNS; ./caravan plan",
            "/dev/null");

    // then
    assertThat(result.out()).contains("COLUMNS=" + told + "\r\n");
  }
}
