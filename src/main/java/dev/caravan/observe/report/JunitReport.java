package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.OneLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Batches as JUnit XML for CI systems: one test suite per batch, one test case per run. */
public final class JunitReport {

  private static final int MAX_TEXT = 1_000;

  private JunitReport() {}

  /**
   * The file's bytes.
   *
   * @param failOn the mildest outcome that counts as a failed case
   */
  public static byte[] xml(ReportData data, Outcome failOn) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      xml.writeStartElement("testsuites");
      for (BatchData batch : data.batches()) {
        suite(xml, batch, failOn);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void suite(XMLStreamWriter xml, BatchData batch, Outcome failOn)
      throws XMLStreamException {
    List<Point> points = batch.points();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", text(batch.id()));
    xml.writeAttribute("tests", String.valueOf(points.size()));
    xml.writeAttribute(
        "failures", count(points.stream().filter(p -> isFailure(p, failOn)).count()));
    xml.writeAttribute("skipped", count(points.stream().filter(JunitReport::isSkipped).count()));
    xml.writeAttribute("timestamp", text(batch.provenance().startedAt()));
    xml.writeAttribute("hostname", text(batch.provenance().host()));
    for (Point point : points) {
      testcase(xml, batch, point, failOn);
    }
    xml.writeEndElement();
  }

  private static void testcase(XMLStreamWriter xml, BatchData batch, Point point, Outcome failOn)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", text(batch.id()));
    xml.writeAttribute("name", text(point.folder().isEmpty() ? batch.id() : point.folder()));
    xml.writeAttribute(
        "time", String.valueOf(point.metrics().get(ReportMetric.DURATION).orElse(0)));
    if (isSkipped(point)) {
      xml.writeEmptyElement("skipped");
      xml.writeAttribute("message", text(point.state() + " " + point.reason()));
    } else if (isFailure(point, failOn)) {
      xml.writeStartElement("failure");
      xml.writeAttribute("type", point.cause().isEmpty() ? point.state() : text(point.cause()));
      xml.writeAttribute("message", text(point.state() + ": " + point.reason()));
      xml.writeCharacters(text(batch.folder().resolve(point.folder()).toString()));
      xml.writeEndElement();
    } else if (point.degraded()) {
      xml.writeStartElement("system-out");
      xml.writeCharacters(text("degraded: " + point.reason()));
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static boolean isSkipped(Point point) {
    return point.open() || point.state().equals(Outcome.CANCELLED.value());
  }

  private static boolean isFailure(Point point, Outcome failOn) {
    return !isSkipped(point)
        && (!point.completed() || point.degraded() && failOn == Outcome.DEGRADED);
  }

  private static String count(long number) {
    return String.valueOf(number);
  }

  /** XML cannot hold control characters. */
  private static String text(String text) {
    return OneLine.line(text, MAX_TEXT);
  }
}
