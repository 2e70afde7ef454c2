package dev.caravan.tools.setup;

import dev.caravan.storage.SetupLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Base class: a setup for a user of their own, with a fake Python first on {@code PATH}. */
@Timeout(30)
abstract class SetupTestBase {

  @TempDir Path temp;
  final List<String> progress = new CopyOnWriteArrayList<>();
  final Map<String, String> environment = new HashMap<>();
  SetupLocation location;
  FakePython python;

  @BeforeEach
  void makeUser() {
    environment.put("XDG_DATA_HOME", temp.resolve("data").toString());
    environment.put("PATH", temp.resolve("bin") + ":/usr/bin:/bin");
    location = SetupLocation.of(environment);
    python = new FakePython(temp.resolve("bin"));
  }

  Setup setup() {
    return setup((aiperf, tokenizers) -> {}, Duration.ofSeconds(20));
  }

  Setup setup(WarmUp warmUp, Duration answerLimit) {
    Distribution debian = new Distribution(List.of("debian"));
    return new Setup(
        environment, progress::add, warmUp, debian, Duration.ofMillis(100), answerLimit);
  }
}
