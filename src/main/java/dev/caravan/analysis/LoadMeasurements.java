package dev.caravan.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What runs at some loads measured. A load is a position in an ascending list. A run's margin is
 * the logarithm of its value by the bound: at most 0 when the bound is kept. A higher load is taken
 * to be no better than a lower one, so that what is measured near a load helps to judge it.
 */
public final class LoadMeasurements {

  /** A bound missed by more than half, or a run without a number, says no more than this. */
  public static final double MOST_MARGIN = Math.log(2);

  /** Standard deviation of margins before any is known, with the weight of two runs. */
  private static final double ASSUMED_DEVIATION = 0.1;

  private static final double ASSUMED_WEIGHT = 2;

  /** A mean at least this many standard errors from the bound clearly lies on its side of it. */
  private static final double CLEAR = 3;

  private final NavigableMap<Integer, List<Double>> margins = new TreeMap<>();

  /** Adds a run at a load. */
  public void add(int load, double margin) {
    double bounded = Math.max(-MOST_MARGIN, Math.min(MOST_MARGIN, margin));
    margins.computeIfAbsent(load, l -> new ArrayList<>()).add(bounded);
  }

  /** Whether nothing was measured. */
  boolean isEmpty() {
    return margins.isEmpty();
  }

  /** Number of runs at a load. */
  public int runs(int load) {
    return margins.getOrDefault(load, List.of()).size();
  }

  /** The loads that were measured, the lowest first. */
  public List<Integer> loads() {
    return List.copyOf(margins.keySet());
  }

  /** The highest load that keeps the bound. */
  public OptionalInt highestKept() {
    OptionalInt highest = OptionalInt.empty();
    for (Block block : blocks()) {
      if (block.mean() <= 0) {
        highest = OptionalInt.of(block.last());
      }
    }
    return highest;
  }

  /** The lowest load that misses the bound. */
  public OptionalInt lowestMissed() {
    return blocks().stream().filter(block -> block.mean() > 0).mapToInt(Block::first).findFirst();
  }

  /**
   * Whether the runs at a load, and those near it that agree with them, clearly lie on one side of
   * the bound.
   */
  boolean isClear(int load) {
    Block block =
        blocks().stream()
            .filter(each -> each.first() <= load && load <= each.last())
            .findFirst()
            .orElseThrow();
    return isClear(block.mean(), block.weight());
  }

  private boolean isClear(double mean, double weight) {
    return Math.abs(mean) >= CLEAR * deviation() / Math.sqrt(weight);
  }

  /**
   * The lowest load that clearly misses the bound although a higher one clearly keeps it, in
   * several runs each; empty when there is none.
   */
  OptionalInt contradiction() {
    OptionalInt missed = OptionalInt.empty();
    for (Map.Entry<Integer, List<Double>> each : margins.entrySet()) {
      double mean = mean(each.getValue());
      boolean isSure = each.getValue().size() > 1 && isClear(mean, each.getValue().size());
      if (isSure && mean <= 0 && missed.isPresent()) {
        return missed;
      }
      missed = isSure && mean > 0 && missed.isEmpty() ? OptionalInt.of(each.getKey()) : missed;
    }
    return OptionalInt.empty();
  }

  /** The highest load below another whose own runs keep the bound. */
  OptionalInt keptBelow(int load) {
    return margins.headMap(load).entrySet().stream()
        .filter(each -> mean(each.getValue()) <= 0)
        .mapToInt(Map.Entry::getKey)
        .max();
  }

  /** Standard deviation of the margin of a run, from the loads with several runs. */
  private double deviation() {
    double squares = ASSUMED_WEIGHT * ASSUMED_DEVIATION * ASSUMED_DEVIATION;
    double weight = ASSUMED_WEIGHT;
    for (List<Double> all : margins.values()) {
      List<Double> runs = all.stream().filter(margin -> Math.abs(margin) < MOST_MARGIN).toList();
      double mean = mean(runs);
      squares += runs.stream().mapToDouble(run -> (run - mean) * (run - mean)).sum();
      weight += Math.max(0, runs.size() - 1);
    }
    return Math.sqrt(squares / weight);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Neighbouring loads with one mean, because their own would fall while the load rises. */
  private record Block(int first, int last, double mean, double weight) {

    Block with(Block next) {
      double sum = weight + next.weight;
      return new Block(first, next.last, (mean * weight + next.mean * next.weight) / sum, sum);
    }
  }

  /** Isotonic regression by pooling adjacent violators. */
  private List<Block> blocks() {
    Deque<Block> blocks = new ArrayDeque<>();
    margins.forEach(
        (load, runs) -> {
          Block block = new Block(load, load, mean(runs), runs.size());
          while (!blocks.isEmpty() && blocks.peekLast().mean() >= block.mean()) {
            block = blocks.removeLast().with(block);
          }
          blocks.addLast(block);
        });
    return List.copyOf(blocks);
  }
}
