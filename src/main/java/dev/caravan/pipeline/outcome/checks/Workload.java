package dev.caravan.pipeline.outcome.checks;

import dev.caravan.config.ConfigKeys;
import dev.caravan.config.EndpointType;
import dev.caravan.config.Parameters;
import dev.caravan.config.PromptVariation;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the run was asked to do, from its parameters. */
public final class Workload {

  /** Of a run whose folder does not say what was asked for. */
  public static final Workload UNKNOWN = new Workload(new Parameters(Map.of()));

  /** Options that give requests a common beginning on purpose, or several turns. */
  private static final Set<String> SHARING =
      Set.of(
          "system_prompt",
          "shared_system_prompt_length",
          "user_context_prompt_length",
          "prompt_prefix_length",
          "prompt_prefix_pool_size",
          "conversation_turn_mean");

  /** Formats of files without turns, of which aiperf takes no times. */
  private static final Set<Object> SINGLE_TURN_FILES = Set.of("single_turn", "random_pool");

  private static final Set<String> TURN_DELAYS =
      Set.of("conversation_turn_delay_mean", "conversation_turn_delay_ratio", "user_centric_rate");

  private static final Set<String> DISTRIBUTIONS = Set.of("random_range_ratio", "seq_dist");

  private static final Set<String> RAMPS =
      Set.of("concurrency_ramp_duration", "prefill_concurrency_ramp_duration");

  private static final Set<String> SCHEDULES = Set.of("fixed_schedule", "prefill_concurrency");

  /** Extra inputs by which replies that are not blocked can be alike and short. */
  private static final Set<String> REPLY_FORMS =
      Set.of(
          "response_format",
          "guided_",
          "structured_outputs",
          "json_schema",
          "grammar",
          "ebnf",
          "regex",
          "stop",
          "max_tokens",
          "max_completion_tokens");

  /** Extra inputs are a map, {@code key:value} items or JSON. */
  private static final Pattern CHOICES = Pattern.compile("(?<!\\w)n\"?\\s?[:=]\\s?(\\d{1,3})\\b");

  private static final Pattern IGNORED_END =
      Pattern.compile("(?<!\\w)ignore_eos\"?\\s?[:=]\\s?(?i:true)\\b");

  private static final Pattern LEAST_TOKENS =
      Pattern.compile("(?<!\\w)min_tokens\"?\\s?[:=]\\s?(\\d{1,9})\\b");

  private static final double DEFAULT_GRACE = 30;

  private final Parameters parameters;
  private final Map<String, Object> values;
  private final Map<String, Object> options;

  /** The workload of a run with these parameters. */
  public Workload(Parameters parameters) {
    this.parameters = parameters;
    this.values = parameters.values();
    this.options = parameters.options();
  }

  /** Whether anything says what was asked for. */
  boolean isKnown() {
    return !values.isEmpty();
  }

  /** Whether tokens arrive one by one. */
  boolean isStreaming() {
    return Boolean.TRUE.equals(values.get("streaming"));
  }

  /** Whether aiperf invents the prompts. */
  boolean isSynthetic() {
    return parameters.hasSyntheticPrompts();
  }

  /** Whether the requests have nothing in common but their form. */
  boolean hasIndependentPrompts() {
    return isSynthetic() && SHARING.stream().noneMatch(options::containsKey);
  }

  /** Whether no request waits for the one before it. */
  boolean isSingleTurn() {
    return isSynthetic() && !options.containsKey("conversation_turn_mean");
  }

  /** Whether a fixed number of requests is to be in flight all the time. */
  boolean hasFixedConcurrency() {
    return rate().isEmpty() && !isPaced();
  }

  /** Whether each request is a conversation of its own, also those of a file. */
  boolean hasSingleTurns() {
    return isSingleTurn()
        || SINGLE_TURN_FILES.contains(values.getOrDefault("custom_dataset_type", ""));
  }

  /**
   * Whether the times of requests may come from a trace, a schedule or think times. Aiperf refuses
   * a rate beside the times of a trace.
   */
  boolean isPaced() {
    boolean mayBeTrace = !isSynthetic() && !hasSingleTurns() && rate().isEmpty();
    return mayBeTrace
        || SCHEDULES.stream().anyMatch(options::containsKey)
        || TURN_DELAYS.stream().anyMatch(options::containsKey);
  }

  /** Whether each prompt begins differently whatever the data set. */
  boolean bustsCaches() {
    Object target = options.getOrDefault("cache_bust", "none");
    return !"none".equals(target);
  }

  /** Whether {@code vary_prompts} would make each prompt of the run begin differently. */
  boolean canVaryEachPrompt() {
    return PromptVariation.isEachItsOwn(parameters);
  }

  /** Requests that are to be in flight at most. */
  int concurrency() {
    return (int) number(values.get(ConfigKeys.CONCURRENCY)).orElse(1);
  }

  /** Generations that are to be in progress at most: choices and inputs of a request count. */
  int mostInFlight() {
    Matcher choices = CHOICES.matcher(extraInputs());
    double each = choices.find() ? Math.max(1, Integer.parseInt(choices.group(1))) : 1;
    double inputs = Math.max(1, number(options.get("prompt_batch_size")).orElse(1));
    return (int) (concurrency() * each * inputs);
  }

  /** Whether the requests themselves say what replies look like, or when they end. */
  boolean setsReplyForm() {
    return REPLY_FORMS.stream().anyMatch(extraInputs()::contains);
  }

  /** Whether the requests ask the model to go on after an end of its reply. */
  boolean ignoresEnd() {
    return IGNORED_END.matcher(extraInputs()).find();
  }

  /** The least tokens of a reply that the requests ask for, or 0. */
  int leastTokens() {
    Matcher least = LEAST_TOKENS.matcher(extraInputs());
    return least.find() ? Integer.parseInt(least.group(1)) : 0;
  }

  /** Whether the requests can limit replies by {@code max_tokens}, and do not. */
  boolean lacksLegacyMaxTokens() {
    return parameters.endpointType() == EndpointType.CHAT
        && !Boolean.TRUE.equals(values.get("use_legacy_max_tokens"));
  }

  private String extraInputs() {
    return String.valueOf(options.get("extra_inputs"));
  }

  /** Requests a second. */
  OptionalDouble rate() {
    return number(values.get(ConfigKeys.REQUEST_RATE));
  }

  /** Seconds in which requests are sent; empty when a number of requests may end the run. */
  OptionalDouble sendingSeconds() {
    return endingCount().isPresent() ? OptionalDouble.empty() : duration();
  }

  /** Seconds after which no more requests are sent. */
  OptionalDouble duration() {
    return number(values.get("benchmark_duration"));
  }

  /** The option whose number of requests or conversations ends the run. */
  Optional<String> endingCount() {
    return Stream.of("conversation_num", "request_count").filter(options::containsKey).findFirst();
  }

  /** The number that an option has. */
  OptionalDouble option(String name) {
    return number(options.get(name));
  }

  /** Seconds that aiperf waits for replies after it has sent the last request. */
  double graceSeconds() {
    return option("benchmark_grace_period").orElse(DEFAULT_GRACE);
  }

  /** Seconds in which the load grows at the beginning. */
  double rampSeconds() {
    return RAMPS.stream().mapToDouble(name -> number(options.get(name)).orElse(0)).max().orElse(0);
  }

  /** Seconds in which the rate of requests grows at the beginning. */
  double rateRampSeconds() {
    return option("request_rate_ramp_duration").orElse(0);
  }

  /** Whether the requests draw the tokens that they ask for from a distribution of their own. */
  boolean hasDrawnLengths() {
    return DISTRIBUTIONS.stream().anyMatch(options::containsKey);
  }

  /** Whether all requests ask for the same number of tokens: services refuse more at least. */
  boolean hasOneLength() {
    double deviation = number(values.get("prompt_output_tokens_stddev")).orElse(0);
    return deviation == 0 && !hasDrawnLengths();
  }

  /** Output tokens that each request asks for, on average. */
  OptionalDouble requestedTokens() {
    return parameters.requestedTokens();
  }

  /** Whether aiperf counts tokens with an encoding that is not the model's. */
  boolean hasStandInTokenizer() {
    return "builtin".equals(values.get("tokenizer"));
  }

  /** Whether a tokenizer is named that is not named like the model. */
  boolean hasForeignTokenizer() {
    Object tokenizer = values.get("tokenizer");
    return tokenizer != null
        && !hasStandInTokenizer()
        && !lastPart(tokenizer).equals(lastPart(values.get("model")));
  }

  /** {@code meta-llama/Llama-3.3-70B} and {@code meta/llama-3.3-70b} are one model. */
  private static String lastPart(Object name) {
    String text = String.valueOf(name).toLowerCase(Locale.ROOT);
    return text.substring(text.lastIndexOf('/') + 1);
  }

  /** Whether the service counts the tokens. */
  boolean usesServerTokenCount() {
    return Boolean.TRUE.equals(values.get("use_server_token_count"));
  }

  private static OptionalDouble number(Object value) {
    return value instanceof Number n ? OptionalDouble.of(n.doubleValue()) : OptionalDouble.empty();
  }
}
