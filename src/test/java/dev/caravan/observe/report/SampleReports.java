package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import java.io.IOException;
import java.util.stream.Stream;

/** Reports of batches that a test wrote. */
final class SampleReports {

  private SampleReports() {}

  static ReportData report(Batch... batches) throws IOException {
    return new Reporter(new BatchReader()).report(Stream.of(batches).map(Batch::folder).toList());
  }
}
