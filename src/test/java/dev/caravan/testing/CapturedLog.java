package dev.caravan.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class logs until this is closed. */
public final class CapturedLog implements AutoCloseable {

  private final Logger logger;
  private final ListAppender<ILoggingEvent> events = new ListAppender<>();

  private CapturedLog(String name) {
    this.logger = (Logger) LoggerFactory.getLogger(name);
    events.list = new CopyOnWriteArrayList<>(); // a test looks while others log
    events.start();
    logger.addAppender(events);
  }

  /** Begins to capture the lines of a class. */
  public static CapturedLog of(Class<?> type) {
    return new CapturedLog(type.getName());
  }

  /** Begins to capture the lines of a logger of this name. */
  public static CapturedLog of(String name) {
    return new CapturedLog(name);
  }

  /** The lines so far, without their level. */
  public List<String> lines() {
    return events.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /** The levels of the lines so far. */
  public List<Level> levels() {
    return events.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  /** The lines so far that have a stack trace. */
  public List<String> traces() {
    return events.list.stream()
        .filter(event -> event.getThrowableProxy() != null)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(events);
  }
}
