package dev.caravan.pipeline.environment;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/** Counters of the kernel, from {@code /proc}; see proc(5) and the kernel's accounting/psi.rst. */
final class KernelFigures {

  /** All times in /proc/stat are in 1/100 s, whatever the kernel's own ticks are. */
  private static final double TICKS = 100;

  private static final double MICROS = 1e6;
  private static final double NANOS = 1e9;

  /** Words of the first line of /proc/stat: cpu user nice system idle iowait irq softirq steal. */
  private static final int STEAL_WORD = 8;

  /** Word of a line of /proc/schedstat: time that tasks waited for this CPU. */
  private static final int WAIT_WORD = 8;

  private static final String TOTAL = "total=";
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,20}(\\.\\d{1,9})?");

  private final Map<String, Double> figures = new LinkedHashMap<>();

  private KernelFigures() {}

  /** Time since boot and CPU times. */
  static Map<String, Double> clocks() {
    return new KernelFigures().addClocks().figures;
  }

  /** All of them. */
  static Map<String, Double> all() {
    KernelFigures all = new KernelFigures().addClocks();
    String[] load = words(KernelFile.text("/proc/loadavg"));
    all.add("load_1m", number(load, 0), 1);
    all.add("load_5m", number(load, 1), 1);
    all.add("load_15m", number(load, 2), 1);
    for (String resource : List.of("cpu", "memory", "io")) {
      all.add(resource + "_pressure_seconds", pressure(resource), MICROS);
    }
    all.add("run_queue_wait_seconds", runQueueWait(), NANOS);
    all.add("memory_available_bytes", KernelFile.bytes("/proc/meminfo", "MemAvailable:"), 1);
    return all.figures;
  }

  private KernelFigures addClocks() {
    add(Moment.BOOT, number(words(KernelFile.text("/proc/uptime")), 0), 1);
    String[] cpu = words(KernelFile.start("/proc/stat").split("\n", 2)[0]);
    if (number(cpu, STEAL_WORD).isPresent()) {
      double all = Arrays.stream(cpu, 1, STEAL_WORD + 1).mapToDouble(Double::parseDouble).sum();
      add(Moment.CPU, OptionalDouble.of(all), TICKS);
      add(Moment.STEAL, number(cpu, STEAL_WORD), TICKS);
    }
    return this;
  }

  private void add(String name, OptionalDouble figure, double unit) {
    figure.ifPresent(value -> figures.put(name, Math.rint(value / unit * MICROS) / MICROS));
  }

  /** From a line such as {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=1234}. */
  private static OptionalDouble pressure(String resource) {
    String[] some = words(KernelFile.text("/proc/pressure/" + resource).split("\n", 2)[0]);
    return Arrays.stream(some)
        .filter(word -> word.startsWith(TOTAL))
        .map(word -> number(word.substring(TOTAL.length())))
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  private static OptionalDouble runQueueWait() {
    double[] waits =
        KernelFile.text("/proc/schedstat")
            .lines()
            .filter(line -> line.startsWith("cpu"))
            .map(line -> number(words(line), WAIT_WORD))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    return waits.length == 0 ? OptionalDouble.empty() : Arrays.stream(waits).reduce(Double::sum);
  }

  private static String[] words(String line) {
    return SPACES.split(line.strip());
  }

  private static OptionalDouble number(String[] words, int index) {
    return index < words.length ? number(words[index]) : OptionalDouble.empty();
  }

  private static OptionalDouble number(String text) {
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }
}
