package dev.caravan.pipeline.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.caravan.config.text.InvisibleText;
import dev.caravan.storage.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Every form in which programs print a secret: as given, without white space around it, escaped for
 * JSON, and encoded for URLs.
 */
public final class SecretForms {

  private static final ObjectWriter JSON = Json.MAPPER.writer();
  private static final ObjectWriter ASCII_JSON = JSON.with(JsonWriteFeature.ESCAPE_NON_ASCII);

  private static final Pattern ESCAPE = Pattern.compile("%[0-9A-F]{2}|\\\\u[0-9A-F]{4}");

  /**
   * Characters that some encoders leave as they are though Java's does not: none, those of Python's
   * quote_plus and quote, of encodeURIComponent and of encodeURI.
   */
  private static final List<String> LEFT = List.of("", "~", "/~", "!~'()", ":/?#[]@!$&'()+,;=~");

  private SecretForms() {}

  /** All forms of a secret, the secret itself first. */
  public static Set<String> of(String secret) {
    Set<String> forms = new LinkedHashSet<>();
    Stream.of(secret, InvisibleText.trimmed(secret))
        .filter(form -> !form.isEmpty())
        .forEach(
            form -> {
              forms.add(form);
              json(form).forEach(forms::add);
              url(form).forEach(forms::add);
            });
    return forms;
  }

  private static Stream<String> json(String text) {
    return Stream.of(quoted(text, JSON), quoted(text, ASCII_JSON))
        .flatMap(form -> Stream.of(form, form.replace("/", "\\/")))
        .flatMap(SecretForms::bothCases);
  }

  private static String quoted(String text, ObjectWriter writer) {
    try {
      String quoted = writer.writeValueAsString(text);
      return quoted.substring(1, quoted.length() - 1);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text can always be written as JSON", e);
    }
  }

  private static Stream<String> url(String text) {
    String all = URLEncoder.encode(text, StandardCharsets.UTF_8);
    return Stream.of(all, all.replace("+", "%20"))
        .flatMap(form -> LEFT.stream().map(left -> leaving(left, form)))
        .flatMap(SecretForms::bothCases);
  }

  private static String leaving(String characters, String encoded) {
    String form = encoded;
    for (char c : characters.toCharArray()) {
      form = form.replace(String.format("%%%02X", (int) c), String.valueOf(c));
    }
    return form;
  }

  private static String smallLetters(MatchResult code) {
    return Matcher.quoteReplacement(code.group().toLowerCase(Locale.ROOT));
  }

  /** Hex digits may be small letters. */
  private static Stream<String> bothCases(String form) {
    return Stream.of(form, ESCAPE.matcher(form).replaceAll(SecretForms::smallLetters));
  }
}
