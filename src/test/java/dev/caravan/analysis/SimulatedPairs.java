package dev.caravan.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * A seeded model of pairs to compare: 5 points and 3 metrics, of which the first may be changed for
 * the worse, or all for the better.
 *
 * @param cv coefficient of variation of the repeats of each metric
 * @param repeats number of repeats in every batch
 * @param baseBatches number of batches of the base
 * @param lowestNoise least true noise between batches; it is drawn for each pair
 * @param highestNoise most true noise between batches
 * @param known what the comparison takes the noise for; measured over the base if {@code null}
 * @param heavyTails whether repeats follow Student's t with 3 degrees of freedom, not the normal
 *     distribution
 * @param change true change of the first metric for the worse, as a fraction; of all metrics if it
 *     is negative
 * @param changedPoints number of points that change
 */
record SimulatedPairs(
    List<Double> cv,
    int repeats,
    int baseBatches,
    double lowestNoise,
    double highestNoise,
    Noise known,
    boolean heavyTails,
    double change,
    int changedPoints) {

  static final int POINTS = 5;

  private static final long SEED = 20261128;
  private static final int TAIL_FREEDOM = 3;

  static SimulatedPairs usual() {
    return new SimulatedPairs(List.of(0.02, 0.03, 0.02), 5, 1, 0, 0, Noise.NONE, false, 0, POINTS);
  }

  static SimulatedPairs noisy() {
    return usual().cv(0.04, 0.05, 0.04);
  }

  SimulatedPairs cv(Double... metrics) {
    return new SimulatedPairs(
        List.of(metrics),
        repeats,
        baseBatches,
        lowestNoise,
        highestNoise,
        known,
        heavyTails,
        change,
        changedPoints);
  }

  SimulatedPairs repeats(int count) {
    return new SimulatedPairs(
        cv,
        count,
        baseBatches,
        lowestNoise,
        highestNoise,
        known,
        heavyTails,
        change,
        changedPoints);
  }

  /** Sides that did not take turns. */
  SimulatedPairs batches(int ofBase, double lowest, double highest, Noise taken) {
    return new SimulatedPairs(
        cv, repeats, ofBase, lowest, highest, taken, heavyTails, change, changedPoints);
  }

  SimulatedPairs withHeavyTails() {
    return new SimulatedPairs(
        cv, repeats, baseBatches, lowestNoise, highestNoise, known, true, change, changedPoints);
  }

  SimulatedPairs worse(double by, int points) {
    return new SimulatedPairs(
        cv, repeats, baseBatches, lowestNoise, highestNoise, known, heavyTails, by, points);
  }

  /** The share of each verdict over so many pairs. */
  Map<Verdict, Double> shares(int pairs) {
    Random random = new Random(SEED);
    Map<Verdict, Double> shares = new EnumMap<>(Verdict.class);
    for (int pair = 0; pair < pairs; pair++) {
      shares.merge(Comparison.of(pair(random), List.of()).verdict(), 1.0 / pairs, Double::sum);
    }
    return shares;
  }

  private List<Measured> pair(Random random) {
    double noise = lowestNoise + (highestNoise - lowestNoise) * random.nextDouble();
    List<Measured> all = new ArrayList<>();
    for (int metric = 0; metric < cv.size(); metric++) {
      MetricRule rule = new MetricRule("metric " + metric, false, 0.05, Noise.NONE);
      double[] shifts = new double[baseBatches + 1];
      Arrays.setAll(shifts, at -> noise * random.nextGaussian());
      List<Measured> points = new ArrayList<>();
      for (int point = 0; point < POINTS; point++) {
        points.add(measured(random, rule, metric, point, shifts));
      }
      Noise taken = known == null ? Noise.measured(points).orElseThrow() : known;
      points.forEach(each -> all.add(each.with(taken)));
    }
    return all;
  }

  private Measured measured(
      Random random, MetricRule rule, int metric, int point, double[] shifts) {
    double sd = cv.get(metric);
    boolean isChanged = (metric == 0 || change < 0) && point < changedPoints;
    double worse = isChanged ? Math.log1p(change) : 0;
    List<double[]> base = new ArrayList<>();
    for (int batch = 0; batch < baseBatches; batch++) {
      base.add(values(random, sd, shifts[batch]));
    }
    double[] candidate = values(random, sd, shifts[baseBatches] + worse);
    return new Measured(rule, "point " + point, base, List.of(candidate));
  }

  private double[] values(Random random, double sd, double mean) {
    DoubleSupplier deviation = () -> heavyTails ? heavy(random) : random.nextGaussian();
    double[] values = new double[repeats];
    Arrays.setAll(values, at -> 100 * Math.exp(mean + sd * deviation.getAsDouble()));
    return values;
  }

  /** Student's t with a variance of 1. */
  private static double heavy(Random random) {
    double squares = 0;
    for (int i = 0; i < TAIL_FREEDOM; i++) {
      double each = random.nextGaussian();
      squares += each * each;
    }
    return random.nextGaussian() / Math.sqrt(squares);
  }
}
