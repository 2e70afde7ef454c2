package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortsTest {

  private static final int MANY = 500;

  /** Another JVM that has chosen ports, which it prints, and binds none yet. */
  static final class Other {

    public static void main(String[] args) throws IOException {
      System.out.println(chosen());
      System.in.read();
    }
  }

  private static List<Integer> chosen() {
    return IntStream.range(0, MANY).mapToObj(each -> Ports.choose()).toList();
  }

  @Test
  void areNotThoseThatAnotherJvmHasChosen() throws Exception {
    // given
    URI classes = Ports.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of(classes).toString(),
                Other.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    try (BufferedReader reader = other.inputReader()) {
      List<Integer> taken =
          Stream.of(reader.readLine().replaceAll("[\\[\\] ]", "").split(","))
              .map(Integer::valueOf)
              .toList();
      // when
      List<Integer> chosen = chosen();
      // then
      assertThat(taken).hasSize(MANY);
      assertThat(chosen).doesNotHaveDuplicates().doesNotContainAnyElementsOf(taken);
    } finally {
      other.destroyForcibly();
    }
  }
}
