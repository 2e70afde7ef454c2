package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.stream.Stream;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of a broker that did not start, and whether its journal counts as damaged. */
class BrokerFailureTest {

  private static final String LISTEN = "tcp://127.0.0.1:61616";

  static Stream<IOException> disk() {
    return Stream.of(
        new AccessDeniedException("/h/journal"),
        new FileSystemException("/h/journal", null, "Stale file handle"),
        new FileNotFoundException("/h/journal/1.amq (Too many open files)"),
        new IOException("No space left on device"),
        new IOException("Input/output error"),
        new IOException("Read-only file system"),
        new IOException("cannot read", new IOException("Disk quota exceeded")));
  }

  @ParameterizedTest
  @MethodSource("disk")
  void callsNoJournalDamagedOnADiskThatFails(IOException cause) {
    assertThat(BrokerFailure.isDamage(new ActiveMQIOErrorException("x", cause))).isFalse();
  }

  @Test
  void callsAJournalDamagedThatWasRead() {
    assertThat(BrokerFailure.isDamage(new ActiveMQIOErrorException("other version"))).isTrue();
    assertThat(BrokerFailure.isDamage(new IllegalStateException("other version"))).isFalse();
  }

  @Test
  void namesThePortOnlyIfItIsThePort() {
    // given
    Exception port = new IllegalStateException("x", new BindException("Address already in use"));
    Exception noAddress = new IOException("bind(..) failed with error(-99): Cannot assign address");
    Exception other = new IllegalStateException("no memory for buffers");
    // then
    assertThatThrownBy(() -> BrokerFailure.inWords(port, LISTEN))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContainingAll("its port " + LISTEN + ": Address already in use", "; set ");
    assertThatThrownBy(() -> BrokerFailure.inWords(noAddress, LISTEN))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContainingAll("its port " + LISTEN, "Cannot assign address");
    assertThat(BrokerFailure.inWords(other, LISTEN))
        .hasMessageContaining("no memory for buffers")
        .hasMessageNotContaining("port")
        .hasCause(other);
  }
}
