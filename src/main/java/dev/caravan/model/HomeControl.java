package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What people ordered of a home as a whole and of targets; the content of {@code
 * .caravan/control.json}.
 *
 * @param schema version of this shape
 * @param pausedOrder null unless everything is paused
 * @param pausedTargets orders that paused targets, by the target's canonical url
 */
public record HomeControl(
    int schema,
    @JsonProperty("paused") Control.Order pausedOrder,
    Map<String, Control.Order> pausedTargets) {

  /** No orders. */
  public static final HomeControl NONE = new HomeControl(1, null, Map.of());

  public HomeControl {
    pausedTargets =
        pausedTargets == null
            ? Map.of()
            : Collections.unmodifiableMap(new TreeMap<>(pausedTargets));
  }

  /** The order that paused everything. */
  public Optional<Control.Order> paused() {
    return Optional.ofNullable(pausedOrder);
  }

  /** These orders with that pause of everything, or without one. */
  public HomeControl pausedBy(Optional<Control.Order> order) {
    return new HomeControl(schema, order.orElse(null), pausedTargets);
  }

  /** These orders with that pause of a target, or without one. */
  public HomeControl targetPausedBy(String target, Optional<Control.Order> order) {
    Map<String, Control.Order> targets = new TreeMap<>(pausedTargets);
    targets.remove(target);
    order.ifPresent(given -> targets.put(target, given));
    return new HomeControl(schema, pausedOrder, targets);
  }

  /** The orders that hold in a home. */
  public static HomeControl of(Home home) throws IOException {
    return Files.exists(home.controlFile())
        ? Json.read(home.controlFile(), HomeControl.class)
        : NONE;
  }

  /** Writes them into their home. */
  public void write(Home home, DurableFiles files) throws IOException {
    files.createDirectories(home.state());
    files.writeWhole(home.controlFile(), Json.file(this));
  }
}
