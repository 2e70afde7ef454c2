package dev.caravan.model.plan;

import java.util.Map;
import java.util.Optional;

/**
 * The place of a run in the plan of its batch.
 *
 * @param variant name of its variant; empty without variants
 * @param point name of its point, which its repeats and the same point of other variants share;
 *     empty when there is one point only
 * @param repeat which repeat of the point it is, from 1
 */
public record Place(String variant, String point, int repeat) {

  /** The place of a run of which no plan is known. */
  public static final Place UNKNOWN = new Place("", "", 1);

  /** The name that these values alone give a point; empty if it needs more than them. */
  public static Optional<String> pointOf(Map<String, Object> values) {
    return FolderNames.ofOnly(values);
  }
}
