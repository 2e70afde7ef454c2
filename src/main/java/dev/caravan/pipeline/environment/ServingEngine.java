package dev.caravan.pipeline.environment;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Engines that serve models, and the gauges by which each tells how many requests it works on and
 * how many wait. They count different requests: their sum is what is in progress.
 */
public enum ServingEngine {
  VLLM("vLLM", "vllm:num_requests_running", "vllm:num_requests_waiting"),
  SGLANG("SGLang", "sglang:num_running_reqs", "sglang:num_queue_reqs"),
  LLAMA_CPP("llama.cpp", "llamacpp:requests_processing", "llamacpp:requests_deferred"),
  TGI("TGI", "tgi_batch_current_size", "tgi_queue_size");

  private final String title;
  private final String running;
  private final String waiting;

  ServingEngine(String title, String running, String waiting) {
    this.title = title;
    this.running = running;
    this.waiting = waiting;
  }

  /** Name of the number of requests that it works on. */
  public String running() {
    return running;
  }

  /** Name of the number of requests that wait. */
  public String waiting() {
    return waiting;
  }

  /** The names of the metrics of all engines. */
  public static Stream<String> metrics() {
    return Arrays.stream(values()).flatMap(engine -> Stream.of(engine.running, engine.waiting));
  }

  /** All engines, as documentation lists them: {@code vLLM, SGLang}. */
  public static String titles() {
    return Arrays.stream(values()).map(engine -> engine.title).collect(Collectors.joining(", "));
  }
}
