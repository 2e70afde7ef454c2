package dev.caravan.observe.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Files below a batch folder. Nobody but aiperf and the target chose what stands in them, so a
 * browser only ever saves them; a report may run its own script, cut off from everything else.
 */
final class RunFile {

  private static final String REPORT = "report.html";
  private static final long MOST_REPORT = 16L << 20;
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  private RunFile() {}

  /** The file, or the part of it that is asked for. */
  static HttpResponse reply(HttpRequest ask, Path batch, String name)
      throws HttpProblemException, IOException {
    Path file = file(batch, name);
    if (file.equals(batch.toRealPath().resolve(REPORT)) && Files.size(file) <= MOST_REPORT) {
      return report(file);
    }
    long size = Files.size(file);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/octet-stream");
    headers.put(
        "Content-Disposition",
        "attachment; filename*=UTF-8''" + UrlPaths.path(file.getFileName().toString()));
    headers.put("Content-Security-Policy", "sandbox; default-src 'none'");
    headers.put("Accept-Ranges", "bytes");
    if (ask.header("range").isEmpty()) {
      return new HttpResponse(200, headers, new HttpResponse.Part(file, 0, size));
    }
    Matcher range = RANGE.matcher(ask.header("range").get());
    if (!range.matches() || range.group(1).isEmpty() && range.group(2).isEmpty()) {
      return new HttpResponse(200, headers, new HttpResponse.Part(file, 0, size));
    }
    return part(file, size, range, headers);
  }

  private static HttpResponse part(
      Path file, long size, Matcher range, Map<String, String> headers) {
    boolean suffix = range.group(1).isEmpty();
    long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
    long from = suffix ? Math.max(0, size - last) : Long.parseLong(range.group(1));
    long to = suffix ? size - 1 : Math.min(last, size - 1);
    if (from > to) {
      return HttpResponse.problem(new HttpProblemException(416, "the file has " + size + " bytes"))
          .with("Content-Range", "bytes */" + size);
    }
    headers.put("Content-Range", "bytes " + from + "-" + to + "/" + size);
    return new HttpResponse(206, headers, new HttpResponse.Part(file, from, to - from + 1));
  }

  /** The file of this name below the folder, no link leading out of it. */
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
      // said below
    }
    throw new HttpProblemException(404, "there is no such file");
  }

  private static HttpResponse report(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    String html = new String(bytes, StandardCharsets.UTF_8);
    String policy =
        "sandbox allow-scripts allow-downloads; default-src 'none'; img-src data:; script-src "
            + hashes(html, "script")
            + "; style-src "
            + hashes(html, "style");
    return HttpResponse.of(200, "text/html; charset=utf-8", bytes)
        .with("Content-Security-Policy", policy);
  }

  private static String hashes(String html, String element) {
    Pattern block = Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL);
    String hashes =
        block.matcher(html).results().map(m -> hash(m.group(1))).collect(Collectors.joining(" "));
    return hashes.isEmpty() ? "'none'" : hashes;
  }

  private static String hash(String text) {
    try {
      byte[] sum =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(sum) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
