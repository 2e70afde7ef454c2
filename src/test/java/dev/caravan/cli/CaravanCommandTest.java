package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** How command lines are understood. */
@ResourceLock(Resources.SYSTEM_ERR)
class CaravanCommandTest {

  private final List<Path> configs = new ArrayList<>();
  private final List<Overrides> overrides = new ArrayList<>();
  private final Engine engine =
      new NoEngine() {
        @Override
        public int serve(Settings settings) {
          return 0;
        }

        @Override
        public int run(Settings settings, OneShot oneShot) {
          configs.add(oneShot.config());
          overrides.add(oneShot.overrides());
          return 0;
        }

        @Override
        public int resume(Settings settings, Path folder, RunOutputs outputs) {
          return 0;
        }
      };

  @Test
  void runsAConfigGivenWithOrWithoutTheOption() {
    // when
    execute("run", "a.yaml");
    execute("run", "--config-file", "b.yaml");
    execute("run", "--wait", "1m", "c.yaml");
    // then
    assertThat(configs).containsExactly(Path.of("a.yaml"), Path.of("b.yaml"), Path.of("c.yaml"));
    assertThat(CaravanCommand.execute(engine, "run", "a.yaml", "--config-file", "b.yaml"))
        .isEqualTo(2);
    assertThat(CaravanCommand.execute(engine, "run", "a.yaml", "--resume", "b")).isEqualTo(2);
    assertThat(CaravanCommand.execute(engine, "run")).isEqualTo(2);
    assertThat(CaravanCommand.execute(engine)).isEqualTo(2);
    assertThat(CaravanCommand.execute(engine, "run", "a.yaml", "--dryrun")).isEqualTo(2);
  }

  @Test
  void passesOverridesOnAsTheyAreTyped() {
    // when
    execute(
        "run", "a.yaml", "--set", "a.b=c=d", "--label", "k=\"v 'w'", "--set=x=[1,2]", "--name=n o");
    execute("run", "a.yaml");
    // then
    assertThat(overrides)
        .containsExactly(
            new Overrides(
                List.of("--name n o", "--label k=\"v 'w'", "--set a.b=c=d", "--set x=[1,2]")),
            Overrides.NONE);
    assertThat(execute("run", "--resume", "b", "--label", "a=b"))
        .startsWith("--name, --label and --set are for a new batch");
    assertThat(CaravanCommand.execute(engine, "run", "a.yaml", "--name", "a", "--name", "b"))
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "rnu, run",
    "statsu, status",
    "validat, validate",
    "repot, report",
    "Plan, plan",
    "sumbit, submit"
  })
  void namesTheNearestCommand(String given, String nearest) {
    assertThat(execute(given, "x"))
        .startsWith(
            "caravan: there is no command \"%s\"; did you mean \"%s\"?".formatted(given, nearest));
  }

  @Test
  void listsTheCommandsWhenNoneIsNear() {
    assertThat(execute("benchmark"))
        .startsWith("caravan: there is no command \"benchmark\"\nCommands: ")
        .contains("run, serve")
        .doesNotContain("did you mean");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void endsEveryHelpWithAnExample(String command) {
    // given
    CommandLine line = Commands.all(engine);
    // when
    String help = line.getSubcommands().get(command).getUsageMessage();
    // then
    assertThat(help.strip().lines().toList().subList(0, (int) help.strip().lines().count() - 1))
        .last()
        .isEqualTo("Example:");
    assertThat(help.strip().lines()).last().asString().startsWith("  caravan " + command);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void knowsACommandAloneAsAmongAll(String command) {
    // when
    CommandLine alone = Commands.of(engine, command, "--help");
    // then
    assertThat(alone.getSubcommands()).containsOnlyKeys(command);
    CommandLine built = alone.getSubcommands().get(command);
    assertThat(built.getCommandSpec().userObject().getClass().getAnnotation(Command.class).name())
        .isEqualTo(command);
    assertThat(built.getUsageMessage())
        .isEqualTo(Commands.all(engine).getSubcommands().get(command).getUsageMessage());
  }

  @Test
  void knowsAllCommandsWhereNoneComesFirst() {
    assertThat(Commands.of(engine).getSubcommands()).hasSizeGreaterThan(20);
    assertThat(Commands.of(engine, "--home", "x", "plan").getSubcommands()).hasSizeGreaterThan(20);
  }

  static Stream<String> commands() {
    return Commands.all(null).getSubcommands().keySet().stream();
  }

  private String execute(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      CaravanCommand.execute(engine, arguments);
      return err.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(before);
    }
  }
}
