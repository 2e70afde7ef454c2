package dev.caravan.observe.http;

import dev.caravan.observe.report.ReportPage;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the files below a batch folder. Their content comes from aiperf and the service and is
 * untrusted, so a browser must save it; only a report is shown, sandboxed to its own script.
 */
final class RunFile {

  private static final String REPORT = BatchFolder.REPORT;
  private static final long MAX_REPORT_BYTES = 16L << 20;

  /** Of each element: a report has fewer, and a header that names more may not be accepted. */
  private static final int MAX_BLOCKS = 20;

  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  private RunFile() {}

  /** The whole file, or the range that the request asks for; see {@link #file}. */
  static HttpResponse response(HttpRequest request, Path batch, Path file) throws IOException {
    if (file.equals(batch.toRealPath().resolve(REPORT)) && Files.size(file) <= MAX_REPORT_BYTES) {
      return report(file);
    }
    long size = Files.size(file);
    Matcher range = RANGE.matcher(request.header("range").orElse(""));
    if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
      return download(200, file, 0, size);
    }
    boolean isSuffix = range.group(1).isEmpty();
    long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
    long from = isSuffix ? Math.max(0, size - last) : Long.parseLong(range.group(1));
    long to = isSuffix ? size - 1 : Math.min(last, size - 1);
    if (from > to) {
      return HttpResponse.problem(
              new HttpProblemException(416, "the file has only " + size + " bytes"))
          .with("Content-Range", "bytes */" + size);
    }
    return download(206, file, from, to - from + 1)
        .with("Content-Range", "bytes " + from + "-" + to + "/" + size);
  }

  private static HttpResponse download(int status, Path file, long from, long length) {
    String name = UrlPaths.path(file.getFileName().toString());
    return new HttpResponse(
            status,
            Map.of("Content-Type", "application/octet-stream"),
            new HttpResponse.FileRange(file, from, length))
        .with("Content-Disposition", "attachment; filename*=UTF-8''" + name)
        .with("Content-Security-Policy", "sandbox; default-src 'none'")
        .with("Accept-Ranges", "bytes");
  }

  /**
   * Finds a file below the batch folder.
   *
   * @throws HttpProblemException with status 404 if it does not exist, is hidden, or a symbolic
   *     link leads out of the folder
   */
  static Path file(Path batch, String name) throws HttpProblemException, IOException {
    try {
      Path file = batch.resolve(name).normalize();
      boolean hidden = batch.relativize(file).toString().startsWith(".");
      if (file.startsWith(batch)
          && !hidden
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && file.toRealPath().startsWith(batch.toRealPath())) {
        return file.toRealPath();
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw new HttpProblemException(404, "file not found");
  }

  private static HttpResponse report(Path file) throws IOException {
    byte[] bytes = RegularFiles.read(file);
    return HttpResponse.of(200, "text/html; charset=utf-8", bytes)
        .with("Content-Security-Policy", policy(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** What a browser may do with a page: show it, and execute the scripts that it holds now. */
  static String policy(String html) {
    return "sandbox allow-scripts allow-downloads; default-src 'none'; img-src data:; script-src "
        + hashes(html, "script")
        + "; style-src "
        + hashes(html, "style");
  }

  private static String hashes(String html, String element) {
    String start = "<" + element + ">";
    String end = "</" + element + ">";
    Set<String> hashes = new LinkedHashSet<>();
    int from = html.indexOf(start);
    while (from >= 0 && hashes.size() < MAX_BLOCKS) {
      int block = from + start.length();
      int to = html.indexOf(end, block);
      if (to >= 0) {
        hashes.add(ReportPage.hash(html.substring(block, to)));
      }
      from = to < 0 ? to : html.indexOf(start, to + end.length());
    }
    return hashes.isEmpty() ? "'none'" : String.join(" ", hashes);
  }
}
