package dev.caravan.observe.report;

import dev.caravan.config.settings.Version;
import dev.caravan.storage.JsonTimes;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Assembles the data of a report from batch folders. */
public final class Reporter {

  /** Total number of requests shown, which bounds the size of a report. */
  private static final int MAX_REQUESTS = 60_000;

  /** The same beside the figures of very many runs. */
  private static final int MAX_REQUESTS_OF_MANY = 8_000;

  private static final int MANY_RUNS = 1_500;

  private static final int MAX_PER_RUN = 4_000;
  private static final int MIN_PER_RUN = 500;

  /** Total bytes of request logs read, which bounds the time to make a report. */
  private static final long MAX_BYTES_READ = 64L << 20;

  private final BatchReader reader;

  /** A reporter that reads batches with this reader. */
  public Reporter(BatchReader reader) {
    this.reader = reader;
  }

  /**
   * A report of the batches in these folders, with the requests of as many runs as the limits
   * allow; runs that did not succeed have priority.
   *
   * @throws IOException when a folder holds no run
   */
  public ReportData report(List<Path> folders) throws IOException {
    List<BatchData> batches = read(folders);
    return data(batches, plots(batches), requests(batches));
  }

  /** The same report without single requests. */
  public ReportData overview(List<Path> folders) throws IOException {
    List<BatchData> batches = read(folders);
    return data(batches, plots(batches), List.of());
  }

  /**
   * The batches in these folders in one plot, with the settings of their runs and what the findings
   * of checks mean, without plots of their own.
   */
  public ReportData comparison(List<Path> folders) throws IOException {
    List<BatchData> batches = read(folders).stream().map(FindingTexts::in).toList();
    return data(batches, new ComparisonPlots(batches).frontier().stream().toList(), List.of());
  }

  private List<BatchData> read(List<Path> folders) throws IOException {
    List<BatchData> batches = new ArrayList<>();
    for (Path folder : folders) {
      batches.add(reader.read(folder));
    }
    return batches;
  }

  private ReportData data(
      List<BatchData> batches, List<Plot> plots, List<ReportData.RunRequests> requests) {
    boolean isComparison = plots.stream().anyMatch(plot -> plot.kind() == Plot.Kind.FRONTIER);
    return new ReportData(
        JsonTimes.text(OffsetDateTime.now()),
        Version.CARAVAN,
        batches,
        plots,
        requests,
        List.of(),
        isComparison ? batches.stream().map(reader::settings).toList() : List.of());
  }

  private static List<Plot> plots(List<BatchData> batches) {
    List<Plot> plots = new ArrayList<>();
    if (batches.size() > 1) {
      plots.addAll(new ComparisonPlots(batches).plots());
    }
    for (int position = 0; position < batches.size(); position++) {
      plots.addAll(new Plots(DrawnRepeats.of(batches.get(position)), position).plots());
    }
    return plots;
  }

  private record Candidate(int batch, int point, boolean succeeded, long bytes, Path folder) {}

  private static List<ReportData.RunRequests> requests(List<BatchData> batches) throws IOException {
    int most = most(batches);
    List<Candidate> chosen = chosen(batches, most);
    int perRun = Math.max(MIN_PER_RUN, Math.min(MAX_PER_RUN, most / Math.max(1, chosen.size())));
    RequestReader requests = new RequestReader(perRun, MAX_BYTES_READ);
    List<ReportData.RunRequests> read = new ArrayList<>();
    for (Candidate candidate : chosen) {
      requests
          .read(candidate.folder())
          .ifPresent(
              data ->
                  read.add(new ReportData.RunRequests(candidate.batch(), candidate.point(), data)));
    }
    read.sort(
        Comparator.comparingInt(ReportData.RunRequests::batch)
            .thenComparingInt(ReportData.RunRequests::point));
    return read;
  }

  private static int most(List<BatchData> batches) {
    int runs = batches.stream().mapToInt(batch -> batch.points().size()).sum();
    return runs > MANY_RUNS ? MAX_REQUESTS_OF_MANY : MAX_REQUESTS;
  }

  private static List<Candidate> chosen(List<BatchData> batches, int most) throws IOException {
    List<Candidate> all = new ArrayList<>();
    for (int position = 0; position < batches.size(); position++) {
      BatchData batch = batches.get(position);
      for (int point : BatchReader.started(batch)) {
        Path folder = batch.folder().resolve(batch.points().get(point).folder());
        Path log = new RunFolder(folder).requests();
        if (Files.isRegularFile(log)) {
          boolean succeeded = batch.points().get(point).succeeded();
          all.add(new Candidate(position, point, succeeded, Files.size(log), folder));
        }
      }
    }
    all.sort(Comparator.comparing(Candidate::succeeded));
    List<Candidate> chosen = new ArrayList<>();
    long remaining = MAX_BYTES_READ;
    for (Candidate candidate : all) {
      if (chosen.size() < most / MIN_PER_RUN
          && (candidate.bytes() <= remaining || chosen.isEmpty())) {
        chosen.add(candidate);
        remaining -= candidate.bytes();
      }
    }
    return chosen;
  }
}
