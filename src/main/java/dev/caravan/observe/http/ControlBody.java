package dev.caravan.observe.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The body of a control request, as a JSON object or a form. Unknown members are refused: to ignore
 * a misspelt name would pause everything instead of one service.
 *
 * @param target the service to pause or resume; null for all
 * @param why the reason
 * @param runs indexes or folders of the runs to retry
 * @param all whether to retry all runs
 * @param failed whether to retry only failed runs; null if the request does not say
 * @param where what the runs to retry or cancel must have, as in {@link
 *     dev.caravan.pipeline.dispatch.RunSelection}
 * @param force whether to retry completed runs too
 */
record ControlBody(
    String target,
    String why,
    @JsonDeserialize(contentUsing = ScalarText.class) List<String> runs,
    boolean all,
    Boolean failed,
    @JsonDeserialize(contentUsing = ScalarText.class) Map<String, String> where,
    boolean force) {

  private static final int MAX_REASON = 500;

  /** Enough to name each run of the largest batch by its index. */
  private static final int MAX_BYTES = 1 << 20;

  private static final ObjectReader JSON = whole(Json.TYPED);

  /** Forms have only texts. */
  private static final ObjectReader FORM = whole(Json.MAPPER);

  ControlBody {
    why = why == null ? "" : why.substring(0, Math.min(MAX_REASON, why.length()));
    if (runs != null && runs.isEmpty()) {
      // of a program whose list came out empty; it must not mean all
      throw new IllegalArgumentException("runs must not be empty");
    }
    runs = runs == null ? List.of() : List.copyOf(runs);
    where = where == null ? Map.of() : Map.copyOf(where);
  }

  /** Requires that the request says nothing that cancelling does not take. */
  ControlBody forCancel() throws HttpProblemException {
    requireOnly("why, runs and where", target == null && !all && failed == null && !force);
    return this;
  }

  /** Requires that the request says nothing that retrying does not take. */
  ControlBody forRetry() throws HttpProblemException {
    requireOnly("why, runs, all, failed, where and force", target == null);
    return this;
  }

  /** Requires that the request says nothing that pausing and resuming do not take. */
  ControlBody forPause() throws HttpProblemException {
    boolean hasRuns = !runs.isEmpty() || !where.isEmpty() || all || failed != null || force;
    requireOnly("target and why", !hasRuns);
    return this;
  }

  private static void requireOnly(String members, boolean holds) throws HttpProblemException {
    if (!holds) {
      throw new HttpProblemException(400, "this request accepts only " + members);
    }
  }

  /**
   * Reads the body of a request.
   *
   * @throws HttpProblemException with status 400 if it is not understood as a whole
   */
  static ControlBody of(HttpRequest request) throws HttpProblemException {
    if (request.body().length > MAX_BYTES) {
      throw new HttpProblemException(413, "such a request is larger than " + MAX_BYTES + " bytes");
    }
    String text = request.text().strip();
    boolean isJson = text.startsWith("{"); // curl calls all data a form
    Map<String, String> form = isJson ? Map.of() : request.form();
    try {
      ControlBody body =
          text.isEmpty()
              ? new ControlBody(null, "", null, false, null, Map.of(), false)
              : !form.isEmpty() ? FORM.readValue(Json.text(form)) : JSON.readValue(text);
      if (body == null) {
        throw new HttpProblemException(400, "the body is not a JSON object");
      }
      if (body.namedTarget().filter(String::isBlank).isPresent()) {
        throw new HttpProblemException(
            400, "target is empty; name a service, or omit target to mean all of them");
      }
      return body;
    } catch (IOException | NullPointerException e) {
      throw new HttpProblemException(
          400,
          "the body must be a JSON object of target, why, runs, all, failed, where and force; runs"
              + " must not be empty");
    }
  }

  private static ObjectReader whole(ObjectMapper mapper) {
    return mapper
        .readerFor(ControlBody.class)
        .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** A run or a sweep value, which may be written as a number: as text. */
  static final class ScalarText extends StdDeserializer<String> {

    private static final long serialVersionUID = 1L;

    ScalarText() {
      super(String.class);
    }

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return json.currentToken().isScalarValue()
          ? json.getText()
          : (String) context.handleUnexpectedToken(String.class, json);
    }
  }

  /** The service to pause or resume. */
  Optional<String> namedTarget() {
    return Optional.ofNullable(target);
  }

  /** Whether to retry only failed runs. */
  boolean failedOnly(boolean defaultValue) {
    return failed == null ? defaultValue : failed;
  }
}
