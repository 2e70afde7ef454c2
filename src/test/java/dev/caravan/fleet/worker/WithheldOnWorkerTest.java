package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.run.KilledAttempt;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.testing.ScratchHome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that was killed during a run and has another API key when it starts again. */
class WithheldOnWorkerTest {

  private static final String CONFIG =
      """
      base_config:
        model: m
        url: http://127.0.0.1:9
        api_key_env_var: SET_API_KEY
        warmup_request_count: 1
        benchmark_duration: 1
        concurrency: 2
      """;

  @TempDir private Path folder;

  @Test
  void keepsWhatItCannotMask() throws Exception {
    // given
    ScratchHome home = new ScratchHome(folder);
    Run accepted = home.accept(CONFIG).run(0);
    Assignment assignment = TestWorker.assignment(accepted);
    String id = assignment.deliveryId();
    Spool spool = new Spool(home.home, home.files);
    spool.add(assignment);
    spool.confirm(id);
    Run run = home.batches.load(spool.batch(id)).run(0);
    KilledAttempt.leave(
        home.keyNotes(),
        run,
        new Secret("SET_API_KEY", ScratchHome.KEY),
        "sent " + ScratchHome.KEY);

    // when
    Map<String, String> newKey = Map.of("SET_API_KEY", "sk-another-9876543210");
    WorkerService worker = TestWorker.in(new ScratchHome(folder, home.files, newKey));
    worker.recover();
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    worker.pack(id, sent);

    // then
    assertThat(text(sent.toByteArray())).contains("withheld").doesNotContain(ScratchHome.KEY);

    // when
    worker.recorded(id);

    // then
    assertThat(Spool.folder(home.home).resolve(id)).doesNotExist();
    WithheldFiles withheld = new WithheldFiles(home.home, home.files);
    assertThat(withheld.all()).hasSize(1);

    // when
    withheld.release(home.keyNotes(), false);

    // then
    assertThat(home.home.state().resolve("attempts/" + id + "/stdout.log"))
        .hasContent("sent ********");
  }

  private static String text(byte[] archive) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive));
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      text.writeBytes(entry.getName().getBytes(StandardCharsets.UTF_8));
      zip.transferTo(text);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
