package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory that the {@code caravan} script lets Java count on. */
class CaravanMemoryTest {

  private static final String BOUND = "-XX:MaxRAM=32g";
  private static final long GB = 1L << 30;

  @TempDir private Path temp;
  private CaravanCheckout checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = new CaravanCheckout(temp);
    checkout.source("one");
  }

  private void host(long gigabytes) throws IOException {
    Files.writeString(
        temp.resolve("meminfo"),
        "MemTotal:       %d kB\nMemFree:        1 kB\n".formatted(gigabytes << 20));
  }

  private void group(String line, String file, String limit) throws IOException {
    Files.writeString(temp.resolve("cgroup"), "3:cpu:/x\n" + line + "\n1:name=systemd:/y\n");
    Path path = temp.resolve("groups").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, limit + "\n");
  }

  private String java(String command, String version) throws Exception {
    Path java = checkout.jdk("java", version);
    CaravanCheckout.Result result =
        checkout.run(
            checkout.top(),
            List.of("JAVA_HOME=" + java, "CARAVAN_JAVA_OPTS=-Xmx12g"),
            "./caravan",
            command);
    assertThat(result.err()).doesNotContain("meminfo", "cgroup", "number", "integer");
    return result.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plan", "run", "serve", "simulate"})
  void isBoundedOnALargeHost(String command) throws Exception {
    // given
    host(1_000);
    // then: the user's own options are the last word
    assertThat(java(command, "17.0.2")).containsPattern(BOUND + " .*-Xmx12g ");
  }

  @ParameterizedTest
  @CsvSource({"2, 17.0.2", "24, 17.0.2", "32, 25.0.2", "1000, 26"})
  void isWhatJavaFindsOnOtherHostsAndWhereItWouldWarn(long gigabytes, String version)
      throws Exception {
    // given
    host(gigabytes);
    // then
    assertThat(java("serve", version)).contains("-Xmx12g").doesNotContain(BOUND);
  }

  @Test
  void isWhatJavaFindsWhereNobodyTells() throws Exception {
    assertThat(java("serve", "17.0.2")).contains("-Xmx12g").doesNotContain(BOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "0::/, memory.max",
    "0::/user.slice/a b, user.slice/a b/memory.max",
    "0::/user.slice/a, user.slice/memory.max",
    "0::/user.slice/a, memory.max",
    "4:memory:/docker/1, memory/docker/1/memory.limit_in_bytes",
    "4:memory:/docker/1, memory/memory.limit_in_bytes",
  })
  void isWhatJavaFindsInASmallContainerOfALargeHost(String line, String file) throws Exception {
    // given
    host(1_000);
    group(line, file, String.valueOf(2 * GB));
    // then
    assertThat(java("serve", "17.0.2")).doesNotContain(BOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "0::/user.slice, user.slice/memory.max, max",
    "0::/user.slice, user.slice/memory.max, ''",
    "0::/user.slice, user.slice/memory.max, 68719476736",
    "0::/user.slice, other/memory.max, 2147483648",
    "4:memory:/, memory/memory.limit_in_bytes, 9223372036854771712",
  })
  void isBoundedInALargeContainer(String line, String file, String limit) throws Exception {
    // given
    host(1_000);
    group(line, file, limit);
    // then
    assertThat(java("serve", "17.0.2")).contains(BOUND);
  }
}
