package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SetupProcessTest {

  @Test
  void passesTheEnvironmentWithoutWhatWouldChangeAiperf() throws Exception {
    // given
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(Map.of("PYTHONPATH", "/p", "ADDED", "größer"));
    environment.remove("HOME");
    // when
    String seen = SetupProcess.query(List.of("/usr/bin/env"), environment).output();
    // then
    assertThat(seen.lines()).contains("PATH=" + System.getenv("PATH")).anyMatch(isSet("ADDED"));
    assertThat(seen.lines()).noneMatch(isSet("PYTHONPATH")).noneMatch(isSet("HOME"));
  }

  @Test
  void startsNothingWhoseArgumentsOrVariablesWouldArriveAltered() {
    // given half a character, which no encoding has
    String half = "half \ud83d";
    // then
    assertThatThrownBy(() -> SetupProcess.query(List.of("/bin/echo", half), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the argument \"half \\ud83d\" cannot be passed exactly: ");
    assertThatThrownBy(() -> SetupProcess.query(List.of("/bin/true"), Map.of("A", half)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the variable A cannot be passed exactly: ");
  }

  private static Predicate<String> isSet(String variable) {
    return line -> line.startsWith(variable + "=");
  }
}
