package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the search of a batch found: the highest load that keeps the bounds, for each combination of
 * the other values.
 *
 * @param key the key that sets the load
 * @param precision how near the answers are to be, as a share of 1
 * @param most the most runs that there could have been
 * @param notNeeded how many of these were not needed, or are not so far
 * @param brief all answers in a few words
 * @param underway how far the search is that goes on now; empty when all are over
 * @param unanswered the first search of all that has no answer, in words; absent when all have one
 * @param answers the first {@link #MAX_ANSWERS}
 */
public record SearchSummary(
    String key,
    double precision,
    int most,
    int notNeeded,
    String brief,
    String underway,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> unanswered,
    List<Answer> answers) {

  /** Why a search that goes on has no answer. */
  static final String OPEN = "open";

  /** Why a search has no answer that ended for a reason that no load has to do with. */
  static final String NO_ANSWER = "no_answer";

  /** Why a search has no answer that was cancelled. */
  static final String CANCELLED = "cancelled";

  /** At most this many answers are listed. */
  static final int MAX_ANSWERS = 100;

  public SearchSummary {
    brief = Objects.toString(brief, "");
    underway = Objects.toString(underway, "");
    unanswered = unanswered == null ? Optional.empty() : unanswered;
    answers = answers == null ? List.of() : List.copyOf(answers);
  }

  /** The answers in words, a line each. */
  public List<String> lines() {
    return answers.stream().map(Answer::text).toList();
  }

  /**
   * The answer to one combination.
   *
   * @param variant the variant; empty without variants
   * @param at the values of the other keys
   * @param keeps the highest load that keeps the bounds; absent when none is known
   * @param misses the lowest load that misses them; absent when none is known
   * @param why why the search ended, such as {@code precision}; {@code open} until then
   * @param text the answer in words
   * @param loads what was measured at each load, the lowest first
   */
  public record Answer(
      String variant,
      Map<String, Object> at,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Object> keeps,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Object> misses,
      String why,
      String text,
      List<Load> loads) {

    public Answer {
      at = Collections.unmodifiableMap(new LinkedHashMap<>(at == null ? Map.of() : at));
      keeps = keeps == null ? Optional.empty() : keeps;
      misses = misses == null ? Optional.empty() : misses;
      loads = loads == null ? List.of() : List.copyOf(loads);
    }

    /** The same answer, in these words. */
    Answer with(String words) {
      return new Answer(variant, at, keeps, misses, why, words, loads);
    }

    private Answer withoutLoads() {
      return new Answer(variant, at, keeps, misses, why, text, List.of());
    }

    private Answer cancelled(String order) {
      return why.equals(OPEN)
          ? new Answer(
              variant, at, keeps, misses, CANCELLED, SearchText.cancelled(text, order), loads)
          : this;
    }
  }

  /** The answers without the measurements that they stand on. */
  public SearchSummary withoutLoads() {
    List<Answer> without = answers.stream().map(Answer::withoutLoads).toList();
    return new SearchSummary(key, precision, most, notNeeded, brief, underway, unanswered, without);
  }

  /** The same, of a batch that was cancelled by this order. */
  SearchSummary cancelled(String order) {
    List<Answer> ended = answers.stream().map(each -> each.cancelled(order)).toList();
    return new SearchSummary(
        key,
        precision,
        most,
        notNeeded,
        SearchText.brief(key, ended) + (underway.isEmpty() ? "" : " (cancelled)"),
        "",
        unanswered.map(text -> SearchText.cancelled(text, order)),
        ended);
  }

  /**
   * What was measured at a load.
   *
   * @param load the load
   * @param runs number of its runs
   * @param kept number of them that keep all bounds
   * @param values mean of each bounded metric, with its 95 % interval; without runs that failed
   * @param failure why a run failed; empty if none did
   */
  public record Load(Object load, int runs, int kept, Map<String, Mean> values, String failure) {

    public Load {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values == null ? Map.of() : values));
      failure = Objects.toString(failure, "");
    }
  }

  /** A geometric mean, and the ends of its interval; absent when no load tells of the noise. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Mean(double value, Optional<Double> low, Optional<Double> high) {

    public Mean {
      low = low == null ? Optional.empty() : low;
      high = high == null ? Optional.empty() : high;
    }
  }
}
