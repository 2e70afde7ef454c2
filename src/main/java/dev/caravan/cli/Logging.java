package dev.caravan.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines go to stderr, in the form that run_aiperf.py gave them. */
final class Logging {

  /** Controls but the newline, and direction marks: a terminal obeys them, whoever wrote them. */
  private static final String OBEYED =
      "[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]";

  private static final String LINE =
      "%d{yyyy-MM-dd HH:mm:ss} %replace(%level){'^WARN$', 'WARNING'}: %replace(%msg){'"
          + OBEYED
          + "', '?'}%n";

  private Logging() {}

  /**
   * Sets what is logged.
   *
   * @param debug whether Caravan's own details are
   * @param traces whether stack traces are
   */
  static void configure(boolean debug, boolean traces) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE + (traces ? "%ex" : "%nopex"));
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    // The broker warns of each expired heartbeat's missing address, and of what it drops for us.
    context.getLogger("org.apache.activemq.artemis").setLevel(Level.ERROR);
    // While a broker is away these say so at every try; we say it once.
    context.getLogger("org.messaginghub.pooled.jms").setLevel(Level.OFF);
    context.getLogger("org.springframework.jms").setLevel(Level.OFF);
    context.getLogger("dev.caravan").setLevel(debug ? Level.DEBUG : Level.INFO);
  }
}
