package dev.caravan.config.text;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The encodings in which a JVM passes file names and the arguments of programs to the system. Java
 * takes them from the locale and puts a question mark where a character is not in them; what would
 * not arrive as UTF-8 is refused instead.
 *
 * @param charsets all that are in use
 */
public record NativeEncoding(List<Charset> charsets) {

  /** The one of this JVM. */
  public static final NativeEncoding JVM = ofThisJvm();

  private static final int JNU_FOR_ARGUMENTS = 18;

  private static final String REMEDY = "start it with a UTF-8 locale, such as LC_ALL=C.UTF-8";

  public NativeEncoding {
    charsets = List.copyOf(charsets);
  }

  /** Names go by the locale; before Java 18 arguments go by the default charset. */
  private static NativeEncoding ofThisJvm() {
    Charset names =
        Optional.ofNullable(System.getProperty("sun.jnu.encoding"))
            .filter(Charset::isSupported)
            .map(Charset::forName)
            .orElse(StandardCharsets.US_ASCII);
    return new NativeEncoding(
        Runtime.version().feature() < JNU_FOR_ARGUMENTS
            ? List.of(names, Charset.defaultCharset())
            : List.of(names));
  }

  /** What is wrong with the locale itself; empty when every text passes. */
  public Optional<String> warning() {
    return charsets.stream()
        .filter(charset -> !charset.equals(StandardCharsets.UTF_8))
        .findFirst()
        .map(
            charset ->
                "This Java passes names and arguments as "
                    + charset
                    + ", so that other characters are refused; "
                    + REMEDY);
  }

  /** Why a text cannot be passed exactly; empty when it can. */
  public Optional<String> refusal(String text) {
    return charsets.stream()
        .filter(charset -> !exact(text, charset))
        .findFirst()
        .map(
            charset ->
                "cannot be passed exactly: "
                    + culprit(text, charset)
                    + " does not pass in "
                    + charset
                    + ", the encoding of this Java; "
                    + REMEDY);
  }

  /** Why a process cannot be started with exactly these texts; empty when it can. */
  public Optional<String> refusal(List<String> argv, Map<String, String> environment) {
    Stream<String> arguments =
        argv.stream()
            .flatMap(
                text ->
                    refusal(text).stream()
                        .map(why -> "the argument " + DisplayText.quoted(text) + " " + why));
    Stream<String> variables =
        environment.entrySet().stream()
            .flatMap(
                variable ->
                    refusal(variable.getValue()).stream()
                        .map(why -> "the variable " + variable.getKey() + " " + why));
    return Stream.concat(arguments, variables).findFirst();
  }

  private static String culprit(String text, Charset charset) {
    return text.codePoints()
        .filter(c -> !exact(Character.toString(c), charset))
        .boxed()
        .findFirst()
        .map(c -> String.format("%s (U+%04X)", DisplayText.quoted(Character.toString(c)), c))
        .orElse("it");
  }

  private static boolean exact(String text, Charset charset) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(utf8, text.getBytes(charset))
        && text.equals(new String(utf8, StandardCharsets.UTF_8));
  }
}
