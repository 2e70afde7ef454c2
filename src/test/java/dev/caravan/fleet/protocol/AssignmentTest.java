package dev.caravan.fleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.storage.Json;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which versions of workers take an assignment. */
class AssignmentTest {

  private static final String OVERRIDES = "\"overrides\":[\"concurrency=2\"]";

  @TempDir private Path folder;
  private String first;

  @BeforeEach
  void assigns() throws Exception {
    Run run = new ScratchHome(folder).accept(FixedRules.BASE).run(0);
    first =
        Json.line(
            new Assignment(
                DeliveryId.random(),
                1,
                RunOrder.execute(run.id(), "/b", 0),
                new byte[0],
                run.batch().record(),
                Control.NONE,
                List.of(),
                HookRecord.none(1)));
  }

  @Test
  void isOfTheFirstSchemaUnlessItsBatchHasOverrides() {
    // given
    Assignment plain = Json.read(first, Assignment.class);
    Assignment changed = Json.read(withOverrides(), Assignment.class);
    // then
    assertThat(plain.schema()).isEqualTo(1);
    assertThat(again(plain).schema()).isEqualTo(1);
    assertThat(again(changed).schema()).isEqualTo(2);
  }

  @Test
  void isReadInBothSchemasAndInNoOther() {
    for (int schema = 1; schema <= 2; schema++) {
      assertThat(Json.read(ofSchema(schema), Assignment.class).schema()).isEqualTo(schema);
    }
    for (int schema : new int[] {0, 3}) {
      assertThatThrownBy(() -> Json.read(ofSchema(schema), Assignment.class))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("schema 1 or 2");
    }
  }

  private String ofSchema(int schema) {
    return first.replaceFirst("\\{\"schema\":1", "{\"schema\":" + schema);
  }

  private String withOverrides() {
    String changed = first.replaceFirst("\"overrides\":[^,]*", OVERRIDES);
    assertThat(changed).contains(OVERRIDES);
    return changed;
  }

  private static Assignment again(Assignment from) {
    return new Assignment(
        from.deliveryId(),
        from.attempt(),
        from.order(),
        from.config(),
        from.batch(),
        from.control(),
        from.earlier(),
        from.earlierHooks());
  }
}
