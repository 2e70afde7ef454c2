package dev.caravan.testing;

import java.util.concurrent.Callable;

/** Lets Java know no name of the user, as of one without an entry in the system's list. */
public final class NamelessUser {

  private static final String PROPERTY = "user.name";

  private NamelessUser() {}

  /** What an action of such a user returns. */
  public static <T> T call(Callable<T> action) throws Exception {
    String name = System.getProperty(PROPERTY);
    System.setProperty(PROPERTY, "?");
    try {
      return action.call();
    } finally {
      System.setProperty(PROPERTY, name);
    }
  }
}
