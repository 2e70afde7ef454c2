package dev.caravan.observe.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes {@code report.html}: one file that needs no network. Its script and its style are one block
 * each, and its own policy allows these two only.
 */
public final class ReportPage {

  private static final String FOLDER = "dev/caravan/observe/report/";
  private static final String CHARTS =
      "META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";

  private final PebbleTemplate template;
  private final String style = text(FOLDER + "report.css");
  private final String script = script();

  /** A maker of pages; it can make many. */
  public ReportPage() {
    ClasspathLoader loader = new ClasspathLoader();
    loader.setPrefix(FOLDER);
    this.template =
        new PebbleEngine.Builder()
            .loader(loader)
            .strictVariables(true)
            .build()
            .getTemplate("report.peb");
  }

  /** The drawing script with the library it needs, as it stands in pages. */
  public static String script() {
    // A source map that is not there would only give warnings.
    return text(CHARTS).replaceAll("(?m)^//# sourceMappingURL=.*$", "")
        + "\n"
        + text(FOLDER + "report.js");
  }

  /** The style of reports, as it stands in pages. */
  public static String style() {
    return text(FOLDER + "report.css");
  }

  /** The page of this report. */
  public String html(ReportData report) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("policy", policy());
    model.put("title", title(report));
    model.put("style", style);
    model.put("script", script);
    model.put("batches", report.batches().stream().map(ReportPage::head).toList());
    model.put("version", report.version());
    model.put("generatedAt", report.generatedAt());
    model.put("data", ReportJson.of(report));
    StringWriter html = new StringWriter();
    try {
      template.evaluate(html, model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return html.toString();
  }

  /** What may be loaded and run by the page: its own two blocks. */
  private String policy() {
    return "default-src 'none'; script-src "
        + hash(script)
        + "; style-src "
        + hash(style)
        + "; base-uri 'none'; form-action 'none'";
  }

  private static String title(ReportData report) {
    return report.batches().size() == 1
        ? report.batches().get(0).id()
        : report.batches().size() + " batches compared";
  }

  private static Map<String, Object> head(BatchData batch) {
    Provenance from = batch.provenance();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Target", from.target());
    facts.put("Model", from.model());
    facts.put("Endpoint", from.endpoint());
    facts.put("Tokens counted", from.tokensBy());
    facts.put("aiperf", from.aiperf());
    facts.put("Caravan", from.caravan());
    facts.put("Load from", from.host());
    facts.put("Started", clock(from.startedAt()));
    facts.put("Finished", clock(from.finishedAt()));
    facts.put("Config", from.source());
    from.labels().forEach((label, value) -> facts.put("Label " + label, value));
    facts.values().removeIf(String::isEmpty);
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("id", batch.id());
    head.put("finished", batch.finished());
    head.put("facts", facts.entrySet());
    head.put("counts", ReportText.counts(batch));
    head.put("bad", ReportText.bad(batch));
    head.put("warning", from.tokensTrusted() ? "" : TokenCount.warning(from.tokensBy()));
    head.put("config", from.config());
    return head;
  }

  /** Without fractions of a second. */
  private static String clock(String moment) {
    return moment.replace('T', ' ').replaceFirst("\\.\\d+", "");
  }

  private static String hash(String block) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(block.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(sum) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String text(String resource) {
    try (InputStream in = ReportPage.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
