package dev.caravan.config.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Versions set when Caravan was built. */
public final class Version {

  private static final Properties PROPERTIES = read();

  /** Version of this Caravan. */
  public static final String CARAVAN = PROPERTIES.getProperty("caravan");

  /** The aiperf version that {@code caravan setup} installs and that Caravan was tested with. */
  public static final String AIPERF = PROPERTIES.getProperty("aiperf");

  private Version() {}

  private static Properties read() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/caravan-version.properties")) {
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
