package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One build for calls of the {@code caravan} script that need it at the same time. */
@Timeout(60)
class CaravanBuildLockTest {

  private CaravanCheckout checkout;

  @BeforeEach
  void makeCheckout(@TempDir Path temp) throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
    checkout.jdk("jvm/jdk-17", "17.0.15");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void buildsOnceForConcurrentCalls(boolean withFlock) throws Exception {
    // given
    if (!withFlock) {
      Files.delete(checkout.tools().resolve("flock"));
    }

    // when
    List<Process> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(checkout.start(checkout.top(), List.of(), "./caravan", "plan"));
    }
    List<CaravanCheckout.Result> results = new ArrayList<>();
    for (Process call : calls) {
      results.add(CaravanCheckout.result(call));
    }

    // then
    assertThat(results).allSatisfy(result -> assertThat(result.out()).startsWith("jar one"));
    assertThat(Files.readAllLines(checkout.top().resolve("builds.txt"))).hasSize(1);
    assertThat(checkout.top().resolve("target/build.lock.d")).doesNotExist();
  }

  @Test
  void waitsForABuildWhoseScriptWasKilled() throws Exception {
    // given
    FakePython.script(
        checkout.top().resolve("mvnw"),
        """
        #!/bin/sh
        echo begin >> builds.txt
        while [ ! -e go ]; do sleep 0.05; done
        mkdir -p target && echo jar one > target/caravan.jar
        echo end >> builds.txt
        """);
    Path builds = checkout.top().resolve("builds.txt");
    Process killed = checkout.start(checkout.top(), List.of(), "./caravan", "plan");
    await().until(() -> Files.exists(builds));
    killed.destroyForcibly();

    // when
    Process next = checkout.start(checkout.top(), List.of(), "./caravan", "plan");
    next.getErrorStream().read(); // It says that it waits, or that it builds.
    Files.createFile(checkout.top().resolve("go"));

    // then
    assertThat(CaravanCheckout.result(next).out()).startsWith("jar one");
    assertThat(builds).hasContent("begin\nend\nbegin\nend\n");
  }

  @Test
  void takesOverTheLockOfADeadBuild() throws Exception {
    // given
    Files.delete(checkout.tools().resolve("flock"));
    Path lock = Files.createDirectories(checkout.top().resolve("target/build.lock.d"));
    Files.writeString(lock.resolve("pid"), "99999999\n");

    // then
    assertThat(checkout.caravan("plan").out()).startsWith("jar one");
  }
}
