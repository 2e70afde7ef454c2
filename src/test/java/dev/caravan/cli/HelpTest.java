package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The help of every command, as picocli makes it from the model. */
class HelpTest {

  /** How Java prints what a user cannot type: an absent or empty value, or an object. */
  private static final Pattern INTERNAL =
      Pattern.compile("Optional|\\bnull\\b|\\[]|\\{}|PT\\d|\\w\\.\\w+@[0-9a-f]{2,}|\\$\\{");

  static Stream<CommandSpec> commands() {
    CommandLine caravan = Commands.all(null);
    return Stream.concat(Stream.of(caravan), caravan.getSubcommands().values().stream())
        .map(CommandLine::getCommandSpec);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void showsOnlyDefaultsThatCanBeTyped(CommandSpec command) {
    assertThat(shown(command)).allSatisfy(text -> assertThat(text).doesNotContainPattern(INTERNAL));
    assertThat(command.commandLine().getUsageMessage()).doesNotContainPattern(INTERNAL);
  }

  @Test
  void findsSuchDefaults() {
    // given
    @Command(name = "made", showDefaultValues = true)
    class Made {
      @Option(names = "--list")
      private List<String> list = List.of();
    }

    // when
    CommandSpec made = CommandSpec.forAnnotatedObject(new Made());

    // then
    assertThat(shown(made)).anyMatch(INTERNAL.asPredicate());
  }

  /** The defaults that the help of a command shows. */
  private static List<String> shown(CommandSpec command) {
    return Stream.<Collection<? extends ArgSpec>>of(
            command.positionalParameters(), command.options())
        .<ArgSpec>flatMap(Collection::stream)
        .filter(argument -> isShown(argument, command))
        .map(ArgSpec::defaultValueString)
        .toList();
  }

  /** Of a flag, and of an option without a default, picocli shows none. */
  private static boolean isShown(ArgSpec argument, CommandSpec command) {
    boolean hasDefault = argument.defaultValue() != null || argument.initialValue() != null;
    return command.usageMessage().showDefaultValues() && hasDefault && argument.arity().max() > 0;
  }
}
