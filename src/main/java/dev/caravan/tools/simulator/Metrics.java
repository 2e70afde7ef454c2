package dev.caravan.tools.simulator;

import java.util.Locale;

/**
 * The server's metrics in the Prometheus text format 0.0.4, under vLLM's metric names
 * (docs.vllm.ai, "Production Metrics"), so that dashboards for vLLM work here too.
 */
final class Metrics {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();
  private final String model;

  private Metrics(String model) {
    this.model = model.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Renders all metrics; {@code model} is the first served model, used as label as in vLLM. */
  static String page(String model, RequestCounts counts, RequestStats stats) {
    Metrics page = new Metrics(model);
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
    return page.text.toString();
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
