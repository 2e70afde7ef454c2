package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RunFolder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The files that aiperf wrote in an attempt, as evidence; most are read on first use. */
final class RunArtifacts {

  private final RunFolder folder;
  private final AiperfExport.Reading reading;
  private RequestLog requestLog;
  private AiperfErrorText errorText;
  private MeasuredPhase measuredPhase;

  RunArtifacts(RunFolder folder) {
    this.folder = folder;
    this.reading = AiperfExport.read(folder.path());
  }

  /** The summary; empty unless it is complete and has at least one successful request. */
  Optional<AiperfExport> summary() {
    return reading.export().filter(e -> e.succeededRequests() > 0);
  }

  /** Why {@link #summary} is empty. */
  String missingSummary() {
    return reading.export().isPresent()
        ? "its summary has no successful request"
        : "profile_export_aiperf.json is " + reading.problem();
  }

  boolean hasArtifacts() {
    return folder.hasArtifacts();
  }

  AiperfErrorText errorText() {
    if (errorText == null) {
      errorText = AiperfErrorText.of(folder);
    }
    return errorText;
  }

  /** Number of successful requests. */
  long succeeded() {
    return summary().map(AiperfExport::succeededRequests).orElseGet(() -> requests().succeeded());
  }

  /** The errors of failed requests: from the summary if there is one, else from the request log. */
  RequestErrors errors() {
    return summary().map(AiperfExport::errors).orElseGet(() -> requests().errors());
  }

  /** Number of failed requests; the summary may count more than it describes. */
  long failed() {
    return summary().map(AiperfExport::failedRequests).orElseGet(() -> requests().errors().total());
  }

  /** Number of requests that aiperf broke off as it was asked to. */
  private long brokenOff() {
    return summary().map(AiperfExport::brokenOffRequests).orElse(0L);
  }

  /** What became of the requests of the measured phase, as far as aiperf said. */
  MeasuredPhase measuredPhase() {
    if (measuredPhase == null) {
      measuredPhase =
          MeasuredPhase.in(folder.stdout())
              .or(() -> MeasuredPhase.in(folder.aiperfLog()))
              .orElse(MeasuredPhase.UNKNOWN);
    }
    return measuredPhase;
  }

  /** Whether requests of the measured phase were sent, and none was answered or failed. */
  boolean isUnanswered() {
    return measuredPhase().isUnanswered() && (requests().onlyWarmup() || requests().isEmpty());
  }

  /** Number of requests that succeeded, failed, or were broken or cut off. */
  long total() {
    return succeeded() + failed() + brokenOff() + measuredPhase().cancelled();
  }

  /** Such as {@code all 5,190 requests failed: 401 Unauthorized (5,190×)}; empty if none did. */
  String failures() {
    long failed = failed();
    if (failed == 0) {
      return "";
    }
    String kind = summary().isEmpty() && requests().onlyWarmup() ? "warm-up requests" : "requests";
    String first = summary().isPresent() || requests().complete() ? "" : "the first ";
    String total = OneLine.count(succeeded() + failed) + " " + kind + " failed";
    String text =
        succeeded() == 0
            ? (first.isEmpty() ? "all " : "all of " + first) + total
            : OneLine.count(failed)
                + " of "
                + first
                + total
                + " ("
                + OneLine.share(failed, succeeded() + failed)
                + ")";
    return errors().total() == 0 ? text : text + ": " + errors().summary();
  }

  /** What {@link #failures} leaves out: requests cut off, further messages, aiperf's warnings. */
  List<String> details() {
    return Stream.of(
            List.of(measuredPhase().cutOff(), brokenOffInWords(), unread()),
            errors().furtherMessages(),
            errorText().warnings())
        .flatMap(List::stream)
        .filter(text -> !text.isEmpty())
        .toList();
  }

  /** How many requests succeeded and failed; empty when there were none. */
  String progress() {
    if (succeeded() + failed() == 0) {
      return "";
    }
    String succeeded = OneLine.count(succeeded()) + " requests had succeeded";
    return failed() == 0 ? succeeded : succeeded + "; " + failures();
  }

  /** The last line that aiperf printed or logged. */
  String lastLine() {
    return errorText().lastLine().map(line -> "last line of its log: " + line).orElse("");
  }

  private String brokenOffInWords() {
    long count = brokenOff();
    String requests = count == 1 ? " request was" : " requests were";
    return count == 0
        ? ""
        : OneLine.count(count) + requests + " broken off, as request_cancellation_rate asks";
  }

  private String unread() {
    return requestLog == null ? "" : requestLog.unread();
  }

  private RequestLog requests() {
    if (requestLog == null) {
      requestLog = RequestLog.read(folder.requests());
    }
    return requestLog;
  }
}
