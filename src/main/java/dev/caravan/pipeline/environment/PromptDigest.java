package dev.caravan.pipeline.environment;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * SHA-256 of the prompts of a run, by which two runs with the same prompts are known. Reads
 * aiperf's {@code inputs.json} as a stream and leaves out the session ids, which are new in each
 * run.
 */
public final class PromptDigest {

  /** Beyond this, the prompts are not compared: about a second of reading. */
  private static final long MAX_BYTES = 128L << 20;

  private static final String SESSION_ID = "session_id";

  private PromptDigest() {}

  /** The digest as hexadecimal digits; empty if there are no prompts, or too many. */
  public static String of(Path inputs) {
    if (!RegularFiles.exists(inputs) || inputs.toFile().length() > MAX_BYTES) {
      return "";
    }
    MessageDigest digest = DigestUtils.getSha256Digest();
    try (InputStream in = new BufferedInputStream(RegularFiles.stream(inputs), 1 << 16);
        JsonParser from = Json.MAPPER.createParser(in);
        OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
        JsonGenerator to = Json.MAPPER.createGenerator(out)) {
      copy(from, to);
    } catch (IOException e) {
      return ""; // cut off or of another form
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void copy(JsonParser from, JsonGenerator to) throws IOException {
    for (JsonToken token = from.nextToken(); token != null; token = from.nextToken()) {
      if (token == JsonToken.FIELD_NAME && from.currentName().equals(SESSION_ID)) {
        from.nextToken();
        from.skipChildren();
      } else {
        to.copyCurrentEvent(from);
      }
    }
  }
}
