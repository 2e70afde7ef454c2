package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.CountedText;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No regular expression reads a character of a hostile text more than a bounded number of times.
 * The texts are made from each expression: its beginnings, repeated, or followed by runs of its own
 * characters. What is counted is reads, since time is different on each machine.
 */
class RegularExpressionCostTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final int LENGTH = 800;

  /** A quadratic one reads each of so many characters 400 times, and more. */
  private static final int MOST_READS = 300;

  /** Ends a run in a way that no expression expects. */
  private static final String UNLIKE_ANY = "\u0001";

  /** What searches a text for an expression; the others look at its beginning only. */
  private static final String SEARCH = "(?:find|results|replaceAll|replaceFirst|appendReplacement)";

  /** A matcher that is an argument: what takes it may search. */
  private static final String PASSED_ON = "(?:[^;()]|\\([^;()]*\\))*+\\)\\s*[,)]";

  private static final Pattern COMPILED =
      Pattern.compile("\\bPattern(?:\\.compile\\(|::compile|\\.matches\\()");
  private static final Pattern CONSTANT = Pattern.compile("static final Pattern \\w+ =\\s+$");
  private static final Pattern MATCHES = Pattern.compile("\\.matches\\(");
  private static final Pattern REPLACES =
      Pattern.compile("\\.(?:replaceAll|replaceFirst|split)\\(");

  /**
   * An expression of the program.
   *
   * @param isSearch whether it may begin anywhere in a text
   */
  private record Expression(String where, Pattern pattern, boolean isSearch) {

    /** The text that it reads too often, if there is one. */
    Stream<String> slow() {
      return texts(pattern.pattern()).stream()
          .filter(text -> isSlow(this, text))
          .limit(1)
          .map(text -> where + ": " + pattern + " on " + text.substring(0, 40));
    }
  }

  @Test
  void readsNoTextManyTimes() throws Exception {
    // given
    List<Expression> all = expressions();
    assertThat(all).hasSizeGreaterThan(150);

    // then
    assertThat(all.parallelStream().flatMap(Expression::slow)).isEmpty();
  }

  /** Only then {@link #readsNoTextManyTimes} sees it, and it is compiled once. */
  @Test
  void isAConstantUnlessAStringReadsIt() throws Exception {
    // given
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        compiledInMethods(Files.readString(file)).forEach(text -> found.add(file + ": " + text));
      }
    }

    // then
    assertThat(found).isEmpty();
    assertThat(
            compiledInMethods(
                "private static final Pattern A =\n Pattern.compile(B);\nPattern.compile(\"c\")"))
        .hasSize(1);
  }

  /** Where a source compiles an expression to anything but a constant. */
  private static List<String> compiledInMethods(String source) {
    return COMPILED
        .matcher(source)
        .results()
        .filter(use -> !CONSTANT.matcher(source.substring(0, use.start())).find())
        .map(use -> source.substring(use.start(), Math.min(source.length(), use.end() + 60)))
        .toList();
  }

  @Test
  void findsWhatIsSlow() {
    assertThat(
            Stream.of(
                "\\s+$", "\\s++$", "(a+)+b", "<[^>]*>.*</", "\\d+-\\d+-x", "x: .*,.*;", "x*y"))
        .allSatisfy(
            text -> assertThat(new Expression("", Pattern.compile(text), true).slow()).hasSize(1));
    assertThat(Stream.of("(?<!\\s)\\s++$", "^a+b", "x: [^,]*", "[a-z]{1,200}+-", "(?<!\\d)\\d++-"))
        .allSatisfy(
            text -> assertThat(new Expression("", Pattern.compile(text), true).slow()).isEmpty());
  }

  private static boolean isSlow(Expression expression, String text) {
    CountedText counted = new CountedText(text, (long) MOST_READS * text.length());
    Matcher matcher = expression.pattern().matcher(counted);
    try {
      if (expression.isSearch()) {
        matcher.results().count();
      } else {
        matcher.matches();
        matcher.lookingAt();
      }
      return false;
    } catch (CountedText.TooManyReadsException e) {
      return true;
    }
  }

  /** The constants of all classes, and what they pass to methods of strings. */
  private static List<Expression> expressions() throws Exception {
    List<Expression> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
        String source = Files.readString(file);
        addOfStrings(found, file, source);
        if (source.contains("Pattern.compile(")) {
          String name = SOURCES.relativize(file).toString().replace('/', '.');
          addConstants(found, name.substring(0, name.length() - 5), source);
        }
      }
    }
    return found;
  }

  private static void addOfStrings(List<Expression> found, Path file, String source) {
    for (Pattern use : List.of(MATCHES, REPLACES)) {
      RegularExpressionTest.expressions(source, use).stream()
          .flatMap(text -> whole(text).stream())
          .forEach(each -> found.add(new Expression(file + "", each, use == REPLACES)));
    }
  }

  /** Empty if a constant is the rest of it. */
  private static Optional<Pattern> whole(String text) {
    try {
      return Optional.of(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }

  private static void addConstants(List<Expression> found, String name, String source)
      throws ReflectiveOperationException {
    List<Class<?>> classes = new ArrayList<>(List.of(load(name)));
    for (int i = 0; i < classes.size(); i++) {
      classes.addAll(List.of(classes.get(i).getDeclaredClasses()));
      for (Field field : classes.get(i).getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && field.getType() == Pattern.class) {
          field.setAccessible(true);
          String where = classes.get(i).getSimpleName() + "." + field.getName();
          boolean isSearch = isSearched(field.getName(), source);
          found.add(new Expression(where, (Pattern) field.get(null), isSearch));
        }
      }
    }
  }

  /** Also if its class only passes it on; SnakeYAML matches whole scalars. */
  private static boolean isSearched(String constant, String source) {
    String matcher = "\\b" + constant + "\\s*\\.matcher\\(";
    Matcher variable = Pattern.compile("Matcher (\\w+) =\\s+" + matcher).matcher(source);
    boolean isSearched =
        Pattern.compile(matcher + PASSED_ON).matcher(source).find()
            || !Pattern.compile(matcher).matcher(source).find()
                && !source.contains("addImplicitResolver")
            || Pattern.compile(matcher + "[^;]*?\\)\\s*\\." + SEARCH).matcher(source).find();
    while (variable.find()) {
      String use = "\\b" + variable.group(1) + "\\s*\\." + SEARCH;
      isSearched |= Pattern.compile(use).matcher(source).find(variable.end());
    }
    return isSearched;
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, RegularExpressionCostTest.class.getClassLoader());
  }

  private static List<String> texts(String expression) {
    List<String> pieces = pieces(expression);
    Set<String> characters = new LinkedHashSet<>(List.of(" ", "a", "1", "\n", "x", "-"));
    pieces.forEach(piece -> piece.chars().forEach(c -> characters.add(Character.toString(c))));
    Set<String> beginnings = new LinkedHashSet<>(pieces);
    beginnings.addAll(characters);
    for (String between : List.of("", "a", " ", "1", "\n")) {
      StringBuilder beginning = new StringBuilder();
      pieces.forEach(piece -> beginnings.add(beginning.append(piece).append(between).toString()));
    }
    List<String> texts = new ArrayList<>();
    for (String beginning : beginnings) {
      texts.add(beginning.repeat(LENGTH / beginning.length() + 1));
      texts.add((beginning + "a ").repeat(LENGTH / (beginning.length() + 2) + 1));
      characters.stream()
          .limit(9)
          .forEach(c -> texts.add(beginning + c.repeat(LENGTH) + UNLIKE_ANY));
    }
    return texts;
  }

  /** What an expression says literally, in order. */
  private static List<String> pieces(String expression) {
    List<String> pieces = new ArrayList<>();
    String literal = expression.replaceAll("\\\\[pP]\\{\\w*\\}|\\(\\?<?\\w*[:>=!]?", "\0");
    literal = literal.replaceAll("\\\\[a-zA-Z0-9&&[^nt]]|\\{[\\d,]+\\}", "\0");
    literal = literal.replaceAll("(?<!\\\\)[\\[\\](){}*+?|^$.]", "\0");
    for (String piece : literal.replace("\\n", "\n").replace("\\", "").split("\0+")) {
      if (!piece.isEmpty()) {
        pieces.add(piece);
      }
    }
    return pieces;
  }
}
