package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.FakeAiperf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AiperfFinderTest {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path folder;

  @Test
  void prefersTheConfiguredCommand() throws IOException {
    // given
    Path configured = script("configured/aiperf", "echo 0.13.0");
    script("path/aiperf", "echo 0.13.0");
    // when, then
    assertThat(find(configured.toString())).isEqualTo(usable(configured, "0.13.0"));
    assertThat(find("configured/aiperf")).isEqualTo(usable(configured, "0.13.0"));
  }

  @Test
  void findsTheOneOnPathAndWarnsOfItsVersion() throws IOException {
    // given
    Path onPath = script("path/aiperf", "echo 'aiperf 0.14.0rc1'");
    // when
    AiperfInstall found = find("");
    // then
    assertThat(found).isEqualTo(usable(onPath, "0.14.0rc1"));
    assertThat(((AiperfInstall.Usable) found).warning()).get().asString().contains("0.14.0rc1");
    assertThat(usable(onPath, "0.13.0").warning()).isEmpty();
  }

  @Test
  void explainsWhatIsMissingOrUnusable() throws IOException {
    assertThat(message("")).startsWith("aiperf is not installed: ").contains("caravan setup");
    assertThat(message("/no/aiperf"))
        .isEqualTo("caravan.aiperf.command: '/no/aiperf' does not exist");
    Path failing = script("failing", "echo; echo 'No module named aiperf' >&2; exit 1");
    assertThat(message(failing.toString()))
        .startsWith("'%s --version' exited 1: No module named aiperf".formatted(failing));
    Path silent = script("silent", "true");
    assertThat(message(silent.toString())).endsWith("printed no version: is it aiperf?");
    Path broken = Files.writeString(script("broken", ""), "#!/no/such/python\n");
    assertThat(message(broken.toString()))
        .contains("cannot be started", "does not exist: '/no/such/python'", "caravan setup");
    Path noProgram = Files.writeString(script("no-program", ""), "\0\1\2");
    assertThat(message(noProgram.toString())).contains(noProgram.toString());
    Path plain = Files.writeString(folder.resolve("plain"), "");
    assertThat(message(plain.toString())).contains("is not executable");
  }

  @Test
  void advisesNoSetupWhereTheHostStartsNoProgram() throws IOException {
    // given: more than Linux takes
    Map<String, String> environment = Map.of("LC_ALL", "x".repeat(200_000));
    Path aiperf = script("fine", "echo 0.13.0");
    Optional<String> command = Optional.of(aiperf.toString());
    // when
    AiperfInstall found = new AiperfFinder(() -> command, folder, environment, LIMIT).find();
    // then
    assertThat(((AiperfInstall.Unusable) found).message())
        .contains("cannot be started", "Argument list too long")
        .doesNotContain("caravan setup");
  }

  @Test
  void runsInATempFolderThatALaterCaravanCanRemove() throws IOException {
    // given
    Path aiperf = script("checked", "pwd > " + folder.resolve("where") + "; echo 0.13.0");
    // when
    find(aiperf.toString());
    // then
    Path where = Path.of(Files.readString(folder.resolve("where")).strip());
    assertThat(where).doesNotExist();
    assertThat(where.getFileName().toString())
        .startsWith("cv-" + ProcessHandle.current().pid() + "-");
  }

  @Test
  void doesNotWaitForeverForTheVersion() throws IOException {
    // given
    Path hanging = script("hanging", "sleep 600");
    AiperfFinder finder =
        new AiperfFinder(
            () -> Optional.of(hanging.toString()), folder, environment(), Duration.ofMillis(300));
    // when, then
    assertThat(finder.find())
        .isEqualTo(
            new AiperfInstall.Unusable(
                "'%s --version' did not finish within 0 s. Does it work in a shell?"
                    .formatted(hanging)));
  }

  @Test
  void tellsThatTheOneThatSetupChoseIsGone() throws IOException {
    // given
    Path onPath = script("path/aiperf", "echo 0.13.0");
    Path chosen = Files.createDirectories(folder.resolve("data/caravan")).resolve("aiperf.path");
    Files.writeString(chosen, folder.resolve("env/bin/aiperf") + "\n");
    Map<String, String> variables = new HashMap<>(environment());
    variables.put("XDG_DATA_HOME", folder.resolve("data").toString());

    try (CapturedLog log = CapturedLog.of(AiperfFinder.class)) {
      // when
      AiperfFinder finder = AiperfFinder.of(Settings.of(folder, variables, new Properties()));

      // then
      assertThat(finder.find()).isEqualTo(usable(onPath, "0.13.0"));
      assertThat(finder.find()).isEqualTo(usable(onPath, "0.13.0"));
      assertThat(log.lines())
          .containsExactly(
              "%s, which caravan setup chose, no longer exists; using %s"
                  .formatted(folder.resolve("env/bin/aiperf"), onPath));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"COLUMNS", "LINES", "PYTHONPATH"})
  void asksForTheVersionWithTheVariablesThatRunsHave(String variable) throws IOException {
    // given: as aiperf, which prints nothing on a terminal without a width
    Path onPath = script("path/aiperf", "[ \"$" + variable + "\" ] || echo 0.13.0");
    Map<String, String> variables = new HashMap<>(environment());
    variables.put(variable, "0");
    // when
    AiperfFinder finder = AiperfFinder.of(Settings.of(folder, variables, new Properties()));
    // then
    assertThat(finder.find()).isEqualTo(usable(onPath, "0.13.0"));
  }

  @Test
  void checksOnceUntilTheFileChanges() throws IOException {
    // given
    Path aiperf = script("aiperf", "true");
    Files.writeString(aiperf, "#!/bin/sh\necho x >> " + folder + "/checks\necho 0.13.0\n");
    AiperfFinder finder = finder(aiperf.toString());
    // when
    finder.find();
    finder.find();
    // then
    assertThat(folder.resolve("checks")).hasContent("x\n");
    // when
    Files.setLastModifiedTime(aiperf, FileTime.fromMillis(1000));
    finder.find();
    // then
    assertThat(folder.resolve("checks")).hasContent("x\nx\n");
  }

  @Test
  void findsOneThatIsInstalledLater() throws IOException {
    // given
    AiperfFinder finder = finder("");
    assertThat(finder.find()).isInstanceOf(AiperfInstall.Unusable.class);
    // when
    Path onPath = script("path/aiperf", "echo 0.13.0");
    // then
    assertThat(finder.find()).isEqualTo(usable(onPath, "0.13.0"));
  }

  @Test
  void readsThePythonFromTheScript() throws IOException {
    // given
    Path python = executable("venv/bin/python3.11", "");
    Path blanks = executable("with blanks/python3", "");
    String imports = "\nfrom aiperf.cli import app\n";
    // when, then
    assertThat(interpreter("#!" + python + imports)).contains(python);
    assertThat(interpreter("#!/usr/bin/env python3.11" + imports)).contains(python);
    assertThat(interpreter("#!/bin/sh\n'''exec' \"" + blanks + "\" \"$0\" \"$@\"\n' '''" + imports))
        .contains(blanks);
  }

  @Test
  void usesThePythonInTheFolderOfAMovedScript() throws IOException {
    // given
    Path beside = executable("scripts/python3", "");
    // when, then
    assertThat(interpreter("#!/moved/away/python3\nfrom aiperf.cli import app\n")).contains(beside);
  }

  @Test
  void doesNotBypassAWrapper() throws IOException {
    // given
    executable("scripts/python", "");
    // when, then
    assertThat(interpreter("#!/bin/sh\nexec nice aiperf \"$@\" # aiperf.cli\n")).isEmpty();
    assertThat(interpreter("#!/usr/bin/python3\nimport os\nos.execvp('aiperf', [])\n")).isEmpty();
    assertThat(interpreter("\u007fELF")).isEmpty();
  }

  @Test
  void followsALinkToTheScriptOfAVenv() throws IOException {
    // given
    Path aiperf = Python.aiperf(folder, "");
    Path link = Files.createSymbolicLink(folder.resolve("link"), aiperf);
    // when
    AiperfInstall found = find(link.toString());
    // then
    assertThat(((AiperfInstall.Usable) found).interpreter()).contains(Path.of(Python.path()));
  }

  @Test
  void reportsTheFakeAsTheTestedVersion() {
    // given
    Path fake = FakeAiperf.in(folder.resolve("fake"));
    // when, then
    assertThat(find(fake.toString())).isEqualTo(usable(fake, AiperfInstall.TESTED_VERSION));
  }

  private AiperfInstall find(String configured) {
    return finder(configured).find();
  }

  private AiperfFinder finder(String configured) {
    return new AiperfFinder(() -> Optional.of(configured), folder, environment(), LIMIT);
  }

  private String message(String configured) {
    return ((AiperfInstall.Unusable) find(configured)).message();
  }

  private Map<String, String> environment() {
    String path = folder.resolve("path") + ":" + folder.resolve("venv/bin") + ":/usr/bin:/bin";
    return Map.of("PATH", path, "XDG_DATA_HOME", folder.resolve("data").toString());
  }

  private Optional<Path> interpreter(String text) throws IOException {
    return PythonScript.interpreter(executable("scripts/aiperf", text), environment());
  }

  private Path script(String name, String body) throws IOException {
    return executable(name, "#!/bin/sh\n" + body + "\n");
  }

  private Path executable(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static AiperfInstall.Usable usable(Path command, String version) {
    return new AiperfInstall.Usable(command, version, Optional.empty());
  }
}
