package dev.caravan.observe.report;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.report.ComparisonResult.Kind;
import dev.caravan.observe.report.ComparisonResult.Row;
import java.util.List;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Comparisons as JUnit XML: one test suite each, whose first test case is the verdict, the others
 * the differences.
 */
public final class ComparisonJunit {

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
    return JunitXml.file(
        xml -> {
          for (ComparisonResult result : results) {
            suite(xml, result);
          }
        });
  }

  private void suite(XMLStreamWriter xml, ComparisonResult result) throws XMLStreamException {
    long worse = result.rows().stream().filter(row -> row.kind() == Kind.WORSE).count();
    long open = result.rows().stream().filter(ComparisonJunit::isOpen).count();
    String name = "compare " + result.candidate().name() + " vs. " + result.base().name();
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", JunitXml.text(name));
    xml.writeAttribute("tests", String.valueOf(1 + result.rows().size()));
    xml.writeAttribute("failures", String.valueOf(worse + (isFailure(result.verdict()) ? 1 : 0)));
    xml.writeAttribute("skipped", String.valueOf(open + (isOpen(result.verdict()) ? 1 : 0)));
    verdict(xml, name, result);
    for (Row row : result.rows()) {
      difference(xml, name, row);
    }
    xml.writeEndElement();
  }

  private void verdict(XMLStreamWriter xml, String suite, ComparisonResult result)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", JunitXml.text(suite));
    xml.writeAttribute("name", "verdict");
    if (isFailure(result.verdict())) {
      JunitXml.failure(xml, result.verdict().name(), result.sentence());
    } else if (isOpen(result.verdict())) {
      JunitXml.skipped(xml, result.sentence());
    }
    xml.writeStartElement("system-out");
    xml.writeCharacters(
        JunitXml.text(result.sentence())
            + "\n"
            + String.join(
                "\n", ComparisonText.remarks(result).stream().map(JunitXml::text).toList()));
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

  private boolean isOpen(Verdict verdict) {
    return !isFailure(verdict) && verdict != Verdict.PASS;
  }

  private static boolean isOpen(Row row) {
    return row.kind() != Kind.WORSE && row.kind() != Kind.WITHIN && row.kind() != Kind.BETTER;
  }

  private static void difference(XMLStreamWriter xml, String suite, Row row)
      throws XMLStreamException {
    String message = ComparisonText.change(row) + " " + ComparisonText.interval(row);
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", JunitXml.text(suite));
    xml.writeAttribute("name", JunitXml.text(row.metric() + " at " + ComparisonText.point(row)));
    if (row.kind() == Kind.WORSE) {
      JunitXml.failure(xml, "worse", message);
    } else if (isOpen(row)) {
      JunitXml.skipped(xml, ComparisonText.kind(row) + ": " + message);
    }
    xml.writeEndElement();
  }
}
