package dev.caravan.endtoend;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.Results;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base class: a fleet of its own for each test, with short leases; the hub is not started yet. */
abstract class FleetTestBase {

  Fleet fleet;
  Caravan hub;
  Results results;

  @BeforeEach
  void setUp(@TempDir Path temp) {
    fleet = new Fleet(temp, "3s");
    hub = fleet.hub;
    results = fleet.results;
  }

  @AfterEach
  void tearDown() {
    fleet.close();
  }
}
