package dev.caravan.storage;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this process runs on. */
public final class LocalHost {

  private static final String NAME = ask();

  private LocalHost() {}

  /** Its name, or {@code unknown} when it has none. */
  public static String name() {
    return NAME;
  }

  private static String ask() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
