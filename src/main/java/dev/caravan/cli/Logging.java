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

  /**
   * Control characters except newline, bidi controls and line separators: a terminal would act on
   * them.
   */
  private static final String UNSAFE =
      "[\u0001-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]";

  /** The same, but for the tab, which stack traces are indented with. */
  private static final String UNSAFE_IN_TRACES = UNSAFE.replace("\u0001-\u0009", "\u0001-\u0008");

  /** Property of the context: the format that is set. */
  private static final String LINE = "caravan.line";

  /** Where a further line of one message starts. */
  private static final String FURTHER_LINE = "(?<=\n)(?=[^\n])";

  /** Names and messages of others may have lines; indented, none of them passes for a log line. */
  private static String line(boolean traces) {
    String text = replaced("%msg", UNSAFE, "?") + "%n";
    String trace = traces ? replaced("%ex", UNSAFE_IN_TRACES, "?") : "%nopex";
    return "%d{yyyy-MM-dd HH:mm:ss} "
        + replaced("%level", "^WARN$", "WARNING")
        + ": "
        + replaced(text + trace, FURTHER_LINE, "  ");
  }

  private static String replaced(String what, String pattern, String by) {
    return "%replace(" + what + "){'" + pattern + "', '" + by + "'}";
  }

  private Logging() {}

  /**
   * Sets the log level and format.
   *
   * @param debug whether to log Caravan's debug messages
   * @param traces whether to print stack traces
   */
  static void configure(boolean debug, boolean traces) {
    configure((LoggerContext) LoggerFactory.getILoggerFactory(), debug, traces);
  }

  /** The same, in this context. */
  static void configure(LoggerContext context, boolean debug, boolean traces) {
    String line = line(traces);
    if (!line.equals(context.getProperty(LINE))) {
      context.reset();
      context.putProperty(LINE, line);
      context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(stderr(context, line));
      setLevels(context);
    }
    context.getLogger("dev.caravan").setLevel(debug ? Level.DEBUG : Level.INFO);
  }

  private static ConsoleAppender<ILoggingEvent> stderr(LoggerContext context, String line) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(line);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    return stderr;
  }

  private static void setLevels(LoggerContext context) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
    // The broker warns about every expired heartbeat, and about messages that it drops as
    // configured.
    context.getLogger("org.apache.activemq.artemis").setLevel(Level.ERROR);
    // Netty warns that it takes a random number for that of a network card; nothing depends on it.
    context.getLogger("io.netty.util.internal.MacAddressUtil").setLevel(Level.ERROR);
    // Vert.x warns, with a stack trace, of a machine that was suspended or too busy for seconds.
    context.getLogger("io.vertx.core.impl.btc.BlockedThreadChecker").setLevel(Level.OFF);
    // These log every failed reconnect; Caravan logs the outage once.
    context.getLogger("org.messaginghub.pooled.jms").setLevel(Level.OFF);
    context.getLogger("org.springframework.jms").setLevel(Level.OFF);
  }
}
