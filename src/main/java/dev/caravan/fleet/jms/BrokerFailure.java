package dev.caravan.fleet.jms;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.SettingsRefusedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;

/** Why a broker did not start. */
final class BrokerFailure {

  /** What Java says of a disk only in words. */
  private static final Pattern DISK =
      Pattern.compile(
          "(?i)no space left|input/output error|disk quota exceeded|read-only file system"
              + "|stale file handle|too many open files|permission denied");

  /** What native transports say in place of a BindException. */
  private static final String BIND = "bind(";

  private BrokerFailure() {}

  /** Whether the journal is damaged; not when the disk fails, as another journal then would. */
  static boolean isDamage(Throwable failure) {
    return failure instanceof ActiveMQIOErrorException
        && causes(failure).noneMatch(BrokerFailure::isOfTheDisk);
  }

  private static boolean isOfTheDisk(Throwable cause) {
    return cause instanceof FileSystemException
        || cause instanceof FileNotFoundException // also for every other reason not to open one
        || DISK.matcher(String.valueOf(cause.getMessage())).find();
  }

  /**
   * The failure of a broker that listens there, in words.
   *
   * @throws SettingsRefusedException if it cannot listen there
   */
  static IOException inWords(Throwable failure, String listen) {
    Optional<Throwable> ofThePort = causes(failure).filter(BrokerFailure::isOfThePort).findFirst();
    if (ofThePort.isPresent()) {
      throw new SettingsRefusedException(
          "the broker did not start: its port %s: %s; set %s"
              .formatted(listen, ofThePort.get().getMessage(), Setting.BROKER_LISTEN.key()));
    }
    return new IOException("the broker did not start: " + failure.getMessage(), failure);
  }

  private static boolean isOfThePort(Throwable cause) {
    return cause instanceof BindException || String.valueOf(cause.getMessage()).startsWith(BIND);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20);
  }
}
