package dev.caravan.app;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.FixedRules;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;

class InboxRouteTest extends RouteTest {

  private static final String GOOD = FixedRules.BASE;
  private static final String BAD = FixedRules.BASE.replace("concurrency", "concurency");
  private static final String RECOVER = "direct:recover";

  private final AtomicBoolean diskFull = new AtomicBoolean();

  @Override
  List<String> files() {
    return List.of("inbox");
  }

  @Override
  List<String> mocked() {
    return List.of("dispatch-release");
  }

  @Override
  Map<String, String> environment() {
    return Map.of("CARAVAN_INBOX_SETTLE", "300ms", "CARAVAN_INBOX_POLL", "50ms");
  }

  @Override
  Map<String, String> replacedConsumers() {
    return Map.of("inbox-recover", RECOVER);
  }

  @Override
  DurableFiles durableFiles() {
    return new DurableFiles() {
      @Override
      public void writeWhole(Path file, byte[] content) throws IOException {
        if (diskFull.get()) {
          throw new IOException("No space left on device");
        }
        super.writeWhole(file, content);
      }
    };
  }

  @Test
  void acceptsAValidConfigAndReleasesItsRuns() throws Exception {
    // given
    MockEndpoint release = getMockEndpoint("mock:dispatch-release");
    release.expectedMessageCount(1);
    release.setResultWaitTime(60_000);
    // when
    drop("a.yaml", GOOD);
    // then
    release.assertIsSatisfied();
    assertThat(home.done().resolve("a.yaml")).hasContent(GOOD);
    assertThat(batches()).hasSize(1);
    assertThat(components.dispatch().release()).hasSize(1);
    assertThat(visible(home.inbox())).isEmpty();
    assertThat(names(home.claimed())).isEmpty();
  }

  @Test
  void refusesAnInvalidConfigWithItsProblems() throws Exception {
    // given
    getMockEndpoint("mock:dispatch-release").expectedMessageCount(0);
    // when
    drop("a.yaml", BAD);
    // then
    await().until(() -> names(home.failed()).size() == 2);
    assertThat(home.failed().resolve("a.yaml")).hasContent(BAD);
    assertThat(home.failed().resolve("a.yaml.problems.txt"))
        .content()
        .contains("a.yaml:6:3: base_config.concurency", "concurrency");
    assertThat(batches()).isEmpty();
    assertThat(names(home.claimed())).isEmpty();
    MockEndpoint.assertIsSatisfied(context);
  }

  @Test
  void acceptsFileNamesInAnyCaseAndWithAnyCharacters() throws Exception {
    // given
    List<String> names =
        List.of("B.YML", "a b.yaml", "it's, (${body}) $1 \"ü\".yaml", "x__y.yaml", "{{z}}.yaml");
    // when
    for (String name : names) {
      drop(name, GOOD);
    }
    // then
    await().until(() -> names(home.done()).size() == names.size());
    assertThat(names(home.done())).containsExactlyInAnyOrderElementsOf(names);
    assertThat(batches()).hasSize(names.size());
  }

  @Test
  void ignoresFilesThatAreNotSettledConfigs() throws Exception {
    // given
    Path elsewhere = drop("../elsewhere.yaml", GOOD);
    Files.createSymbolicLink(home.inbox().resolve("link.yaml"), elsewhere);
    Files.createDirectories(home.inbox().resolve("folder.yaml"));
    drop("folder.yaml/deep.yaml", GOOD);
    for (String name : List.of(".dot.yaml", "a.yaml.swp", "b.yaml~", "#c.yaml#", "d.txt", "e")) {
      drop(name, GOOD);
    }
    List<String> before = names(home.inbox());
    // when
    drop("good.yaml", GOOD);
    // then
    await().until(() -> names(home.done()).contains("good.yaml"));
    drop("another.yaml", GOOD);
    await().until(() -> names(home.done()).contains("another.yaml"));
    assertThat(names(home.inbox())).isEqualTo(before);
    assertThat(home.inbox().resolve("folder.yaml/deep.yaml")).exists();
    assertThat(names(home.done())).hasSize(2);
    assertThat(names(home.failed())).isEmpty();
  }

  @Test
  void acceptsTheSameFileNameAgain() throws Exception {
    // when
    for (int n = 1; n <= 3; n++) {
      int soFar = n;
      drop("a.yaml", GOOD + "# drop " + n + "\n");
      await().until(() -> names(home.done()).size() == soFar);
    }
    // then
    assertThat(names(home.done())).containsExactly("a.yaml", "a_2.yaml", "a_3.yaml");
    assertThat(home.done().resolve("a_2.yaml")).hasContent(GOOD + "# drop 2\n");
    assertThat(batches()).hasSize(3);
  }

  @Test
  void doesNotDelayAValidConfigForAnInvalidOne() throws Exception {
    // given
    drop("0-empty.yaml", "");
    drop("1-bad.yaml", BAD);
    drop("2-binary.yaml", "\0\1\2");
    drop("3-tabs.yaml", "a:\n\t- b\n");
    drop("4-bomb.yaml", "a: &a [x, x]\nb: &b [*a, *a]\nbase_config: *b\n");
    // when
    drop("5-good.yaml", GOOD);
    // then
    await().until(() -> names(home.done()).contains("5-good.yaml"));
    await().until(() -> names(home.failed()).size() == 10);
    assertThat(names(home.inbox()).stream().filter(name -> name.endsWith(".yaml"))).isEmpty();
  }

  @Test
  void retriesAConfigAfterADiskError() throws Exception {
    // given
    diskFull.set(true);
    drop("a.yaml", GOOD);
    await().until(() -> names(home.claimed()).size() == 1);
    await()
        .pollDelay(Duration.ofMillis(100))
        .until(() -> names(home.done()).isEmpty() && names(home.failed()).isEmpty());
    template.sendBody(RECOVER, "");
    assertThat(names(home.claimed())).hasSize(1);
    assertThat(batches()).isEmpty();
    // when
    diskFull.set(false);
    await()
        .untilAsserted(
            () -> {
              template.sendBody(RECOVER, "");
              assertThat(names(home.done())).containsExactly("a.yaml");
            });
    // then
    assertThat(names(home.claimed())).isEmpty();
    assertThat(batches()).hasSize(1);
  }

  @Test
  void acceptsOthersWhileOneIsPostponed() throws Exception {
    // given
    Files.writeString(home.claimed().resolve("aaaa__good.yaml"), GOOD);
    Files.writeString(home.claimed().resolve("bbbb__bad.yaml"), BAD);
    Files.writeString(home.claimed().resolve("cccc__good.yaml"), GOOD);
    // when
    template.sendBody(RECOVER, "");
    // then
    assertThat(names(home.done())).containsExactly("good.yaml", "good_2.yaml");
    assertThat(names(home.failed())).containsExactly("bad.yaml", "bad.yaml.problems.txt");
    assertThat(batches()).hasSize(2);
  }

  /** Puts a whole file into the inbox. */
  private Path drop(String name, String text) throws IOException {
    Path outside = Files.writeString(home.root().resolve(".being-written"), text);
    return Files.move(outside, home.inbox().resolve(name));
  }

  private List<String> batches() throws IOException {
    return names(home.root().resolve("aiperf_results/benchmark"));
  }

  private static List<String> visible(Path folder) throws IOException {
    return names(folder).stream().filter(name -> !name.startsWith(".")).toList();
  }
}
