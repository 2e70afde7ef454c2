package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The control orders for a whole home and for its targets: the content of {@code
 * .caravan/control.json}.
 *
 * @param schema version of this format
 * @param pausedOrder the order that paused the home; null if not paused
 * @param pausedTargets canonical URL of a target to the order that paused it
 */
public record HomeControl(
    int schema,
    @JsonProperty("paused") Control.Order pausedOrder,
    Map<String, Control.Order> pausedTargets) {

  /** No orders. */
  public static final HomeControl NONE = new HomeControl(1, null, Map.of());

  public HomeControl {
    Map<String, Control.Order> targets =
        new TreeMap<>(pausedTargets == null ? Map.of() : pausedTargets);
    targets.values().removeIf(Objects::isNull);
    pausedTargets = Collections.unmodifiableMap(targets);
  }

  /** The order that paused the home. */
  public Optional<Control.Order> paused() {
    return Optional.ofNullable(pausedOrder);
  }

  /** Sets or clears the pause of the home. */
  public HomeControl withPause(Optional<Control.Order> order) {
    return new HomeControl(schema, order.orElse(null), pausedTargets);
  }

  /** Sets or clears the pause of a target. */
  public HomeControl withTargetPause(String target, Optional<Control.Order> order) {
    Map<String, Control.Order> targets = new TreeMap<>(pausedTargets);
    targets.remove(target);
    order.ifPresent(pause -> targets.put(target, pause));
    return new HomeControl(schema, pausedOrder, targets);
  }

  /**
   * The orders of a home; {@link #NONE} if it has no file, or none that can be read: that costs its
   * pauses, and is said at the start of the daemon (see {@link #read}).
   */
  public static HomeControl of(Home home) {
    try {
      return read(home);
    } catch (IOException damaged) {
      return NONE;
    }
  }

  /** Reads the orders of a home; {@link #NONE} if it has no file. */
  public static HomeControl read(Home home) throws IOException {
    boolean exists = Files.exists(home.controlFile(), LinkOption.NOFOLLOW_LINKS);
    HomeControl read = exists ? Json.read(home.controlFile(), HomeControl.class) : NONE;
    return read == null ? NONE : read;
  }

  /** Writes the orders to the home's control file. */
  public void write(Home home, DurableFiles files) throws IOException {
    files.createDirectories(home.state());
    files.writeWhole(home.controlFile(), Json.file(this));
  }
}
