package dev.caravan.tools.simulator;

import java.util.Locale;

/**
 * The server's state in the Prometheus text format 0.0.4, under the names that vLLM gives to the
 * same things (docs.vllm.ai, "Production Metrics"), so that what scrapes a vLLM scrapes this.
 */
final class Metrics {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final StringBuilder text = new StringBuilder();
  private final String model;

  private Metrics(String model) {
    this.model = model.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** The whole page; {@code model} is the server's first name, as vLLM labels its metrics. */
  static String page(String model, RequestCounts counts, RequestStats tally) {
    Metrics page = new Metrics(model);
    page.head("num_requests_running", "gauge", "Requests being served.");
    page.line("num_requests_running", "", counts.running());
    page.head("num_requests_waiting", "gauge", "Requests in line for a place.");
    page.line("num_requests_waiting", "", counts.waiting());
    page.head("prompt_tokens_total", "counter", "Prompt tokens taken, roughly counted.");
    page.line("prompt_tokens_total", "", counts.promptTokens());
    page.head("generation_tokens_total", "counter", "Tokens generated.");
    page.line("generation_tokens_total", "", counts.generatedTokens());
    page.head("request_success_total", "counter", "Whole answers by the reason of their end.");
    for (String reason : new String[] {"stop", "length"}) {
      page.line(
          "request_success_total",
          ",finished_reason=\"" + reason + "\"",
          tally.finishedFor(reason));
    }
    return page.text.toString();
  }

  private void head(String name, String type, String help) {
    text.append("# HELP vllm:").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE vllm:").append(name).append(' ').append(type).append('\n');
  }

  private void line(String name, String furtherLabels, long value) {
    text.append(
        String.format(
            Locale.ROOT, "vllm:%s{model_name=\"%s\"%s} %d\n", name, model, furtherLabels, value));
  }
}
