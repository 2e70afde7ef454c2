package dev.caravan.model.plan;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The runs of a batch: the Cartesian product of its sweeps, keys in the order of the config, the
 * last one varying fastest. Run k is computed from its index (mixed radix), so memory use does not
 * depend on the number of runs.
 */
public final class Sweep {

  private final BenchmarkConfig config;
  private final Parameters base;
  private final List<String> keys;
  private final List<List<Object>> valueLists;
  private final int size;
  private final FolderNames folderNames;

  /**
   * The runs of this config.
   *
   * @throws ArithmeticException if there are more runs than an int can count; {@code ConfigReader}
   *     accepts no such config
   */
  public Sweep(BenchmarkConfig config) {
    this.config = config;
    this.base = config.base();
    this.keys = List.copyOf(config.sweeps().keySet());
    this.valueLists = List.copyOf(config.sweeps().values());
    this.size = valueLists.stream().mapToInt(List::size).reduce(1, Math::multiplyExact);
    this.folderNames = new FolderNames(config.sweeps());
  }

  /** Number of runs; 1 without sweeps. */
  public int size() {
    return size;
  }

  /** The sweep keys in the order of the config; empty without sweeps. */
  public List<String> keys() {
    return keys;
  }

  /**
   * The sweep values of run {@code index} (from 0), in the order of the config; empty without
   * sweeps.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public Map<String, Object> values(int index) {
    int remaining = Objects.checkIndex(index, size);
    List<Object> reversed = new ArrayList<>(keys.size());
    for (int k = keys.size() - 1; k >= 0; k--) {
      List<Object> list = valueLists.get(k);
      reversed.add(list.get(remaining % list.size()));
      remaining /= list.size();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (int k = 0; k < keys.size(); k++) {
      values.put(keys.get(k), reversed.get(keys.size() - 1 - k));
    }
    return values;
  }

  /**
   * The base parameters overlaid with the sweep values of run {@code index}.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public Parameters parameters(int index) {
    return base.with(values(index));
  }

  /**
   * The parameters that attempt {@code attempt} (from 1) of run {@code index} sends.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public Parameters sent(int index, int attempt) {
    return config.sent(parameters(index), attempt);
  }

  /**
   * The {@code url} of run {@code index}, computed without merging the other parameters.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public String url(int index) {
    Objects.checkIndex(index, size);
    int k = keys.indexOf("url");
    return k < 0
        ? base.url()
        : (String) valueLists.get(k).get(index / stride(k) % valueLists.get(k).size());
  }

  /**
   * Folder name of run {@code index} in the batch folder, unique in the batch; empty without
   * sweeps.
   *
   * @throws IndexOutOfBoundsException if there is no such run
   */
  public String folder(int index) {
    return keys.isEmpty() ? "" : folderNames.of(values(index), index);
  }

  /** How many consecutive runs share a value of key {@code k}. */
  private int stride(int k) {
    return valueLists.subList(k + 1, valueLists.size()).stream()
        .mapToInt(List::size)
        .reduce(1, (a, b) -> a * b);
  }
}
