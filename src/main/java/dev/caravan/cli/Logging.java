package dev.caravan.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Configures logging to stderr, in the line format of run_aiperf.py. */
final class Logging {

  /** Control characters except newline, and bidi controls: a terminal would act on them. */
  private static final String UNSAFE =
      "[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]";

  private static final String LINE =
      "%d{yyyy-MM-dd HH:mm:ss} %replace(%level){'^WARN$', 'WARNING'}: %replace(%msg){'"
          + UNSAFE
          + "', '?'}%n";

  private Logging() {}

  /**
   * Sets the log level and format.
   *
   * @param debug whether to log Caravan's debug messages
   * @param traces whether to print stack traces
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
    // The broker warns about every expired heartbeat, and about messages that it drops as
    // configured.
    context.getLogger("org.apache.activemq.artemis").setLevel(Level.ERROR);
    // These log every failed reconnect; Caravan logs the outage once.
    context.getLogger("org.messaginghub.pooled.jms").setLevel(Level.OFF);
    context.getLogger("org.springframework.jms").setLevel(Level.OFF);
    context.getLogger("dev.caravan").setLevel(debug ? Level.DEBUG : Level.INFO);
  }
}
