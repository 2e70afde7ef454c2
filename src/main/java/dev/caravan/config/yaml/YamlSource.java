package dev.caravan.config.yaml;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.InvisibleText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.scanner.ScannerImpl;

/** Reads the bytes of a file as one YAML mapping with positions. */
public final class YamlSource {

  /** Largest config, in bytes. */
  public static final int MAX_BYTES = 1024 * 1024;

  private static final int MAX_NESTING = 50;
  private static final int TAB = '\t';

  static {
    // JSON has this escape, and PyYAML reads it; SnakeYAML leaves its table open for more.
    ScannerImpl.ESCAPE_REPLACEMENTS.put('/', "/");
  }

  private final String file;

  public YamlSource(String file) {
    this.file = file;
  }

  /**
   * Reads the file's mapping.
   *
   * @throws ConfigRefusedException with one problem if the file is not a YAML mapping
   */
  public MappingNode read(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw refused(
          String.format(
              Locale.ROOT,
              "the file has %,d bytes; the limit for a config is %,d",
              bytes.length,
              MAX_BYTES));
    }
    String text = decode(bytes);
    if (text.isBlank()) {
      throw refused("the file is empty");
    }
    Node root = compose(text);
    new AliasLimits(file).check(root);
    return mapping(root, text);
  }

  private MappingNode mapping(Node root, String text) {
    if (root instanceof MappingNode mapping) {
      return mapping;
    }
    String found = root instanceof SequenceNode ? "a list" : "a single value";
    throw refused(
        Problems.at(
            root.getStartMark(),
            "",
            "a config must be a mapping of keys such as \"base_config:\"; this file contains "
                + found
                + deceptive(text)));
  }

  private String decode(byte[] bytes) {
    Charset charset = charset(bytes);
    try {
      String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
      requirePrintable(body);
      return body;
    } catch (CharacterCodingException e) {
      throw refused(UndecodableText.problem(bytes, charset));
    }
  }

  /** Like PyYAML: UTF-16 if the file starts with its byte order mark, else UTF-8. */
  private static Charset charset(byte[] bytes) {
    if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
      return StandardCharsets.UTF_16LE;
    }
    boolean bigEndian = bytes.length >= 2 && bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
    return bigEndian ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
  }

  private void requirePrintable(String text) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (!StreamReader.isPrintable(c)) {
        String message = c == 0 ? zeroByte(text) : controlCharacter(c);
        throw refused(new Problem(line, column, "", message));
      }
      line += c == '\n' ? 1 : 0;
      column = c == '\n' ? 1 : column + 1;
    }
  }

  private static String zeroByte(String text) {
    long zeros = text.chars().filter(c -> c == 0).count();
    return zeros >= text.length() / 3
        ? "the file looks like UTF-16 without a byte order mark; save it as UTF-8"
        : "the file is binary: it contains a zero byte";
  }

  private static String controlCharacter(int c) {
    return String.format("the control character U+%04X is not allowed in a config", c);
  }

  private Node compose(String text) {
    try {
      LoaderOptions options = options();
      Composer composer =
          new Composer(
              new ParserImpl(new StreamReader(text), options), new PyYamlResolver(), options);
      if (!composer.checkNode()) {
        throw refused("the file contains only comments");
      }
      Node root = composer.getNode();
      if (composer.checkNode()) {
        throw refused(
            Problems.at(
                composer.getNode().getStartMark(),
                "",
                "a second YAML document starts here; a config must be a single document"));
      }
      return root;
    } catch (MarkedYAMLException e) {
      throw refused(syntaxProblem(e, text));
    } catch (YAMLException | IllegalArgumentException e) {
      String message = oneLine(e.getMessage());
      throw refused(
          message.startsWith("Nesting Depth")
              ? "nested more than " + MAX_NESTING + " levels deep"
              : "invalid YAML: " + DisplayText.unquoted(message));
    }
  }

  /** Bounds what is read, and allows tags: {@code Scalar.hasAllowedTag} refuses them. */
  static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(MAX_NESTING);
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    options.setCodePointLimit(MAX_BYTES);
    options.setTagInspector(tag -> true); // no values are constructed
    return options;
  }

  private static Problem syntaxProblem(MarkedYAMLException e, String text) {
    if (e.getProblemMark() == null) {
      return new Problem(0, 0, "", "invalid YAML: " + oneLine(e.getProblem()));
    }
    if (charAt(text, e) == TAB) {
      return Problems.at(
          e.getProblemMark(), "", "tab character; YAML must be indented with spaces");
    }
    String line = text.lines().skip(e.getProblemMark().getLine()).findFirst().orElse("");
    return Problems.at(e.getProblemMark(), "", "invalid YAML: " + message(e) + deceptive(line));
  }

  /** Names what users do not see in this text and YAML does not read as a space. */
  private static String deceptive(String text) {
    return InvisibleText.deceptiveIn(text)
        .map(name -> "; it contains " + name + ", which YAML does not read as a space")
        .orElse("");
  }

  private static int charAt(String text, MarkedYAMLException e) {
    int index = e.getProblemMark().getIndex();
    int length = text.codePointCount(0, text.length());
    return index < length ? text.codePointAt(text.offsetByCodePoints(0, index)) : -1;
  }

  private static String message(MarkedYAMLException e) {
    String context = e.getContext() == null ? "" : oneLine(e.getContext()) + ", ";
    return DisplayText.unquoted(context + oneLine(e.getProblem()));
  }

  private static String oneLine(String text) {
    return String.valueOf(text).replaceAll("\\s+", " ").strip();
  }

  private ConfigRefusedException refused(String message) {
    return refused(new Problem(0, 0, "", message));
  }

  private ConfigRefusedException refused(Problem problem) {
    return new ConfigRefusedException(file, List.of(problem));
  }
}
