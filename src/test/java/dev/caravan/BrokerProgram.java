package dev.caravan;

import dev.caravan.broker.EmbeddedBroker;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** An Artemis in a JVM of its own, until it is killed. */
public final class BrokerProgram {

  private BrokerProgram() {}

  /** Arguments: folder, url to listen at. */
  public static void main(String[] arguments) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), arguments[1])) {
      LoggerFactory.getLogger("dev.caravan").info("the broker is up: {}", broker);
      Thread.currentThread().join();
    }
  }
}
