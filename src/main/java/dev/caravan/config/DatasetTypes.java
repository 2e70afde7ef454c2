package dev.caravan.config;

import java.util.Arrays;
import java.util.stream.Stream;

/** The input file formats of aiperf 0.13.0 ({@code --custom-dataset-type}). */
final class DatasetTypes {

  private static final String NAMES =
      "single_turn multi_turn random_pool raw_payload inputs_json dag_jsonl mooncake_trace"
          + " bailian_trace baseten_trace burst_gpt_trace weka_trace tracelab"
          + " sagemaker_data_capture";

  private static final String SPEED_BENCH =
      "qualitative coding humanities math multilingual qa rag reasoning roleplay stem"
          + " summarization writing";

  private static final String LENGTHS = "1k 2k 8k 16k 32k";

  private static final String ENTROPIES = "low_entropy mixed high_entropy";

  private DatasetTypes() {}

  /** All names. */
  static String[] names() {
    return Stream.of(split(NAMES), speedBench(split(SPEED_BENCH)), speedBench(throughputNames()))
        .flatMap(names -> names)
        .toArray(String[]::new);
  }

  private static Stream<String> throughputNames() {
    return split(LENGTHS)
        .flatMap(
            length ->
                Stream.concat(
                    Stream.of("throughput_" + length),
                    split(ENTROPIES).map(e -> "throughput_" + length + "_" + e)));
  }

  private static Stream<String> speedBench(Stream<String> names) {
    return names.map(name -> "speed_bench_" + name);
  }

  private static Stream<String> split(String text) {
    return Arrays.stream(text.split(" "));
  }
}
