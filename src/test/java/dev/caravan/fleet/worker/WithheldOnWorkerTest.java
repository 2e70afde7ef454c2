package dev.caravan.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.run.KilledAttempt;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.ScratchHome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  private static final Map<String, String> NEW_KEY = Map.of("SET_API_KEY", "sk-another-9876543210");

  @TempDir private Path folder;

  @Test
  void keepsWhatItCannotMask() throws Exception {
    // given
    ScratchHome home = new ScratchHome(folder);
    String id = withheld(home);

    // when
    WorkerService worker = TestWorker.in(new ScratchHome(folder, home.files, NEW_KEY));
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

  @ParameterizedTest
  @EnumSource
  void keepsItWheneverThePowerFailsMeanwhile(PowerCut.When when) throws Exception {
    boolean wasCut = true;
    for (int fatal = 1; wasCut; fatal++) {
      // given
      String at = when + " change " + fatal;
      ScratchHome home = new ScratchHome(Files.createDirectory(folder.resolve(at)));
      String id = withheld(home);
      PowerCut disk = new PowerCut(fatal, when);

      // when
      recorded(new ScratchHome(home.home.root(), disk, NEW_KEY), id);
      wasCut = !disk.neverHappened();
      recorded(new ScratchHome(home.home.root(), home.files, NEW_KEY), id);

      // then
      WithheldFiles withheld = new WithheldFiles(home.home, home.files);
      assertThat(withheld.release(home.keyNotes(), false)).as(at).hasSize(1);
      assertThat(home.home.state().resolve("attempts/" + id + "/stdout.log"))
          .as(at)
          .hasContent("sent ********");
      assertThat(Spool.folder(home.home)).as(at).isEmptyDirectory();
    }
  }

  private static void recorded(ScratchHome home, String id) throws Exception {
    try {
      TestWorker.in(home).recorded(id);
    } catch (PowerCut.PowerCutError cut) {
      assertThat(cut).hasMessageStartingWith("power cut");
    }
  }

  /** The delivery of a run whose files are withheld, in the spool of this home. */
  private static String withheld(ScratchHome home) throws Exception {
    Run accepted = home.accept(CONFIG).run(0);
    Assignment assignment = TestWorker.assignment(accepted);
    Spool spool = new Spool(home.home, home.files);
    spool.add(assignment);
    spool.confirm(assignment.deliveryId());
    KilledAttempt.leave(
        home.keyNotes(),
        home.batches.load(spool.batch(assignment.deliveryId())).run(0),
        new Secret("SET_API_KEY", ScratchHome.KEY),
        "sent " + ScratchHome.KEY);
    TestWorker.in(new ScratchHome(home.home.root(), home.files, NEW_KEY)).recover();
    return assignment.deliveryId();
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
