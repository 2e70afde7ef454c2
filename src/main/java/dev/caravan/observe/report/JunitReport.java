package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.FailOn;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Batches as JUnit XML for CI systems: one test suite per batch, one test case per run. A search
 * has one more, which fails without an answer; runs on the way to an answer may fail.
 */
public final class JunitReport {

  private static final String SEARCH = "search";

  private JunitReport() {}

  /**
   * The file's bytes.
   *
   * @param failOn how bad a run must be to count as a failed case
   */
  public static byte[] xml(ReportData data, FailOn failOn) {
    return JunitXml.file(
        xml -> {
          for (BatchData batch : data.batches()) {
            suite(xml, batch, failOn);
          }
        });
  }

  private static void suite(XMLStreamWriter xml, BatchData batch, FailOn failOn)
      throws XMLStreamException {
    List<Point> points = batch.points();
    boolean isSearch = batch.search().isPresent();
    long failures =
        isSearch
            ? unanswered(batch).filter(why -> batch.finished()).stream().count()
            : points.stream().filter(p -> isFailure(p, failOn)).count();
    long open = isSearch && !batch.finished() ? 1 : 0;
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", JunitXml.text(batch.id()));
    xml.writeAttribute("tests", String.valueOf(points.size() + (isSearch ? 1 : 0)));
    xml.writeAttribute("failures", count(failures));
    xml.writeAttribute(
        "skipped", count(open + points.stream().filter(JunitReport::isSkipped).count()));
    xml.writeAttribute("timestamp", JunitXml.text(batch.provenance().startedAt()));
    xml.writeAttribute("hostname", JunitXml.text(batch.provenance().host()));
    for (Point point : points) {
      testcase(xml, batch, point, failOn);
    }
    if (isSearch) {
      search(xml, batch);
    }
    xml.writeEndElement();
  }

  private static Optional<String> unanswered(BatchData batch) {
    return batch.search().flatMap(SearchSummary::unanswered);
  }

  private static void search(XMLStreamWriter xml, BatchData batch) throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", JunitXml.text(batch.id()));
    xml.writeAttribute("name", SEARCH);
    xml.writeAttribute("time", "0.0");
    Optional<String> why = unanswered(batch);
    if (!batch.finished()) {
      JunitXml.skipped(xml, why.orElse(""));
    } else if (why.isPresent()) {
      JunitXml.failure(xml, SEARCH, why.get());
    }
    xml.writeStartElement("system-out");
    xml.writeCharacters(
        batch.search().orElseThrow().lines().stream()
            .map(JunitXml::text)
            .collect(Collectors.joining("\n")));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static void testcase(XMLStreamWriter xml, BatchData batch, Point point, FailOn failOn)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", JunitXml.text(batch.id()));
    xml.writeAttribute(
        "name", JunitXml.text(point.folder().isEmpty() ? batch.id() : point.folder()));
    xml.writeAttribute(
        "time", String.valueOf(point.metrics().get(ReportMetric.DURATION).orElse(0)));
    if (isSkipped(point)) {
      JunitXml.skipped(xml, point.state() + " " + point.reason());
    } else if (batch.search().isEmpty() && isFailure(point, failOn)) {
      xml.writeStartElement("failure");
      xml.writeAttribute("type", JunitXml.text(type(point)));
      xml.writeAttribute("message", JunitXml.text(message(point)));
      xml.writeCharacters(JunitXml.text(batch.folder().resolve(point.folder()).toString()));
      xml.writeEndElement();
    }
    String output = output(point, batch.search().isPresent());
    if (!output.isEmpty()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(output);
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  /** The cause of a failure, which is the check that found an invalid number; else the outcome. */
  private static String type(Point point) {
    return point.cause().isEmpty()
        ? point.checks().worst(Level.WARNING).map(Finding::id).orElse(point.state())
        : point.cause();
  }

  private static String message(Point point) {
    return point.reason().isEmpty()
        ? point.alarms().stream().findFirst().map(JunitReport::line).orElse(point.state())
        : point.state() + ": " + point.reason();
  }

  /** Why a run is degraded, or failed without being a failure, and a line for each finding. */
  private static String output(Point point, boolean isOfSearch) {
    boolean showsReason = point.degraded() || isOfSearch && !point.completed() && !isSkipped(point);
    return Stream.concat(
            Stream.of(point.reason())
                .filter(why -> showsReason)
                .map(why -> point.state() + ": " + why),
            point.checks().findings().stream().map(JunitReport::line))
        .map(JunitXml::text)
        .collect(Collectors.joining("\n"));
  }

  private static String line(Finding finding) {
    return finding.level().value()
        + " "
        + finding.id()
        + ": "
        + finding.message()
        + (finding.advice().isEmpty() ? "" : "; advice: " + finding.advice());
  }

  private static boolean isSkipped(Point point) {
    return point.open() || point.state().equals(Outcome.CANCELLED.value());
  }

  private static boolean isFailure(Point point, FailOn failOn) {
    return !isSkipped(point)
        && failOn.isFailure(
            Outcome.of(point.state()), point.checks().worst(Level.NOTE).map(Finding::level));
  }

  private static String count(long number) {
    return String.valueOf(number);
  }
}
