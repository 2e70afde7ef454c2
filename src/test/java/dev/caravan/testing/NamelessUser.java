package dev.caravan.testing;

/** Lets Java know no name of the user, as of one without an entry in the system's list. */
public final class NamelessUser implements AutoCloseable {

  private static final String PROPERTY = "user.name";

  private final String name = System.getProperty(PROPERTY);

  public NamelessUser() {
    System.setProperty(PROPERTY, "?");
  }

  @Override
  public void close() {
    System.setProperty(PROPERTY, name);
  }
}
