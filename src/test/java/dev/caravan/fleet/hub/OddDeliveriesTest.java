package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.pipeline.run.RunReport;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Archives that a whole worker does not send: each ends its run and is not asked for again. */
class OddDeliveriesTest {

  @TempDir private Path folder;

  private HubFixture fixture;
  private HubService hub;
  private String deliveryId;

  @BeforeEach
  void assign() throws Exception {
    fixture = new HubFixture(folder);
    hub = fixture.hub(fixture.scratch.files);
    deliveryId = hub.assign(fixture.order).deliveryId();
  }

  /** Bytes that begin no text, and some that begin one in no encoding. */
  @ParameterizedTest
  @CsvSource({"process_result.json, 0", "process_result.json, 120", "run_metadata.json, 120"})
  void endsARunOfWhichAFileHoldsNoText(String name, byte second) throws Exception {
    // given
    Path from = Files.createDirectories(folder.resolve("from"));
    Path file = Files.write(from.resolve(name), new byte[] {0, second, 0, 0});
    Path archive = folder.resolve("archive.zip");
    try (OutputStream out = Files.newOutputStream(archive)) {
      RunReport report = RunReport.on(fixture.order, RunReport.Kind.ENDED, "");
      ResultArchive.pack(deliveryId, "w", report, from, List.of(file), false, out);
    }

    // when
    ReceivedResult received = hub.deliver(archive);

    // then
    assertThat(received.needsRecording()).isTrue();
    assertThat(fixture.run.folder().resolve("process_result.json"))
        .content()
        .contains("internal_error", name + "\\\" is not valid JSON");
  }
}
