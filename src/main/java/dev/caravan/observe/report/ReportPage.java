package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.SearchSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Renders {@code report.html}: a single file that needs no network. It has one script and one style
 * block, and its Content-Security-Policy allows only these two.
 */
public final class ReportPage {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx");
  private static final String FOLDER = "dev/caravan/observe/report/";

  private final HtmlTemplates templates = new HtmlTemplates(ReportPage.class);
  private final String style = resource(FOLDER + "report.css");
  private final String script = ReportScript.text();

  /** The script of reports, with the chart library that it needs. */
  public static String script() {
    return ReportScript.text();
  }

  /** The style sheet of reports. */
  public static String style() {
    return resource(FOLDER + "report.css");
  }

  /** The report as an HTML page. */
  public String html(ReportData report) {
    Map<String, Object> model =
        Map.of(
            "policy", policy(),
            "title", title(report),
            "style", style,
            "script", script,
            "batches", report.batches().stream().map(ReportPage::head).toList(),
            "comparisons", ComparisonSection.html(report.comparisons()),
            "version", report.version(),
            "generatedAt", time(report.generatedAt()),
            "data", ReportJson.brief(report.with(List.of())));
    return templates.render("report", model);
  }

  /** The Content-Security-Policy: only the page's own two blocks. */
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
        : "Comparison of " + report.batches().size() + " batches";
  }

  /** A batch, above its plots. */
  record Head(
      String id,
      boolean finished,
      List<Fact> facts,
      String progress,
      String problems,
      String warning,
      List<String> answers,
      String config,
      String started,
      String model,
      String service,
      String labels) {}

  private static Head head(BatchData batch) {
    Provenance from = batch.provenance();
    return new Head(
        batch.id(),
        batch.finished(),
        facts(from),
        ReportText.progress(batch),
        ReportText.problems(batch),
        from.tokenCountTrusted() ? "" : TokenCount.warning(from.tokenCount()),
        batch.search().map(SearchSummary::lines).orElse(List.of()),
        from.config(),
        time(from.startedAt()),
        from.model(),
        from.target(),
        from.labels().entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(" ")));
  }

  private static List<Fact> facts(Provenance from) {
    return Fact.known(
        Stream.concat(
            Stream.of(
                new Fact("Service", from.target()),
                new Fact("Model", from.model()),
                new Fact("Endpoint", from.endpoint()),
                new Fact("Token counts", from.tokenCount()),
                new Fact("aiperf", from.aiperf()),
                new Fact("Caravan", from.caravan()),
                new Fact("Client host", from.host()),
                new Fact("Started", time(from.startedAt())),
                new Fact("Finished", time(from.finishedAt())),
                new Fact("Config", from.source())),
            Stream.concat(Fact.overrides(from.overrides()), Fact.labels(from.labels()))));
  }

  /** A time in the zone of this host, as all of a page; as it is when it does not tell its own. */
  private static String time(String timestamp) {
    try {
      return OffsetDateTime.parse(timestamp).atZoneSameInstant(ZoneId.systemDefault()).format(TIME);
    } catch (DateTimeException e) {
      return timestamp.replace('T', ' ').replaceFirst("\\.\\d+", "");
    }
  }

  /** The source by which a Content-Security-Policy allows this block of a page. */
  public static String hash(String block) {
    return "'sha256-" + Base64.getEncoder().encodeToString(DigestUtils.sha256(block)) + "'";
  }

  static String resource(String resource) {
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
