package dev.caravan.observe.report;

import dev.caravan.config.settings.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Makes the data of a report out of batch folders. */
public final class Reporter {

  /** Requests shown in all, so that a report stays small. */
  private static final int MOST_REQUESTS = 60_000;

  private static final int MOST_OF_A_RUN = 4_000;
  private static final int LEAST_OF_A_RUN = 500;

  /** Request logs are read up to this much in all, so that a report is made in time. */
  private static final long MOST_READ = 64L << 20;

  private final BatchReader reader;

  /** A reporter that reads batches so. */
  public Reporter(BatchReader reader) {
    this.reader = reader;
  }

  /**
   * A report of the batches in these folders, with the requests of as many runs as its size and its
   * time allow: those that did not go well first.
   *
   * @throws IOException when one of the folders holds nothing that was run
   */
  public ReportData report(List<Path> folders) throws IOException {
    List<BatchData> batches = read(folders);
    return data(batches, requests(batches));
  }

  /** The same without single requests. */
  public ReportData overview(List<Path> folders) throws IOException {
    return data(read(folders), List.of());
  }

  private List<BatchData> read(List<Path> folders) throws IOException {
    List<BatchData> batches = new ArrayList<>();
    for (Path folder : folders) {
      batches.add(reader.read(folder));
    }
    return batches;
  }

  private static ReportData data(List<BatchData> batches, List<ReportData.RunRequests> requests) {
    return new ReportData(
        OffsetDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        Version.CARAVAN,
        batches,
        plots(batches),
        requests);
  }

  private static List<Plot> plots(List<BatchData> batches) {
    List<Plot> plots = new ArrayList<>();
    if (batches.size() > 1) {
      plots.addAll(new ComparisonPlots(batches).plots());
    }
    for (int at = 0; at < batches.size(); at++) {
      plots.addAll(new Plots(batches.get(at), at).plots());
    }
    return plots;
  }

  private record Place(int batch, int point, boolean well, long bytes, Path folder) {}

  private static List<ReportData.RunRequests> requests(List<BatchData> batches) throws IOException {
    List<Place> chosen = chosen(batches);
    int each =
        Math.max(
            LEAST_OF_A_RUN, Math.min(MOST_OF_A_RUN, MOST_REQUESTS / Math.max(1, chosen.size())));
    RequestReader requests = new RequestReader(each, MOST_READ);
    List<ReportData.RunRequests> read = new ArrayList<>();
    for (Place place : chosen) {
      requests
          .read(place.folder())
          .ifPresent(
              data -> read.add(new ReportData.RunRequests(place.batch(), place.point(), data)));
    }
    read.sort(
        Comparator.comparingInt(ReportData.RunRequests::batch)
            .thenComparingInt(ReportData.RunRequests::point));
    return read;
  }

  private static List<Place> chosen(List<BatchData> batches) throws IOException {
    List<Place> all = new ArrayList<>();
    for (int at = 0; at < batches.size(); at++) {
      BatchData batch = batches.get(at);
      for (int point : BatchReader.ended(batch)) {
        Path folder = batch.folder().resolve(batch.points().get(point).folder());
        Path log = folder.resolve("profile_export.jsonl");
        if (Files.isRegularFile(log)) {
          boolean well = batch.points().get(point).state().equals("succeeded");
          all.add(new Place(at, point, well, Files.size(log), folder));
        }
      }
    }
    all.sort(Comparator.comparing(Place::well));
    List<Place> chosen = new ArrayList<>();
    long left = MOST_READ;
    for (Place place : all) {
      if (chosen.size() < MOST_REQUESTS / LEAST_OF_A_RUN
          && (place.bytes() <= left || chosen.isEmpty())) {
        chosen.add(place);
        left -= place.bytes();
      }
    }
    return chosen;
  }
}
