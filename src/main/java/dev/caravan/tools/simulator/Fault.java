package dev.caravan.tools.simulator;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way in which a simulated service misleads or fails its clients. Faults combine: each works on
 * what the ones before it in the list leave.
 */
public final class Fault {

  private static final Pattern FACTOR =
      Pattern.compile("(?:(\\d{1,6})|x(\\d{1,4}(?:\\.\\d{1,4})?))");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,4})?)%");
  private static final Pattern WINDOW = Pattern.compile("(\\w+)@(\\w+)");
  private static final String PER_TOKEN = "/token";

  private final Supplier<Behavior> behavior;

  private Fault(Supplier<Behavior> behavior) {
    this.behavior = behavior;
  }

  /** What these faults do, as one behavior with a state of its own. */
  static Behaviors start(List<Fault> faults) {
    return new Behaviors(faults.stream().map(fault -> fault.behavior.get()).toList());
  }

  /**
   * Responses of another length than requested.
   *
   * @param length a number of tokens, such as {@code 9}, or a factor, such as {@code x10}
   */
  public static Fault replyTokens(String length) {
    Matcher form = FACTOR.matcher(length);
    require(form.matches(), "reply tokens must be a number such as 9 or a factor such as x10");
    if (form.group(1) != null) {
      int tokens = Integer.parseInt(form.group(1));
      RangeChecks.requireInRange("reply tokens", tokens, 1, SimulatorOptions.MAX_OUTPUT_TOKENS);
      return new Fault(() -> new ReplyLength(requested -> tokens));
    }
    double factor = Double.parseDouble(form.group(2));
    return new Fault(() -> new ReplyLength(requested -> (int) Math.round(requested * factor)));
  }

  /** The same refusal to every request. */
  public static Fault refuse() {
    return new Fault(Refusal::new);
  }

  /** Breaks off this fraction of the responses in the middle. */
  public static Fault truncate(double share) {
    RangeChecks.requireInRange("truncate", share, 0, 1);
    return new Fault(() -> new Truncation(share, CompletionRequest.BROKEN));
  }

  /** Ends this fraction of the streams in the middle, without a word. */
  public static Fault cutOff(double share) {
    RangeChecks.requireInRange("cut off", share, 0, 1);
    return new Fault(() -> new Truncation(share, CompletionRequest.CUT_OFF));
  }

  /** Sends this fraction of the streams in one piece. */
  public static Fault oneChunk(double share) {
    RangeChecks.requireInRange("one chunk", share, 0, 1);
    return new Fault(() -> new OneChunk(share));
  }

  /** Sends a blank before the first token. */
  public static Fault filler() {
    return new Fault(Filler::new);
  }

  /** Leaves the token counts out of this fraction of the responses. */
  public static Fault noUsage(double share) {
    RangeChecks.requireInRange("no usage", share, 0, 1);
    return new Fault(() -> new NoUsage(share));
  }

  /** Answers this fraction of the requests as if the client had cancelled them. */
  public static Fault cancelled(double share) {
    RangeChecks.requireInRange("cancelled", share, 0, 1);
    return new Fault(() -> new Cancellation(share));
  }

  /** Reports this many times the completion tokens. */
  public static Fault usageFactor(double factor) {
    RangeChecks.requireInRange("usage factor", factor, 0, 100);
    return new Fault(() -> new UsageFactor(factor));
  }

  /** Caches prefixes of prompts. */
  public static Fault prefixCache() {
    return new Fault(PrefixCache::new);
  }

  /**
   * Needs time for each prompt token that is not cached.
   *
   * @param time such as {@code 1ms/token}
   */
  public static Fault prefill(String time) {
    require(time.endsWith(PER_TOKEN), "prefill must be a duration per token such as 1ms/token");
    Duration each = Durations.parse(time.substring(0, time.length() - PER_TOKEN.length()));
    RangeChecks.requireInRange("prefill", each);
    return new Fault(() -> new Prefill(each.toNanos()));
  }

  /** Computes one prompt at a time. */
  public static Fault serialPrefill() {
    return new Fault(SerialPrefill::new);
  }

  /**
   * Gets slower.
   *
   * @param percent by how much in 10 s, such as {@code 50%}
   */
  public static Fault drift(String percent) {
    Matcher form = PERCENT.matcher(percent);
    require(form.matches(), "drift must be a percentage such as 50%");
    double fraction = Double.parseDouble(form.group(1)) / 100;
    return new Fault(() -> new Drift(fraction));
  }

  /**
   * Sends nothing for a while.
   *
   * @param window how long, and how long after the first completion request: {@code 4s@2s}
   */
  public static Fault silence(String window) {
    Matcher form = WINDOW.matcher(window);
    require(form.matches(), "silence must be a duration and its start such as 4s@2s");
    Duration length = Durations.parse(form.group(1));
    Duration begin = Durations.parse(form.group(2));
    RangeChecks.requireInRange("silence", length);
    RangeChecks.requireInRange("silence", begin);
    return new Fault(() -> new Silence(begin.toNanos(), begin.plus(length).toNanos()));
  }

  /** Responds to no more than this many completion requests. */
  public static Fault wedgeAfter(long requests) {
    RangeChecks.requireInRange("wedge after", requests, 0, Integer.MAX_VALUE);
    return new Fault(() -> new Wedge(requests));
  }

  private static void require(boolean valid, String message) {
    if (!valid) {
      throw new IllegalArgumentException(message);
    }
  }
}
