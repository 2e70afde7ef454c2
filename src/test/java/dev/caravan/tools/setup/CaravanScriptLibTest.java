package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jars that the {@code caravan} script adds to the class path. */
@Timeout(60)
class CaravanScriptLibTest {

  @TempDir Path temp;
  private CaravanCheckout checkout;
  private Path home;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
    home = Files.createDirectories(temp.resolve("my home"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serve --home %s",
        "--home %s run --config-file x.yaml",
        "--server http://h --home=%s routes --check",
      })
  void addsTheJarsOfTheHomeBehindItsOwn(String arguments) throws Exception {
    // given
    Path first = jar(home.resolve("lib"), "a.jar");
    Path second = jar(home.resolve("lib"), "b b.jar");
    Files.writeString(home.resolve("lib/notes.txt"), "no jar");
    List<String> given =
        List.of(arguments.split(" ")).stream()
            .map(word -> word.replace("%s", home.toString()))
            .toList();
    // when
    CaravanCheckout.Result result = checkout.caravan(given.toArray(String[]::new));
    // then
    assertThat(result.err()).doesNotContain("not used");
    assertThat(result.out())
        .startsWith("jar one")
        .contains("-cp " + ownJar() + ":" + first + ":" + second + " dev.caravan.Main")
        .doesNotContain(" -jar ", "notes");
  }

  @Test
  void addsThoseOfTheHomeInTheEnvironmentElseOfTheWorkingDirectory() throws Exception {
    // given
    Path named = jar(home.resolve("lib"), "a.jar");
    jar(checkout.top().resolve("lib"), "b.jar");
    // when
    CaravanCheckout.Result environment =
        checkout.run(checkout.top(), List.of("CARAVAN_HOME=" + home), "./caravan", "serve");
    CaravanCheckout.Result here = checkout.caravan("serve");
    // then
    assertThat(environment.out()).contains("-cp " + ownJar() + ":" + named + " dev.caravan.Main");
    assertThat(here.out())
        .contains("-cp " + ownJar() + ":./lib/b.jar dev.caravan.Main", "-XX:SharedArchiveFile=");
  }

  @ParameterizedTest
  @CsvSource({"plan x.yaml", "status", "serve --home /none"})
  void addsNoneWhereNoRouteStartsOrThereAreNone(String arguments) throws Exception {
    // given
    jar(checkout.top().resolve("lib"), "b.jar");
    // when
    CaravanCheckout.Result result = checkout.caravan(arguments.split(" "));
    // then
    assertThat(result.out()).contains(" -jar " + ownJar() + " " + arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "lib,rwxrwxr-x",
    "lib,rwxr-xrwx",
    "lib/a.jar,rw-rw-r--",
    "lib/b.jar,rw-r--rw-",
  })
  void startsWithoutThemWhenOthersMayWriteToThem(String name, String mode) throws Exception {
    // given
    jar(home.resolve("lib"), "a.jar");
    jar(home.resolve("lib"), "b.jar");
    Files.setPosixFilePermissions(home.resolve(name), PosixFilePermissions.fromString(mode));
    // then
    assertNotUsed(home.resolve(name) + " must be yours, no link, and writable by nobody else");
  }

  @Test
  void startsWithoutThemWhenAnotherUserOwnsThem() throws Exception {
    // given
    jar(home.resolve("lib"), "a.jar");
    FakePython.script(checkout.tools().resolve("id"), "#!/bin/sh\necho 4711\n");
    // then
    assertNotUsed(home.resolve("lib") + " must be yours, no link, and writable by nobody else");
  }

  @Test
  void startsWithoutThemWhenTheyAreLinks() throws Exception {
    // given
    Path elsewhere = jar(temp.resolve("elsewhere"), "a.jar");
    Path link = home.resolve("lib");
    // when
    Files.createSymbolicLink(link, elsewhere.getParent());
    // then
    assertNotUsed(link + " must be yours, no link, and writable by nobody else");
    // when
    Files.delete(link);
    Files.createDirectory(link);
    Files.createSymbolicLink(link.resolve("a.jar"), elsewhere);
    // then
    assertNotUsed(link + "/a.jar must be yours, no link, and writable by nobody else");
  }

  @Test
  void startsWithoutThemWhenAClassPathCannotNameThem() throws Exception {
    // given
    home = Files.createDirectories(temp.resolve("my:home"));
    jar(home.resolve("lib"), "a.jar");
    // then
    assertNotUsed("the path has a colon");
  }

  @Test
  void startsWithoutThemWhenTheNameOfOneNamesAnother() throws Exception {
    // given
    jar(home.resolve("lib"), "a.jar");
    jar(home.resolve("lib"), "b.jar:elsewhere.jar");
    // then
    assertNotUsed("the name of a jar has a colon");
  }

  @Test
  void addsNoJarOfAReleasePackageWhoseNameNamesAnother() throws Exception {
    // given
    Path top = releasePackage("package");
    Path odd = jar(top.resolve("../lib"), "a.jar:elsewhere.jar");
    // when
    CaravanCheckout.Result result = checkout.run(top, List.of(), "./caravan", "serve");
    // then
    assertThat(result.err()).contains(odd + " is not used: a class path cannot contain a colon");
    assertThat(result.out()).contains("-jar").doesNotContain("elsewhere");
  }

  @Test
  void addsTheJarsOfAReleasePackage() throws Exception {
    // given
    Path top = releasePackage("a package");
    jar(top.resolve("../lib"), "a.jar");
    // when
    CaravanCheckout.Result result = checkout.run(top, List.of(), "./caravan", "serve");
    // then
    String lib = top + "/../lib/";
    assertThat(result.out())
        .contains("-cp " + lib + "caravan.jar:" + lib + "a.jar dev.caravan.Main serve");
  }

  @Test
  void asksForAFolderFromWhichJavaRunsAJar() throws Exception {
    // given
    Path top = releasePackage("10:30");
    // when
    CaravanCheckout.Result result = checkout.run(top, List.of(), "./caravan", "serve");
    // then
    assertThat(result.err())
        .isEqualTo(
            "caravan: Java runs nothing from a path with a colon; move Caravan out of %s\n"
                .formatted(top));
    assertThat(result.out()).isEmpty();
    assertThat(result.code()).isEqualTo(2);
  }

  @Test
  void asksForALinkInsteadOfACopyOfTheScript() throws Exception {
    // given
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    copyScript(elsewhere);
    // when
    CaravanCheckout.Result result = checkout.run(elsewhere, List.of(), "./caravan", "serve");
    // then
    assertThat(result.err())
        .isEqualTo(
            "caravan: no %s/src/launcher/java.sh: make a link to this script rather than a copy of it\n"
                .formatted(elsewhere));
    assertThat(result.code()).isEqualTo(2);
  }

  /** The folder of the script in a package like those that are released. */
  private Path releasePackage(String name) throws IOException {
    Path bin = Files.createDirectories(temp.resolve(name).resolve("bin"));
    copyScript(bin);
    jar(bin.resolve("../lib"), "caravan.jar");
    checkout.copyParts(bin.resolve("../lib"));
    return bin;
  }

  private void copyScript(Path folder) throws IOException {
    Path copy = Files.copy(checkout.top().resolve("caravan"), folder.resolve("caravan"));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void assertNotUsed(String reason) throws Exception {
    CaravanCheckout.Result result = checkout.caravan("serve", "--home", home.toString());
    assertThat(result.err().lines())
        .contains(
            "caravan: the jars in %s/lib are not used: %s%s"
                .formatted(home, reason, reason.endsWith("else") ? " (chmod go-w)" : ""));
    assertThat(result.out()).contains(" -jar " + ownJar() + " serve");
  }

  private Path ownJar() throws IOException {
    return CaravanCheckout.onlyJar(checkout.top().resolve("target/run"));
  }

  private static Path jar(Path folder, String name) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path jar = Files.writeString(folder.resolve(name), "jar\n");
    return Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
  }
}
