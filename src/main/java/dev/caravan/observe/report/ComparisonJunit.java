package dev.caravan.observe.report;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.pipeline.outcome.OneLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Comparisons as JUnit XML: one test suite each, whose first test case is the verdict, the others
 * the differences.
 */
public final class ComparisonJunit {

  private static final int MAX_TEXT = 1_000;

  private final boolean failsOnInconclusive;

  /**
   * A writer.
   *
   * @param failsOnInconclusive whether a verdict that noise leaves open is a failure
   */
  public ComparisonJunit(boolean failsOnInconclusive) {
    this.failsOnInconclusive = failsOnInconclusive;
  }

  /** The file's bytes. */
  public byte[] xml(List<ComparisonResult> results) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      xml.writeStartElement("testsuites");
      for (ComparisonResult result : results) {
        suite(xml, result);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return bytes.toByteArray();
  }

  private void suite(XMLStreamWriter xml, ComparisonResult result) throws XMLStreamException {
    long worse = result.rows().stream().filter(row -> row.kind() == Kind.WORSE).count();
    String name = "compare " + result.candidate().name() + " vs. " + result.base().name();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", text(name));
    xml.writeAttribute("tests", String.valueOf(1 + result.rows().size()));
    xml.writeAttribute("failures", String.valueOf(worse + (isFailure(result.verdict()) ? 1 : 0)));
    verdict(xml, name, result);
    for (Row row : result.rows()) {
      difference(xml, name, row);
    }
    xml.writeEndElement();
  }

  private void verdict(XMLStreamWriter xml, String suite, ComparisonResult result)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", text(suite));
    xml.writeAttribute("name", "verdict");
    if (isFailure(result.verdict())) {
      failure(xml, result.verdict().name(), result.sentence());
    } else if (result.verdict() != Verdict.PASS) {
      xml.writeEmptyElement("skipped");
      xml.writeAttribute("message", text(result.sentence()));
    }
    xml.writeStartElement("system-out");
    xml.writeCharacters(
        text(result.sentence())
            + "\n"
            + String.join(
                "\n", ComparisonText.remarks(result).stream().map(ComparisonJunit::text).toList()));
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private boolean isFailure(Verdict verdict) {
    return switch (verdict) {
      case FAIL, REFUSED -> true;
      case INCONCLUSIVE -> failsOnInconclusive;
      case PASS, NONE -> false;
    };
  }

  private static void difference(XMLStreamWriter xml, String suite, Row row)
      throws XMLStreamException {
    String message = ComparisonText.change(row) + " " + ComparisonText.interval(row);
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", text(suite));
    xml.writeAttribute("name", text(row.metric() + " at " + ComparisonText.point(row)));
    if (row.kind() == Kind.WORSE) {
      failure(xml, "worse", message);
    } else if (row.kind() != Kind.WITHIN && row.kind() != Kind.BETTER) {
      xml.writeEmptyElement("skipped");
      xml.writeAttribute("message", text(ComparisonText.kind(row) + ": " + message));
    }
    xml.writeEndElement();
  }

  private static void failure(XMLStreamWriter xml, String type, String message)
      throws XMLStreamException {
    xml.writeEmptyElement("failure");
    xml.writeAttribute("type", type);
    xml.writeAttribute("message", text(message));
  }

  /** XML cannot hold control characters. */
  private static String text(String text) {
    return OneLine.line(text, MAX_TEXT);
  }
}
