package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.app.camel.CamelNames.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.tooling.model.ArtifactModel;
import org.apache.camel.tooling.model.DataFormatModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names of Camel; {@code -Dcaravan.names.write=true} makes their list anew. */
class CamelNamesTest {

  private static final Path LIST =
      Path.of("src/main/resources/dev/caravan/app/camel/camel-names.txt");

  private final CamelCatalog catalog = new DefaultCamelCatalog();

  @Test
  void theListIsThatOfCamelsCatalog() throws Exception {
    // given
    List<String> lines = new ArrayList<>(List.of(catalog.getCatalogVersion()));
    lines.addAll(lines(Kind.COMPONENT, catalog.findComponentNames(), catalog::componentModel));
    lines.addAll(lines(Kind.LANGUAGE, catalog.findLanguageNames(), catalog::languageModel));
    lines.addAll(lines(Kind.DATA_FORMAT, catalog.findDataFormatNames(), catalog::dataFormatModel));
    // when
    if (Boolean.getBoolean("caravan.names.write")) {
      Files.createDirectories(LIST.getParent());
      Files.write(LIST, lines);
    }
    // then
    assertThat(Files.readAllLines(LIST)).isEqualTo(lines);
  }

  private static List<String> lines(
      Kind kind, List<String> names, Function<String, ArtifactModel<?>> models) {
    TreeSet<String> lines = new TreeSet<>();
    for (String name : names) {
      ArtifactModel<?> model = models.apply(name);
      String used = model instanceof DataFormatModel format ? format.getModelName() : name;
      if (model.getGroupId().equals("org.apache.camel") && !isShippedVariant(used, name)) {
        lines.add(
            kind
                + " "
                + used
                + " "
                + model.getArtifactId()
                + (used.equals(name) ? "" : " " + name));
      }
    }
    return List.copyOf(lines);
  }

  /** Several libraries read JSON; routes that name none get Jackson, which Caravan has. */
  private static boolean isShippedVariant(String used, String name) {
    return used.equals("json") && !name.equals("jackson");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "COMPONENT   | sftp     | no component 'sftp': put camel-ftp %s and its dependencies into"
            + " /h/lib, see docs/integrations.md",
        "COMPONENT   | kafka    | no component 'kafka': put camel-kafka %s and its dependencies"
            + " into /h/lib, see docs/integrations.md",
        "LANGUAGE    | jsonpath | no language 'jsonpath': put camel-jsonpath %s and its"
            + " dependencies into /h/lib, see docs/integrations.md",
        "DATA_FORMAT | yaml     | no data format 'yaml': put camel-snakeyaml %s and its"
            + " dependencies into /h/lib, see docs/integrations.md",
        "COMPONENT   | kafak    | no component 'kafak', and Camel %s has none; did you mean \"kafka\"?",
        "COMPONENT   | zzz      | no component 'zzz', and Camel %s has none",
      })
  void saysWhichArtifactIsMissing(Kind kind, String name, String text) {
    assertThat(CamelNames.read().missing(kind, name, "/h/lib"))
        .contains(text.formatted(catalog.getCatalogVersion()));
  }

  @ParameterizedTest
  @CsvSource({"COMPONENT,file", "COMPONENT,jms", "LANGUAGE,simple", "DATA_FORMAT,json"})
  void missesNothingThatIsThere(Kind kind, String name) {
    assertThat(CamelNames.read().missing(kind, name, "/h/lib")).isEmpty();
  }

  @Test
  void knowsTheVersionOfCamel() {
    assertThat(CamelNames.version())
        .isEqualTo(new org.apache.camel.impl.DefaultCamelContext().getVersion());
  }
}
