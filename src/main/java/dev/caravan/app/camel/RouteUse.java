package dev.caravan.app.camel;

/**
 * Something that a route needs, by name.
 *
 * @param where the file and the route
 * @param detail the method of a bean; empty for all else
 */
record RouteUse(String where, Kind kind, String name, String detail) {

  /** What a name stands for. */
  enum Kind {
    /** An endpoint URI, its properties resolved. */
    URI,
    LANGUAGE,
    DATA_FORMAT,
    BEAN,
    CLASS,
    PROPERTY
  }

  RouteUse(String where, Kind kind, String name) {
    this(where, kind, name, "");
  }
}
