package dev.caravan.tools.setup;

import dev.caravan.storage.SetupLocation;
import dev.caravan.testing.ToolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Base class: a setup for a user of their own, with no Python but fake ones on {@code PATH}. */
@Timeout(60)
abstract class SetupTestBase {

  @TempDir Path temp;
  final List<String> progress = new CopyOnWriteArrayList<>();

  /** Each aiperf that was warmed up. */
  final List<Path> warmed = new CopyOnWriteArrayList<>();

  final Map<String, String> environment = new HashMap<>();
  SetupLocation location;
  FakePython python;

  @BeforeEach
  void makeUser() throws IOException {
    Path tools = ToolFolder.make(temp.resolve("tools"), FakePython.TOOLS);
    environment.put("XDG_DATA_HOME", temp.resolve("data").toString());
    environment.put("PATH", temp.resolve("bin") + ":" + tools);
    location = SetupLocation.of(environment);
    python = new FakePython(temp.resolve("bin"));
  }

  Setup setup() {
    return setup((aiperf, tokenizers) -> warmed.add(aiperf), Duration.ofSeconds(20));
  }

  Setup setup(WarmUp warmUp, Duration answerLimit) {
    Distribution debian = new Distribution(List.of("debian"));
    return new Setup(
        environment, progress::add, warmUp, debian, Duration.ofMillis(100), answerLimit);
  }

  /** Installs a version in a thread, which may throw nothing that is checked. */
  Path installed() {
    try {
      return setup().install("0.13.0", List.of());
    } catch (SetupFailedException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
