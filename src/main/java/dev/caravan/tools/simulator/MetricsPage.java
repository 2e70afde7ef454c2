package dev.caravan.tools.simulator;

import java.time.Instant;
import java.util.Locale;

/**
 * The server's metrics in the Prometheus text format 0.0.4, under vLLM's metric names
 * (docs.vllm.ai, "Production Metrics"), so that dashboards for vLLM work here too.
 */
final class MetricsPage {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();
  private final String model;

  private MetricsPage(String model) {
    this.model = model.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Renders all metrics; {@code model} is the first served model, used as label as in vLLM. */
  static String page(String model, RequestCounts counts, RequestStats stats, Instant processStart) {
    MetricsPage page = new MetricsPage(model);
    page.header("num_requests_running", "gauge", "Requests being processed.");
    page.sample("num_requests_running", "", counts.running());
    page.header("num_requests_waiting", "gauge", "Requests waiting in the queue.");
    page.sample("num_requests_waiting", "", counts.waiting());
    page.header("prompt_tokens_total", "counter", "Prompt tokens processed (estimate).");
    page.sample("prompt_tokens_total", "", counts.promptTokens());
    page.header("generation_tokens_total", "counter", "Tokens generated.");
    page.sample("generation_tokens_total", "", counts.generatedTokens());
    page.header("request_success_total", "counter", "Completed requests by finish reason.");
    for (String reason : new String[] {"stop", "length"}) {
      page.sample(
          "request_success_total",
          ",finished_reason=\"" + reason + "\"",
          stats.finishedFor(reason));
    }
    page.prefixCache(stats);
    page.processStart(processStart);
    return page.text.toString();
  }

  private void prefixCache(RequestStats stats) {
    if (stats.cacheQueries() > 0) {
      header("prefix_cache_queries_total", "counter", "Prompt tokens looked up in the cache.");
      sample("prefix_cache_queries_total", "", stats.cacheQueries());
      header("prefix_cache_hits_total", "counter", "Prompt tokens found in the cache.");
      sample("prefix_cache_hits_total", "", stats.cacheHits());
    }
  }

  /** As the Prometheus clients of most languages report it. */
  private void processStart(Instant start) {
    text.append("# HELP process_start_time_seconds Start of the process, Unix time.\n")
        .append("# TYPE process_start_time_seconds gauge\n")
        .append("process_start_time_seconds ")
        .append(start.getEpochSecond())
        .append('\n');
  }

  private void header(String name, String type, String help) {
    text.append("# HELP vllm:").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, String extraLabels, long value) {
    text.append(
        String.format(
            Locale.ROOT, "vllm:%s{model_name=\"%s\"%s} %d\n", name, model, extraLabels, value));
  }
}
