package dev.caravan.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The endpoint types of aiperf 0.13.0 that Caravan supports, each with its default path (aiperf's
 * plugin/plugins.yaml).
 */
public enum EndpointType {
  CHAT("/v1/chat/completions", true, true),
  COMPLETIONS("/v1/completions", true, true),
  RESPONSES("/v1/responses", true, true),
  MESSAGES("/v1/messages", true, true),
  EMBEDDINGS("/v1/embeddings", false, false),
  CHAT_EMBEDDINGS("/v1/embeddings", false, false),
  NIM_EMBEDDINGS("/v1/embeddings", false, false),
  COHERE_RANKINGS("/v2/rerank", false, false),
  HF_TEI_RANKINGS("/rerank", false, false),
  NIM_RANKINGS("/v1/ranking", false, false),
  IMAGE_GENERATION("/v1/images/generations", true, false),
  IMAGE_EDIT("/v1/images/edits", false, false),
  IMAGE_RETRIEVAL("/v1/infer", false, false),
  AUDIO_TRANSCRIPTION("/v1/audio/transcriptions", false, false),
  VIDEO_GENERATION("/v1/videos", false, false),
  /** When it streams, aiperf requests {@code /generate_stream} instead. */
  HUGGINGFACE_GENERATE("/generate", true, true),
  SOLIDO_RAG("/rag/api/prompt", true, true),
  /** The lines of the dataset are the bodies of its requests, to the url as it is. */
  RAW("", true, true);

  /** The type of aiperf that Caravan does not support. */
  private static final String TEMPLATE = "template";

  private final String path;
  private final boolean streams;
  private final boolean producesTokens;

  EndpointType(String path, boolean streams, boolean producesTokens) {
    this.path = path;
    this.streams = streams;
    this.producesTokens = producesTokens;
  }

  /** The type with this word, as a config that was accepted has it. */
  public static EndpointType of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** All words, in the order of this list. */
  static List<String> words() {
    return Arrays.stream(values()).map(EndpointType::word).toList();
  }

  /** Why a type of aiperf is refused; empty for any other word. */
  static Optional<String> unsupported(String word) {
    return word.equals(TEMPLATE)
        ? Optional.of(
            "is not supported by Caravan: aiperf would read its template from any file; write the"
                + " request bodies into an input_file and use raw")
        : Optional.empty();
  }

  /** The keys of which a run must have one, since nothing else gives it what it sends. */
  List<String> needsOneOf() {
    return switch (this) {
      case AUDIO_TRANSCRIPTION -> List.of(ConfigKeys.INPUT_FILE, "audio_length_mean");
      case RAW -> List.of(ConfigKeys.INPUT_FILE);
      default -> List.of();
    };
  }

  /** The formats of a dataset that it can send; empty for any. */
  Set<String> datasetTypes() {
    return this == RAW ? Set.of("raw_payload", "inputs_json") : Set.of();
  }

  /** The word in configs and arguments, such as {@code nim_rankings}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The path that aiperf takes when no endpoint is given. */
  public String path() {
    return path;
  }

  /**
   * Whether this is the path of another type, which takes no request of this one. Says so only of
   * the APIs of OpenAI and Anthropic: services have rankings and what they invented themselves at
   * several paths.
   */
  boolean isAnothersPath(String endpoint) {
    boolean isFixed = producesTokens && path.startsWith("/v1/");
    return isFixed
        && !path.equals(endpoint)
        && Arrays.stream(values()).anyMatch(type -> type != RAW && type.path.equals(endpoint));
  }

  /** Whether replies can be streamed; aiperf switches streaming off where they cannot. */
  boolean streams() {
    return streams;
  }

  /** Whether replies are made of tokens, so that there are metrics of them. */
  boolean producesTokens() {
    return producesTokens;
  }

  /** Whether what is sent is made of tokens; aiperf refuses a tokenizer where it is not. */
  public boolean tokenizesInput() {
    return this != IMAGE_RETRIEVAL && this != AUDIO_TRANSCRIPTION;
  }

  /** Whether aiperf can begin each of its prompts with a text that occurs only once. */
  public boolean supportsCacheBust() {
    return this == CHAT || this == RESPONSES || this == MESSAGES;
  }

  /** Whether a completion of one token shows that the endpoint works. */
  public boolean supportsCompletion() {
    return this == CHAT || this == COMPLETIONS;
  }
}
