package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.OneLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The parts that all JUnit XML files share. */
final class JunitXml {

  private static final int MAX_TEXT = 1_000;

  /** Writes the test suites of a file. */
  @FunctionalInterface
  interface Suites {

    /** Writes all of them. */
    void writeTo(XMLStreamWriter xml) throws XMLStreamException;
  }

  private JunitXml() {}

  /** The bytes of a file with these test suites. */
  static byte[] file(Suites suites) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      XMLStreamWriter xml =
          XMLOutputFactory.newDefaultFactory()
              .createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
      xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
      xml.writeStartElement("testsuites");
      suites.writeTo(xml);
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Marks the current test case as failed. */
  static void failure(XMLStreamWriter xml, String type, String message) throws XMLStreamException {
    xml.writeEmptyElement("failure");
    xml.writeAttribute("type", type);
    xml.writeAttribute("message", text(message));
  }

  /** Marks the current test case as skipped. */
  static void skipped(XMLStreamWriter xml, String message) throws XMLStreamException {
    xml.writeEmptyElement("skipped");
    xml.writeAttribute("message", text(message));
  }

  /** A text on one line, without the control characters that XML cannot hold. */
  static String text(String text) {
    return OneLine.line(text, MAX_TEXT);
  }
}
