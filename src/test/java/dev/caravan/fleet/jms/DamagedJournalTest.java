package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A broker whose journal is damaged. */
class DamagedJournalTest {

  @TempDir private Path home;

  @ParameterizedTest
  @CsvSource({"journal, garbage", "journal, folder", "bindings, garbage", "journal, cut"})
  void startsAllTheSame(String part, String damage) throws Exception {
    // given
    Path broker = home.resolve("broker");
    EmbeddedBroker.start(broker, "").close();
    Path file;
    try (Stream<Path> files = Files.list(broker.resolve(part))) {
      file = files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    }
    damage(file, damage);
    // when
    try (EmbeddedBroker started = EmbeddedBroker.start(broker, "")) {
      // then
      assertThat(started.of(List.of("default"))).isNotEmpty();
    }
    if (damage.equals("garbage")) {
      assertThat(home.resolve("broker.damaged").resolve(part)).isDirectory();
    }
  }

  @Test
  void keepsItsJournalWhenThePortIsInUse() throws Exception {
    // given
    Path broker = home.resolve("broker");
    EmbeddedBroker.start(broker, "").close();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String listen = "tcp://127.0.0.1:" + taken.getLocalPort();
      // then
      assertThatThrownBy(() -> EmbeddedBroker.start(broker, listen))
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessageContainingAll("its port " + listen, "Address already in use");
    }
    assertThat(home.resolve("broker.damaged")).doesNotExist();
  }

  private static void damage(Path file, String damage) throws IOException {
    switch (damage) {
      case "garbage" -> {
        byte[] garbage = new byte[100_000];
        new Random(7).nextBytes(garbage);
        Files.write(file, garbage);
      }
      case "folder" -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      default -> Files.write(file, new byte[100]);
    }
  }
}
