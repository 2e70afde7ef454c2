package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.MadeSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The tables in {@code docs/options.md} are made from the commands as picocli knows them. Run with
 * {@code -Dcaravan.options.write=true} to write them.
 */
class OptionsPageTest {

  private static final MadeSection SECTION =
      new MadeSection(Path.of("docs/options.md"), "OptionsPageTest", "caravan.options.write");
  private static final Pattern LINE = Pattern.compile("(.{1,120})(?: |$)");
  private static final Pattern DEFAULT = Pattern.compile("\\s*\\(default: ([^)]*)\\)");

  @Test
  void thePageHasEveryOptionOfEveryCommand() throws IOException {
    CommandLine caravan = Commands.all(null);

    SECTION.assertText(
        Stream.concat(Stream.of(caravan), caravan.getSubcommands().values().stream())
            .map(CommandLine::getCommandSpec)
            .map(OptionsPageTest::section)
            .collect(Collectors.joining("\n")));
  }

  @Test
  void namesDefaultsOnlyOnce() {
    OptionSpec option =
        OptionSpec.builder("--fail-on")
            .paramLabel("LEVEL")
            .arity("1")
            .defaultValue("failed")
            .description("Exit 1 at 5%% | worse (default: failed).")
            .build();

    assertThat(row(option))
        .isEqualTo("| `--fail-on` | `LEVEL` | `failed` | Exit 1 at 5% \\| worse. |\n");
  }

  private static String section(CommandSpec command) {
    boolean isRoot = command.parent() == null;
    List<ArgSpec> own =
        Stream.<Collection<? extends ArgSpec>>of(command.positionalParameters(), command.options())
            .<ArgSpec>flatMap(Collection::stream)
            .filter(argument -> isRoot || !isShared(argument))
            .toList();
    String description = format(String.join(" ", command.usageMessage().description()));
    return "## "
        + (isRoot ? "Every command" : command.name())
        + "\n\n"
        + (isRoot ? "" : LINE.matcher(description).replaceAll("$1\n") + "\n")
        + (own.isEmpty() ? "No options of its own.\n" : table(own));
  }

  /** Whether the option is one of every command. */
  private static boolean isShared(ArgSpec argument) {
    return argument.inherited()
        || argument instanceof OptionSpec option && (option.usageHelp() || option.versionHelp());
  }

  private static String table(List<ArgSpec> arguments) {
    return "| option | value | default | meaning |\n|---|---|---|---|\n"
        + arguments.stream().map(OptionsPageTest::row).collect(Collectors.joining());
  }

  private static String row(ArgSpec argument) {
    String description = format(String.join(" ", argument.description()));
    Matcher named = DEFAULT.matcher(description);
    String given = argument.defaultValue();
    boolean isGiven = given != null && !given.isEmpty();
    String standard = isGiven ? code(given) : named.find() ? cell(named.group(1)) : "";
    return "| %s | %s | %s | %s |%n"
        .formatted(
            argument instanceof OptionSpec option ? names(option) : "",
            value(argument),
            standard,
            cell(named.replaceAll("")))
        .replace("|  |", "| |")
        .replace("|  |", "| |");
  }

  private static String names(OptionSpec option) {
    return Stream.of(option.names()).map(OptionsPageTest::code).collect(Collectors.joining(", "));
  }

  private static String value(ArgSpec argument) {
    if (argument.arity().max() == 0) {
      return "";
    }
    boolean isRepeated = argument.isMultiValue() && argument instanceof PositionalParamSpec;
    String label = code(argument.paramLabel() + (isRepeated ? "…" : ""));
    return argument instanceof OptionSpec option && !option.fallbackValue().isEmpty()
        ? label + ", else " + code(option.fallbackValue())
        : label;
  }

  /** Descriptions are formats. */
  private static String format(String description) {
    return description.replace("%n", " ").replace("%%", "%");
  }

  private static String code(String text) {
    return "`" + cell(text) + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
