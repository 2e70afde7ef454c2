package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static dev.caravan.config.FixedRules.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Files that are not a config at all are refused with one problem. */
class UnreadableFileTest {

  @Test
  void refusesInvalidYaml() {
    assertThat(problems("base_config: {model: [1, 2\nsweeps: x"))
        .containsExactly(
            "c.yaml:2:7: invalid YAML: while parsing a flow sequence, expected ',' or ']', but got"
                + " :");
    assertThat(problems("a: b: c"))
        .containsExactly("c.yaml:1:5: invalid YAML: mapping values are not allowed here");
    assertThat(problems("a: *nowhere"))
        .containsExactly("c.yaml:1:4: invalid YAML: found undefined alias nowhere");
  }

  @Test
  void refusesBinary() {
    assertThat(problems(new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 1}, new FixedRules()))
        .containsExactly("c.yaml: the file is binary, not UTF-8 text");
    assertThat(problems("a: 1\nb: \0"))
        .containsExactly("c.yaml:2:4: the file is binary: it contains a zero byte");
    assertThat(problems("a: \u001b[31m"))
        .containsExactly("c.yaml:1:4: the control character U+001B is not allowed in a config");
  }

  @Test
  void namesAnotherEncoding() {
    byte[] latin1 = "# für\nmodel: m\nx: größer\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(problems(latin1, new FixedRules()))
        .containsExactly(
            "c.yaml:1:4: the byte 0xFC is not UTF-8; the file looks like Latin-1 (Windows-1252)"
                + " text: save it as UTF-8");
    byte[] noBreak = "a: 1\nb:\u00a02\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(problems(noBreak, new FixedRules()))
        .containsExactly(
            "c.yaml:2:3: the byte 0xA0 is not UTF-8; the file looks like Latin-1 (Windows-1252)"
                + " text: save it as UTF-8");
    assertThat(problems(BASE.getBytes(StandardCharsets.UTF_16LE), new FixedRules()))
        .singleElement()
        .asString()
        .endsWith("the file looks like UTF-16 without a byte order mark; save it as UTF-8");
  }

  @Test
  void namesSpacesThatAreNone() {
    assertThat(problems("base_config:\u00a0{model: m}"))
        .contains(
            "c.yaml:1:1: \"base_config:\\u00a0{model\": this key contains a no-break space (U+00A0),"
                + " which YAML does not read as a space");
    assertThat(problems("base_config:\u00a0\n"))
        .singleElement()
        .asString()
        .endsWith(
            "a single value; it contains a no-break space (U+00A0), which YAML does not read as a space");
    assertThat(problems("base_config:\n  model: [m\n\u00a0 url: http://h:1\n"))
        .singleElement()
        .asString()
        .contains("invalid YAML")
        .endsWith("which YAML does not read as a space");
    assertThat(problems(BASE.replace("concurrency:", "concurrency\u200b:")))
        .anyMatch(p -> p.contains("concurrency\\u200b") && p.contains("did you mean"));
    assertThat(problems(BASE.replace("model: m", "model: \u00a0m")))
        .containsExactly(
            "c.yaml:2:10: base_config.model: \"\\u00a0m\": must not start or end with a no-break"
                + " space (U+00A0)");
  }

  @Test
  void refusesAnEmptyFile() {
    assertThat(problems("")).containsExactly("c.yaml: the file is empty");
    assertThat(problems(" \n\n")).containsExactly("c.yaml: the file is empty");
    assertThat(problems("# later\n")).containsExactly("c.yaml: the file contains only comments");
  }

  @Test
  void refusesAnythingButAMapping() {
    assertThat(problems("- a\n- b\n"))
        .containsExactly(
            "c.yaml:1:1: a config must be a mapping of keys such as \"base_config:\"; this file"
                + " contains a list");
    assertThat(problems("hello")).singleElement().asString().endsWith("contains a single value");
  }

  @Test
  void refusesMoreThanOneMebibyte() {
    byte[] big = (BASE + "#".repeat(2 * 1024 * 1024)).getBytes(StandardCharsets.UTF_8);
    assertThat(problems(big, new FixedRules()))
        .containsExactly(
            String.format(
                java.util.Locale.ROOT,
                "c.yaml: the file has %,d bytes; the limit for a config is 1,048,576",
                big.length));
  }

  @Test
  void refusesSeveralDocuments() {
    assertThat(problems(BASE + "---\n" + BASE))
        .containsExactly(
            "c.yaml:8:1: a second YAML document starts here; a config must be a single document");
  }

  @Test
  void refusesAnAliasBomb() {
    // given ten levels of nine aliases each
    StringBuilder bomb = new StringBuilder("l0: &l0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i <= 10; i++) {
      String alias = "*l" + (i - 1);
      bomb.append("l").append(i).append(": &l").append(i).append(" [");
      bomb.append((alias + ", ").repeat(8)).append(alias).append("]\n");
    }

    // when / then
    assertThat(problems(bomb.toString()))
        .containsExactly(
            "c.yaml:7:5: its aliases expand to more than 1,000,000 values (alias bomb)");
  }

  @Test
  void refusesRecursiveAndDeepAliases() {
    // given
    StringBuilder chain = new StringBuilder("a0: &a0 {}\n");
    for (int i = 1; i < 5000; i++) {
      chain.append(String.format("a%d: &a%d {<<: *a%d}%n", i, i, i - 1));
    }

    // when / then
    assertThat(problems("a: &a [*a]"))
        .containsExactly("c.yaml:1:4: contains itself through an alias");
    assertThat(problems(chain.toString()))
        .singleElement()
        .asString()
        .endsWith("its aliases nest more than 100 levels deep");
    assertThat(problems("a: " + "[".repeat(2000)))
        .singleElement()
        .asString()
        .isEqualTo("c.yaml: nested more than 50 levels deep");
  }

  @Test
  void refusesTabs() {
    assertThat(problems("base_config:\n\tmodel: m\n"))
        .containsExactly("c.yaml:2:1: tab character; YAML must be indented with spaces");
    assertThat(problems("base_config:\n  model: m\n  \turl: u\n"))
        .containsExactly("c.yaml:3:3: tab character; YAML must be indented with spaces");
  }
}
