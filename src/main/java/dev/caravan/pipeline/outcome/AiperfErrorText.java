package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What aiperf itself said of its end, in its output and its log. 0.13 prints a refused argument in
 * a box on stderr, and the errors it ends with in a box on stdout.
 */
final class AiperfErrorText {

  private static final int TAIL = 256 * 1024;
  private static final int LONGEST = 300;

  private static final Pattern BOX = Pattern.compile("╭─+ ?([^\\n╮]*?) ?─+╮\\n((?:│[^\\n]*\\n)*)");
  private static final Pattern REASON =
      Pattern.compile("Reason: (.*?)(?=\\s*(?:• Service:|Cause:|Operation:|$))", Pattern.DOTALL);
  private static final Pattern PYDANTIC_ADVICE =
      Pattern.compile("For further information visit\\s+\\S+");
  private static final Pattern EXCEPTION =
      Pattern.compile(
          "^(?:[A-Za-z_][\\w.]*(?:Error|Exception|Interrupt|Exit)\\b.*)$", Pattern.MULTILINE);
  private static final Pattern TOKENIZER =
      Pattern.compile(
          "Failed to (?:load|validate) tokenizer '[^'\\n]*'|TokenizerError|\\.tiktoken\\b"
              + "|Ambiguous Tokenizer Name|exceeded AIPERF_TOKENIZER_PRELOAD_TIMEOUT");
  private static final Pattern UNANSWERED =
      Pattern.compile("timed out, cancelling all credits\\. Stats: sent=(\\d+), completed=0\\b");
  private static final Pattern DEGRADED = Pattern.compile("DEGRADED: .*(?:\\n(?! *\\n).*)?");

  private final String stdout;
  private final String stderr;
  private final String log;

  private AiperfErrorText(String stdout, String stderr, String log) {
    this.stdout = stdout;
    this.stderr = stderr;
    this.log = log;
  }

  static AiperfErrorText of(RunFolder folder) {
    return new AiperfErrorText(
        FileTail.of(folder.stdout(), TAIL).text(),
        FileTail.of(folder.stderr(), TAIL).text(),
        FileTail.of(folder.aiperfLog(), TAIL).text());
  }

  /** Whether stderr holds a box: aiperf refused its arguments when it wrote nothing else. */
  boolean refused() {
    return BOX.matcher(stderr).find() && !traceback();
  }

  /** Whether Python ended with a traceback on stderr. */
  boolean traceback() {
    return stderr.contains("Traceback (most recent call last)");
  }

  /** Why the tokenizer could not be loaded, when that is what happened. */
  Optional<String> tokenizer() {
    for (String text : List.of(stdout, stderr, log)) {
      Matcher found = TOKENIZER.matcher(text);
      if (found.find()) {
        return Optional.of(tokenizerWords(found.group()));
      }
    }
    return Optional.empty();
  }

  private String tokenizerWords(String found) {
    Optional<String> exception = lastException();
    if (found.startsWith("Failed")) {
      return exception.filter(w -> w.contains(found)).map(AiperfErrorText::unnamed).orElse(found);
    }
    return box().or(() -> exception).map(w -> "Failed to load tokenizer: " + w).orElse(found);
  }

  /** How many requests had been sent when their phase ended with none of them answered. */
  Optional<Long> sentButUnanswered() {
    Matcher found = UNANSWERED.matcher(stdout.isEmpty() ? log : stdout);
    return found.find() ? Optional.of(Long.parseLong(found.group(1))) : Optional.empty();
  }

  /** The line with which aiperf marks a summary that lacks something. */
  Optional<String> degraded() {
    Matcher found = DEGRADED.matcher(stdout);
    return found.find() ? Optional.of(OneLine.line(found.group(), LONGEST)) : Optional.empty();
  }

  /** The most telling words: the last box, else the last exception, else the last error logged. */
  Optional<String> message() {
    return box().or(this::lastException).or(this::lastError).or(this::lastLine);
  }

  /** The text of the last box, its lines joined; only the first reason of a list of errors. */
  private Optional<String> box() {
    List<String> texts = new ArrayList<>();
    for (String output : List.of(stdout, stderr)) {
      Matcher box = BOX.matcher(output);
      while (box.find()) {
        texts.add(unboxed(box.group(2)));
      }
    }
    return texts.isEmpty()
        ? Optional.empty()
        : Optional.of(OneLine.line(texts.get(texts.size() - 1), LONGEST));
  }

  private static String unboxed(String lines) {
    String text = OneLine.line(lines.replaceAll("│", " "), 4 * LONGEST);
    text = PYDANTIC_ADVICE.matcher(text).replaceAll("").strip();
    Matcher reason = REASON.matcher(text);
    return reason.find() ? reason.group(1) : text;
  }

  /** The last line of a traceback, without its module's name. */
  Optional<String> lastException() {
    return last(EXCEPTION.matcher(stderr)).map(AiperfErrorText::withoutModule);
  }

  private Optional<String> lastError() {
    return last(Pattern.compile("(?<= - (?:ERROR|CRITICAL) - ).*").matcher(log));
  }

  /** The last line that aiperf printed or logged; the rim of a box tells nothing. */
  Optional<String> lastLine() {
    for (String text : List.of(stderr, log, stdout)) {
      Optional<String> line = text.lines().filter(AiperfErrorText::says).reduce((a, b) -> b);
      if (line.isPresent()) {
        return line.map(l -> OneLine.line(l, LONGEST));
      }
    }
    return Optional.empty();
  }

  private static boolean says(String line) {
    return line.codePoints().anyMatch(Character::isLetterOrDigit);
  }

  private static Optional<String> last(Matcher matcher) {
    String found = null;
    while (matcher.find()) {
      found = matcher.group();
    }
    return Optional.ofNullable(found).map(text -> OneLine.line(text, LONGEST));
  }

  private static String withoutModule(String exception) {
    return exception.replaceFirst("^(?:\\w+\\.)+(?=\\w+)", "");
  }

  private static String unnamed(String exception) {
    return exception.replaceFirst("^\\w+: ", "");
  }
}
