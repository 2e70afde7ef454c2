#!/usr/bin/env python3
"""Compares pairs of measurements: scripts/paired.py NAME [MARGIN_PERCENT] < PAIRS

Each line of PAIRS has a value without and a value with the change under test, measured one after the other, so that
drift affects both. Prints the change of the geometric mean with its 95 % confidence interval (bootstrap over the pairs)
and the run-to-run noise: the standard deviation of the values without, between neighbouring rounds. The verdict is "no
relevant effect" when the whole interval is within the margin (default: the noise), "effect" when the interval is
entirely outside the margin, and "inconclusive" otherwise.
"""
import math
import random
import statistics
import sys


def interval(logs, draws=20000):
    random_source = random.Random(7)  # reproducible verdicts
    means = sorted(statistics.fmean(random_source.choices(logs, k=len(logs))) for _ in range(draws))
    return means[int(0.025 * draws)], means[int(0.975 * draws) - 1]


def noise(values):
    """Standard deviation of the differences of neighbours over the square root of 2, to exclude slow drift."""
    logs = [math.log(f) for f in values]
    steps = [b - a for a, b in zip(logs, logs[1:])]
    return math.sqrt(statistics.fmean(s * s for s in steps) / 2)


def verdict(name, pairs, margin=None):
    without = [p[0] for p in pairs]
    logs = [math.log(b / a) for a, b in pairs]
    if len(pairs) < 6:
        return f"{name}: {len(pairs)} pairs are too few for a verdict"
    low, high = interval(logs)
    sd = noise(without)
    limit = sd if margin is None else math.log(1 + margin / 100)
    if -limit <= low and high <= limit:
        conclusion = "no relevant effect"
    elif low > limit or high < -limit:
        conclusion = "effect"
    else:
        conclusion = "inconclusive; use more rounds or a quieter machine"
    percent = lambda x: f"{100 * (math.exp(x) - 1):+.1f} %"
    return (
        f"{name}: median {statistics.median(without):.4g} without, {statistics.median(p[1] for p in pairs):.4g} with; change "
        f"{percent(statistics.fmean(logs))} (95 %: {percent(low)} to {percent(high)}, {len(pairs)} pairs); run-to-run noise "
        f"{100 * sd:.1f} %, margin {100 * limit:.1f} %: {conclusion}"
    )


def check():
    random_source = random.Random(1)
    same = [(100 * math.exp(random_source.gauss(0, 0.05)), 100 * math.exp(random_source.gauss(0, 0.05))) for _ in range(30)]
    slower = [(a, 1.3 * b) for a, b in same]
    assert verdict("x", same).endswith("no relevant effect"), verdict("x", same)
    assert verdict("x", slower).endswith(": effect"), verdict("x", slower)
    noisy = [(100 * math.exp(random_source.gauss(0, 0.5)), 100 * math.exp(random_source.gauss(0, 0.5))) for _ in range(8)]
    assert "inconclusive" in verdict("x", noisy, 5), verdict("x", noisy, 5)
    assert "too few" in verdict("x", same[:3])


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        lines = [tuple(map(float, line.split())) for line in sys.stdin if line.strip()]
        print(verdict(sys.argv[1], lines, float(sys.argv[2]) if len(sys.argv) > 2 else None))
