package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.testing.SampleTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameTrendsTest {

  @Test
  void goesOnWhereTheLastPageStopped(@TempDir Path folder) throws Exception {
    // given: no time for more than a name a page
    SampleTree trees = new SampleTree(folder);
    for (String name : List.of("a", "b", "c")) {
      Batch batch = trees.batch(name, "concurrency: [1]", "");
      trees.succeeded(batch.run(0), 500, 30);
      trees.summarise(batch, true);
    }
    Settings settings = Settings.of(trees.home().home.root(), Map.of(), new Properties());
    WebContext context =
        HomeServer.context(
            trees.home(), settings, List::of, new PageUpdates(new EventFeed(EventLog.none())));
    BatchIndex index = new BatchIndex(folder.resolve("list.json"), new BatchReader());
    NameTrends trends = new NameTrends(new BatchCatalog(context), index, 0);

    // then
    assertThat(trends.read().unread()).isEqualTo(2);
    assertThat(trends.read().rows()).extracting(NameRow::name).containsExactly("c", "b");
    assertThat(trends.read().rows()).extracting(NameRow::name).containsExactly("c", "b", "a");
    assertThat(trends.read().unread()).isZero();
    assertThat(folder.resolve("list.json")).content().contains("/a/", "/b/", "/c/");
  }
}
