package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pom with which users add a component. */
class ComponentPomTest {

  private static final Pattern VERSION = Pattern.compile("<[a-z]+\\.version>.*?</");

  @Test
  void bringsTheVersionsOfCaravan() throws IOException {
    assertThat(versions(Path.of("examples/component/pom.xml")))
        .hasSize(4)
        .isSubsetOf(versions(Path.of("pom.xml")));
  }

  private static List<String> versions(Path pom) throws IOException {
    return VERSION.matcher(Files.readString(pom)).results().map(MatchResult::group).toList();
  }
}
