package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.process.AiperfExtras;
import dev.caravan.storage.RunFolder;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds aiperf's own messages in its output and its log. AIPerf 0.13 prints a refused argument in a
 * box on stderr, and the errors that end a run in a box on stdout.
 */
final class AiperfErrorText {

  private static final int TAIL_BYTES = 256 * 1024;
  private static final int MAX_LENGTH = 300;
  private static final int MAX_WARNINGS = 3;

  private static final String REASON = "Reason: ";
  private static final Pattern AFTER_REASON = Pattern.compile("• Service:|Cause:|Operation:");
  private static final Pattern PYDANTIC_ADVICE =
      Pattern.compile("For further information visit\\s+\\S+");
  private static final Pattern EXCEPTION =
      Pattern.compile(
          "^(?:[A-Za-z_][\\w.]*(?:Error|Exception|Interrupt|Exit)\\b.*)$", Pattern.MULTILINE);
  private static final Pattern LOGGED_ERROR = Pattern.compile("(?<= - (?:ERROR|CRITICAL) - ).*");
  private static final Pattern TOKENIZER =
      Pattern.compile(
          "Failed to (?:load|validate) tokenizer '[^'\\n]*'|TokenizerError|\\.tiktoken\\b"
              + "|Ambiguous Tokenizer Name|exceeded AIPERF_TOKENIZER_PRELOAD_TIMEOUT");
  private static final Pattern DEAD_SERVICE =
      Pattern.compile(
          "(?:Service process|Service|Result producer|Required service) '?([\\w-]{1,80})'?"
              + "(?: \\([\\w-]{1,80}\\))? (?:died|missed heartbeats)\\b");
  private static final Pattern MISSING_EXTRA =
      Pattern.compile("pip install '?aiperf\\[([a-z0-9][a-z0-9_.-]{0,40})\\]");
  private static final Pattern UNSENT =
      Pattern.compile(" - WARNING - ((?:MLflow|Weights & Biases) export .*)$", Pattern.MULTILINE);
  private static final String RESPONSE = " Response body: ";
  private static final Pattern DEGRADED = Pattern.compile("DEGRADED: .*(?:\\n(?! *\\n).*)?");

  private final String stdout;
  private final String stderr;
  private final String log;
  private final List<AiperfPanel> panels;

  private AiperfErrorText(String stdout, String stderr, String log) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.log = log;
    this.panels = Stream.of(stdout, stderr).map(AiperfPanel::in).flatMap(List::stream).toList();
  }

  static AiperfErrorText of(RunFolder folder) {
    return new AiperfErrorText(
        FileTail.of(folder.stdout(), TAIL_BYTES).text(),
        FileTail.of(folder.stderr(), TAIL_BYTES).text(),
        FileTail.of(folder.aiperfLog(), TAIL_BYTES).text());
  }

  /**
   * Whether stderr has an error box and no traceback. If aiperf also wrote no files, it refused its
   * arguments.
   */
  boolean argumentsRefused() {
    return AiperfPanel.in(stderr).stream().anyMatch(AiperfPanel::isFailure) && !hasTraceback();
  }

  /** Whether stderr has a Python traceback. */
  boolean hasTraceback() {
    return stderr.contains("Traceback (most recent call last)");
  }

  /** Why the tokenizer could not be loaded; empty when it was not the problem. */
  Optional<String> tokenizerError() {
    for (String text : List.of(stdout, stderr, log)) {
      Matcher found = TOKENIZER.matcher(text);
      if (found.find()) {
        return Optional.of(tokenizerMessage(found.group()));
      }
    }
    return Optional.empty();
  }

  private String tokenizerMessage(String found) {
    Optional<String> exception = lastException();
    if (found.startsWith("Failed")) {
      return exception
          .filter(message -> message.contains(found))
          .map(AiperfErrorText::withoutType)
          .orElse(found);
    }
    return box()
        .or(() -> exception)
        .map(message -> "Failed to load tokenizer: " + message)
        .orElse(found);
  }

  /** Why aiperf could not read its dataset; empty when that was not the problem. */
  Optional<String> datasetError() {
    return DatasetError.in(stdout)
        .or(() -> DatasetError.in(log))
        .map(text -> OneLine.line(text, MAX_LENGTH));
  }

  /** The first of aiperf's own processes that died, as a message; empty when all lived. */
  Optional<String> deadService() {
    for (String text : List.of(stdout, log)) {
      Matcher found = DEAD_SERVICE.matcher(text);
      if (found.find()) {
        return Optional.of(
            "aiperf's service "
                + found.group(1)
                + " died; check the kernel log for an out-of-memory kill");
      }
    }
    return Optional.empty();
  }

  /** What aiperf itself warns of, such as replies that are shorter than requested. */
  List<String> warnings() {
    return warnings(
        panels.stream()
            .filter(AiperfPanel::isWarning)
            .map(panel -> panel.firstSentence(MAX_LENGTH)));
  }

  /** Why aiperf could not send its results to other services. */
  List<String> unsent() {
    return warnings(
        UNSENT
            .matcher(log)
            .results()
            .map(found -> found.group(1))
            .filter(text -> !text.contains(" is not installed"))
            .map(text -> text.contains(RESPONSE) ? text.substring(0, text.indexOf(RESPONSE)) : text)
            .map(text -> OneLine.line(text, MAX_LENGTH)));
  }

  private static List<String> warnings(Stream<String> texts) {
    return texts.map(text -> "aiperf warns: " + text).distinct().limit(MAX_WARNINGS).toList();
  }

  /** Which extras aiperf was installed without and asks for, and what installs them. */
  Optional<String> missingExtras() {
    List<String> extras =
        Stream.of(log, stderr)
            .flatMap(text -> MISSING_EXTRA.matcher(text).results())
            .map(found -> found.group(1))
            .distinct()
            .limit(MAX_WARNINGS)
            .toList();
    return extras.isEmpty() ? Optional.empty() : Optional.of(AiperfExtras.missing(extras));
  }

  /** The line with which aiperf marks an incomplete summary. */
  Optional<String> degradedMarker() {
    Matcher found = DEGRADED.matcher(stdout);
    return found.find() ? Optional.of(OneLine.line(found.group(), MAX_LENGTH)) : Optional.empty();
  }

  /**
   * The most useful message: the last box about a failure, else the last exception, else the last
   * error logged, else the last line.
   */
  Optional<String> message() {
    return box().or(this::lastException).or(this::lastError).or(this::lastLine);
  }

  /** The text of the last box about a failure; of a list of errors, only the first reason. */
  private Optional<String> box() {
    return panels.stream()
        .filter(AiperfPanel::isFailure)
        .reduce((first, later) -> later)
        .map(panel -> OneLine.line(reason(panel.text(4 * MAX_LENGTH)), MAX_LENGTH));
  }

  private static String reason(String panel) {
    String text = PYDANTIC_ADVICE.matcher(panel).replaceAll("").strip();
    int label = text.indexOf(REASON);
    if (label < 0) {
      return text;
    }
    String reason = text.substring(label + REASON.length());
    Matcher after = AFTER_REASON.matcher(reason);
    return after.find() ? reason.substring(0, after.start()).stripTrailing() : reason;
  }

  /** The last line of a traceback, without the exception's module. */
  Optional<String> lastException() {
    return last(EXCEPTION.matcher(stderr)).map(AiperfErrorText::withoutModule);
  }

  private Optional<String> lastError() {
    return last(LOGGED_ERROR.matcher(log));
  }

  /** The last line that aiperf printed or logged, ignoring the borders of boxes. */
  Optional<String> lastLine() {
    for (String text : List.of(stderr, log, stdout)) {
      Optional<String> line =
          text.lines()
              .filter(each -> !AiperfPanel.isRim(each))
              .map(AiperfPanel::plain)
              .filter(AiperfErrorText::hasText)
              .reduce((first, later) -> later);
      if (line.isPresent()) {
        return line.map(l -> OneLine.line(l, MAX_LENGTH));
      }
    }
    return Optional.empty();
  }

  private static boolean hasText(String line) {
    return line.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  private static Optional<String> last(Matcher matcher) {
    String found = null;
    while (matcher.find()) {
      found = matcher.group();
    }
    return Optional.ofNullable(found).map(text -> OneLine.line(text, MAX_LENGTH));
  }

  private static String withoutModule(String exception) {
    int nameEnd = exception.indexOf(':');
    int dot = exception.lastIndexOf('.', nameEnd < 0 ? exception.length() : nameEnd);
    return exception.substring(dot + 1);
  }

  private static String withoutType(String exception) {
    return exception.replaceFirst("^\\w+: ", "");
  }
}
