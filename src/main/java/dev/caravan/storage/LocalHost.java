package dev.caravan.storage;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this process runs on. */
public final class LocalHost {

  private static final String NAME = lookUpName();

  private LocalHost() {}

  /** Its host name, or {@code unknown}. */
  public static String name() {
    return NAME;
  }

  private static String lookUpName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
