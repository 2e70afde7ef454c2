package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RunFolder;
import java.util.List;
import java.util.Optional;

/** What an attempt left behind; each part is read when it is first asked for. */
final class RunArtifacts {

  private final RunFolder folder;
  private final AiperfExport.Reading reading;
  private RequestLog requestLog;
  private AiperfErrorText complaint;

  RunArtifacts(RunFolder folder) {
    this.folder = folder;
    this.reading = AiperfExport.read(folder.path());
  }

  /** The summary, when it is whole and counts at least one good request. */
  Optional<AiperfExport> summary() {
    return reading.export().filter(e -> e.succeededRequests() > 0);
  }

  /** Why there is no such summary. */
  String noSummary() {
    return reading.export().isPresent()
        ? "its summary counts no good request"
        : "profile_export_aiperf.json is " + reading.why();
  }

  boolean hasArtifacts() {
    return folder.hasArtifacts();
  }

  AiperfErrorText complaint() {
    if (complaint == null) {
      complaint = AiperfErrorText.of(folder);
    }
    return complaint;
  }

  /** How many requests were answered well. */
  long succeeded() {
    return summary().map(AiperfExport::succeededRequests).orElseGet(() -> requests().succeeded());
  }

  /** The failed requests: from the summary where there is one, else counted one by one. */
  RequestErrors errors() {
    return summary().map(AiperfExport::errors).orElseGet(() -> requests().errors());
  }

  /** How many requests failed; the summary may count more of them than it describes. */
  long failed() {
    return summary().map(AiperfExport::failedRequests).orElseGet(() -> requests().errors().total());
  }

  /** Such as {@code all 5,190 requests failed: 401 Unauthorized (5,190×)}; empty if none did. */
  String failures() {
    long failed = failed();
    if (failed == 0) {
      return "";
    }
    String what = summary().isEmpty() && requests().onlyWarmup() ? "warm-up requests" : "requests";
    String of = summary().isPresent() || requests().whole() ? "" : "the first ";
    String all = OneLine.count(succeeded() + failed) + " " + what + " failed";
    String who =
        succeeded() == 0
            ? (of.isEmpty() ? "all " : "all of " + of) + all
            : OneLine.count(failed) + " of " + of + all;
    return errors().total() == 0 ? who : who + ": " + errors().summary();
  }

  /** What the failed requests said, most common first. */
  List<String> messages() {
    return errors().messages();
  }

  /** How far the requests got; empty when there were none. */
  String progress() {
    if (succeeded() + failed() == 0) {
      return "";
    }
    String answered = OneLine.count(succeeded()) + " requests had been answered";
    return failed() == 0 ? answered : answered + "; " + failures();
  }

  /** The last line that aiperf printed or logged. */
  String lastLine() {
    return complaint().lastLine().map(line -> "last line of its log: " + line).orElse("");
  }

  private RequestLog requests() {
    if (requestLog == null) {
      requestLog = RequestLog.read(folder.requests());
    }
    return requestLog;
  }
}
