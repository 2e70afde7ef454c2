package dev.caravan.pipeline.outcome;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words for a tokenizer that cannot be loaded. */
public final class TokenizerWords {

  /** Before the details, which may be long and are cut in tables. */
  private static final Pattern HEADLINE =
      Pattern.compile("Failed to (?:load|validate) tokenizer(?: '[^'\\n]{0,300}')?");

  private static final String WAY_OUT =
      " (tokenizer: builtin, or the path of its folder, needs no model hub)";

  private TokenizerWords() {}

  /** A reason, followed by what to do on a host without access to the model hub. */
  public static String withWayOut(String reason) {
    Matcher headline = HEADLINE.matcher(reason);
    int end = headline.find() ? headline.end() : reason.length();
    return reason.substring(0, end) + WAY_OUT + reason.substring(end);
  }
}
