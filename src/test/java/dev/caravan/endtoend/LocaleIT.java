package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Text beyond ASCII where nobody has set a locale: systemd, cron, containers. {@code
 * CaravanJavaTest} has which one is chosen.
 */
class LocaleIT extends FakeAiperfTestBase {

  private static final String PROMPT = "höflich 你好 ✓";
  private static final String KEY = "sk-secretsecret0001";

  @Override
  void configure(Caravan program, Path folder) {
    program.withoutEnvironment().with("CARAVAN_INBOX_SETTLE", "0s");
  }

  @Test
  void passesAPromptAndABatchNameDespiteALocaleAndAKeyWithoutWhatGotAroundIt() throws IOException {
    // given
    caravan.with("LC_ALL", "C");
    caravan.with("MY_API_KEY", "\uFEFF" + KEY + "\r\n");
    caravan.with("CARAVAN_AIPERF_KEY_PASSING", "environment");
    caravan.write("größe.yaml", withKey("MY_API_KEY", prompting("Größe")));

    // when
    Program run = caravan.run("run", "--config-file", "größe.yaml");

    // then
    assertThat(run.exit()).as(run.err()).isZero();
    assertPromptPassed();
    assertThat(run.err()).contains("aiperf_results/Größe/").doesNotContain("?flich");
    assertKeyPassed(run);
  }

  private void assertKeyPassed(Program run) throws IOException {
    assertThat(run.log())
        .filteredOn(line -> line.startsWith("WARNING"))
        .filteredOn(line -> !line.endsWith("aiperf wrote the API key into stdout.log; masked"))
        .containsExactly(
            "WARNING: line 4: base_config.api_key_env_var: the value of MY_API_KEY is used without"
                + " a byte order mark (U+FEFF), a Windows line end (CR), a line break");
    assertThat(SecretFiles.containing(caravan.home(), KEY)).isEmpty();
    assertThat(Files.readString(caravan.batch("Größe").resolve("stdout.log")))
        .contains("MY_API_KEY=********\n");
  }

  private static String withKey(String variable, String config) {
    return config.replace("  model", "  api_key_env_var: " + variable + "\n  model");
  }

  private void assertPromptPassed() throws IOException {
    assertThat(Files.readString(caravan.batch("Größe").resolve("stdout.log")))
        .contains("--system-prompt " + PROMPT);
  }

  @Test
  void passesAPromptWithoutALocaleAndLetsNoFileInTheInboxStopTheOthers() throws Exception {
    // given
    caravan.write("inbox/für später.txt", "");
    new ProcessBuilder("/bin/sh", "-c", "echo 'a: 1' > \"$(printf 'sp\\344ter.yaml')\"")
        .directory(caravan.home().resolve("inbox").toFile())
        .start()
        .waitFor();
    Program daemon = caravan.serve();

    // when
    caravan.drop("für gleich.yaml", prompting("Größe"));
    caravan.drop("plain\n2026-11-24 14:02:54 INFO: forged.yaml", "a: 1\n");

    // then
    daemon.awaitLine("Accepted für gleich.yaml");
    eventually().until(() -> caravan.list("inbox/.failed").size() == 2);
    home.await("Größe");
    assertPromptPassed();
    assertThat(caravan.run("report", "Größe", "--format", "md", "--output", "-").out())
        .contains("Größe");
    assertThat(daemon.err())
        .doesNotContain("?flich")
        .containsOnlyOnce("its name is not UTF-8")
        .doesNotContainPattern("(?m)^2026-11-24 14:02:54 INFO: forged");
  }

  @Test
  void resumesAfterAKillInALanguageWithDigitsOfItsOwn() throws IOException {
    // given
    caravan.with("JDK_JAVA_OPTIONS", "-Duser.language=fa -Duser.country=IR");
    Program killed = caravan.serve();
    caravan.drop("digits.yaml", config("digits", "fake-hang", ""));
    eventually().until(() -> !caravan.runProcesses().isEmpty());
    killed.kill();
    FakeAiperf.always(bin, "fake-ok");

    // when
    Program next = caravan.serve();

    // then
    next.awaitLine("Resuming " + home.id("digits"));
    home.await("digits");
    assertThat(allFiles()).isNotEmpty().allMatch(name -> name.matches("\\p{ASCII}+"));
  }

  private List<String> allFiles() {
    return caravan.files().stream().map(Path::toString).toList();
  }

  @Test
  void refusesByNameWhatItCannotPass() {
    // given
    caravan.with("LC_ALL", "C");
    caravan.write("refused.yaml", prompting("Größe"));
    caravan.write("plain.yaml", config("plain", "m", ""));

    // when
    Program refused = caravan.startJar("run", "--config-file", "refused.yaml");
    Program plain = caravan.startJar("run", "--config-file", "plain.yaml");

    // then
    assertThat(refused.exit()).as(refused.err()).isEqualTo(2);
    assertThat(refused.log())
        .anyMatch(line -> line.startsWith("WARNING: This Java passes names and arguments as"))
        .anyMatch(
            line ->
                line.contains("base_config.aiperf_options.system_prompt: cannot be passed exactly")
                    && line.contains("LC_ALL=C.UTF-8"))
        .anyMatch(
            line ->
                line.contains("batch_name: cannot be passed exactly") && line.contains("(U+00F6)"));
    assertThat(plain.exit()).as(plain.err()).isZero();
    assertThat(List.of(caravan.list("aiperf_results").toString())).noneMatch(s -> s.contains("Gr"));
  }

  @Test
  void refusesAKeyThatIsNone() {
    // given
    caravan.with("BAD_API_KEY", "sk-secret\nsecret02");
    caravan.write("bad.yaml", withKey("BAD_API_KEY", config("key", "fake-show", "")));

    // when
    Program bad = caravan.run("run", "--config-file", "bad.yaml");

    // then
    assertThat(bad.exit()).isEqualTo(2);
    assertThat(bad.err())
        .contains("the value of BAD_API_KEY has a line break inside, which no API key has")
        .doesNotContain("sk-secret");
  }

  private String prompting(String batchName) {
    return config(
        batchName, "fake-show", "  aiperf_options:\n    system_prompt: \"" + PROMPT + "\"");
  }
}
