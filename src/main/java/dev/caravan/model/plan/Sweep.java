package dev.caravan.model.plan;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Parameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The runs of a batch: the product of its sweeps, computed run by run by mixed radix over the keys
 * as written, the last one fastest. Takes the memory of one run, whatever the size.
 */
public final class Sweep {

  private final Parameters base;
  private final List<String> keys;
  private final List<List<Object>> lists;
  private final int size;
  private final FolderNames names;

  /**
   * The runs of this config.
   *
   * @throws ArithmeticException when there are more than an int counts; a config that {@code
   *     ConfigReader} accepted never has
   */
  public Sweep(BenchmarkConfig config) {
    this.base = config.base();
    this.keys = List.copyOf(config.sweeps().keySet());
    this.lists = List.copyOf(config.sweeps().values());
    this.size = lists.stream().mapToInt(List::size).reduce(1, Math::multiplyExact);
    this.names = new FolderNames(config.sweeps());
  }

  /** Number of runs; 1 without sweeps. */
  public int size() {
    return size;
  }

  /** The sweep keys, as written; empty without sweeps. */
  public List<String> keys() {
    return keys;
  }

  /**
   * Sweep key to value of run {@code index} (from 0), keys as written; empty without sweeps.
   *
   * @throws IndexOutOfBoundsException when there is no such run
   */
  public Map<String, Object> values(int index) {
    int left = Objects.checkIndex(index, size);
    List<Object> reversed = new ArrayList<>(keys.size());
    for (int k = keys.size() - 1; k >= 0; k--) {
      List<Object> list = lists.get(k);
      reversed.add(list.get(left % list.size()));
      left /= list.size();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (int k = 0; k < keys.size(); k++) {
      values.put(keys.get(k), reversed.get(keys.size() - 1 - k));
    }
    return values;
  }

  /**
   * The merged parameters of run {@code index}.
   *
   * @throws IndexOutOfBoundsException when there is no such run
   */
  public Parameters parameters(int index) {
    return base.with(values(index));
  }

  /**
   * The merged {@code url} of run {@code index}, without merging the rest.
   *
   * @throws IndexOutOfBoundsException when there is no such run
   */
  public String url(int index) {
    Objects.checkIndex(index, size);
    int k = keys.indexOf("url");
    return k < 0 ? base.url() : (String) lists.get(k).get(index / stride(k) % lists.get(k).size());
  }

  /**
   * Folder name of run {@code index} inside the batch folder; empty without sweeps. No two runs of
   * a batch have the same.
   *
   * @throws IndexOutOfBoundsException when there is no such run
   */
  public String folder(int index) {
    return keys.isEmpty() ? "" : names.of(values(index), index);
  }

  /** How many runs in a row have the same value of key {@code k}. */
  private int stride(int k) {
    return lists.subList(k + 1, lists.size()).stream()
        .mapToInt(List::size)
        .reduce(1, (a, b) -> a * b);
  }
}
