package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AiperfExportTest {

  @TempDir Path folder;

  @Test
  void readsTheSummaryOfARealAiperf() {
    // when
    AiperfExport export = recorded("half_failed");
    // then
    assertThat(export.succeededRequests()).isEqualTo(44);
    assertThat(export.failedRequests()).isEqualTo(44);
    assertThat(export.unit("request_throughput")).contains("requests/sec");
    assertThat(export.stat("time_to_first_token", "p99").orElseThrow()).isPositive();
    assertThat(export.aiperfVersion()).isEqualTo("0.13.0");
    assertThat(export.isComplete()).isTrue();
    assertThat(export.wasCancelled()).isFalse();
  }

  @Test
  void recognizesACancelledRun() {
    assertThat(recorded("interrupted").wasCancelled()).isTrue();
    assertThat(recorded("interrupted").isComplete()).isFalse();
  }

  @Test
  void sumsErrorCountsInsteadOfDistinctErrors() {
    assertThat(recorded("target_died").errors().total()).isEqualTo(993);
  }

  @Test
  void distinguishesAbsentFromZeroExceptForFailedRequests() {
    // when
    AiperfExport export = recorded("succeeded");
    // then
    assertThat(export.stat("output_token_throughput_per_user", "avg")).isEmpty();
    assertThat(export.stat("inter_token_latency", "avg")).hasValue(0);
    assertThat(export.stat("request_throughput", "p99")).isEmpty();
    assertThat(export.unit("no_such_metric")).isEmpty();
    assertThat(export.failedRequests()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"ms, 1500", "sec, 1500000", "s, 1500000", "us, 1.5", "ns, 0.0015"})
  void convertsTimeUnitsToMilliseconds(String unit, double expected) throws IOException {
    // given
    AiperfExport export = read("{'x':{'unit':'" + unit + "','avg':1500}}").export().orElseThrow();
    // then
    assertThat(export.milliseconds("x", "avg").orElseThrow()).isCloseTo(expected, within(1e-9));
    assertThat(export.stat("x", "avg")).hasValue(1500);
  }

  /** Measured with AIPerf 0.13.0: one of 98 responses arrived in a single chunk. */
  @Test
  void ignoresAnOutlierThatArrivedInOneChunk() throws IOException {
    // given
    AiperfExport export =
        read("{'output_token_throughput_per_user':{'unit':'tokens/sec/user','avg':1113.6,"
                + "'p50':100.2,'p99':46333.3,'max':52295.1,'count':98}}")
            .export()
            .orElseThrow();
    // then
    assertThat(Metric.TOKENS_PER_SECOND_PER_USER.from(export)).hasValue(100.2);
  }

  @Test
  void hasNoMillisecondsForAUnitThatIsNotTime() throws IOException {
    // given
    AiperfExport export = read("{'x':{'unit':'tokens','avg':1}}").export().orElseThrow();
    // then
    assertThat(export.milliseconds("x", "avg")).isEmpty();
  }

  @Test
  void ignoresUnknownFields() throws IOException {
    // when
    AiperfExport export =
        read("{'new':[1,{'a':2}],'x':{'unit':'ms','avg':null,'p50':NaN,'p90':'high','p99':3,"
                + "'more':{'deep':[1]}},'error_summary':'none','is_complete':null}")
            .export()
            .orElseThrow();
    // then
    assertThat(export.stat("x", "p99")).hasValue(3);
    assertThat(export.stat("x", "avg")).isEmpty();
    assertThat(export.stat("x", "p50")).isEmpty();
    assertThat(export.stat("x", "p90")).isEmpty();
    assertThat(export.isComplete()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'phases':[{'a':[{}]},{'cancellation':{'delay':1,'rate':10}}],'b':{}} | 3",
        "{'phases':[{'cancellation':{'rate':0}},{'cancellation':{'rate':'10'}}]} | 0",
        "{'phases':[{'rate':10},{'x':{'rate':10}},{'x':{'cancellation':{'rate':10}}}]} | 0",
        "{'phases':{'cancellation':{'rate':10}},'cancellation':{'rate':10},'rate':10} | 0",
        "{'x':{'phases':[{'cancellation':{'rate':10}}]}} | 0",
        "[{'cancellation':{'rate':10}}] | 0",
        "null | 0"
      })
  void believesRequestsBrokenOffOnlyIfAPhaseAsksForThem(String config, long brokenOff)
      throws IOException {
    // when
    AiperfExport export =
        read("{'input_config':"
                + config
                + ",'error_summary':[{'count':3,'error_details':"
                + "{'code':499,'type':'RequestCancellationError','message':'Request cancelled 0.100s after being sent'}}],"
                + "'x':{'unit':'ms','avg':2}}")
            .export()
            .orElseThrow();
    // then
    assertThat(export.brokenOffRequests()).isEqualTo(brokenOff);
    assertThat(export.failedRequests()).isEqualTo(3 - brokenOff);
    assertThat(export.stat("x", "avg")).hasValue(2);
  }

  @Test
  void keepsNothingOfALargeConfig() throws IOException {
    // given
    String config = "{},".repeat(1 << 20) + "{}";
    Path file = folder.resolve("profile_export_aiperf.json");
    Files.writeString(file, "{\"input_config\":{\"a\":[" + config + "]}}");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // when
    long before = threads.getCurrentThreadAllocatedBytes();
    AiperfExport.Reading reading = AiperfExport.read(folder);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    // then
    assertThat(reading.export()).isPresent();
    assertThat(allocated).isLessThan(Files.size(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'x':{'unit':'ms' | truncated",
        "\"\" | truncated",
        "[1] | truncated",
        "{'x':1} rest | not JSON",
        "<html> | not JSON",
        "{'error_summary':[{'count':'many'}]} | not as aiperf writes it"
      })
  void reportsWhyThereIsNoSummary(String content, String problem) throws IOException {
    // when
    AiperfExport.Reading reading = read(content);
    // then
    assertThat(reading.export()).isEmpty();
    assertThat(reading.problem()).startsWith(problem);
  }

  @Test
  void reportsAnAbsentFile() {
    assertThat(AiperfExport.read(folder).problem()).isEqualTo("absent");
  }

  @Test
  void doesNotReadAFileThatIsTooLarge() throws IOException {
    // given
    try (RandomAccessFile file =
        new RandomAccessFile(new RunFolder(folder).export().toFile(), "rw")) {
      file.setLength((64L << 20) + 1);
    }
    // then
    assertThat(AiperfExport.read(folder).problem()).startsWith("too large: 67,108,865 bytes");
  }

  private static AiperfExport recorded(String name) {
    return AiperfExport.read(Recording.folder(name)).export().orElseThrow();
  }

  private AiperfExport.Reading read(String singleQuoted) throws IOException {
    Files.writeString(new RunFolder(folder).export(), singleQuoted.replace('\'', '"'));
    return AiperfExport.read(folder);
  }
}
