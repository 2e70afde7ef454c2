#!/usr/bin/env python3
"""Says what pairs of measurements allow to say: scripts/paired.py NAME [MARGIN_PERCENT] < PAIRS

Each line of PAIRS holds a figure without and one with what is examined, measured one after the other, so that what
drifts meanwhile hits both. Prints the change of the geometric mean with its 95 % confidence interval (bootstrap over the
pairs), and the run-to-run noise: the standard deviation of the figures without, taken between neighbouring rounds. The
verdict is "none that matters" only when the whole interval lies within the margin, which is the noise when none is
given; "an influence" when it lies beyond zero and beyond the margin; else it cannot be said, and needs more rounds.
"""
import math
import random
import statistics
import sys


def interval(logs, draws=20000):
    chance = random.Random(7)  # the same pairs give the same verdict
    means = sorted(statistics.fmean(chance.choices(logs, k=len(logs))) for _ in range(draws))
    return means[int(0.025 * draws)], means[int(0.975 * draws) - 1]


def noise(figures):
    """Between neighbours, so that a slow drift does not count: sd of the differences over the square root of 2."""
    logs = [math.log(f) for f in figures]
    steps = [b - a for a, b in zip(logs, logs[1:])]
    return math.sqrt(statistics.fmean(s * s for s in steps) / 2)


def verdict(name, pairs, margin=None):
    without = [p[0] for p in pairs]
    logs = [math.log(b / a) for a, b in pairs]
    if len(pairs) < 6:
        return f"{name}: {len(pairs)} pairs are too few to say anything"
    low, high = interval(logs)
    sd = noise(without)
    limit = sd if margin is None else math.log(1 + margin / 100)
    if -limit <= low and high <= limit:
        words = "no influence that matters"
    elif low > limit or high < -limit:
        words = "an influence"
    else:
        words = "it cannot be said; more rounds, or a quieter machine"
    percent = lambda x: f"{100 * (math.exp(x) - 1):+.1f} %"
    return (
        f"{name}: median {statistics.median(without):.4g} without, {statistics.median(p[1] for p in pairs):.4g} with; change "
        f"{percent(statistics.fmean(logs))} (95 %: {percent(low)} to {percent(high)}, {len(pairs)} pairs); run-to-run noise "
        f"{100 * sd:.1f} %, margin {100 * limit:.1f} %: {words}"
    )


def check():
    chance = random.Random(1)
    same = [(100 * math.exp(chance.gauss(0, 0.05)), 100 * math.exp(chance.gauss(0, 0.05))) for _ in range(30)]
    slower = [(a, 1.3 * b) for a, b in same]
    assert verdict("x", same).endswith("no influence that matters"), verdict("x", same)
    assert verdict("x", slower).endswith(": an influence"), verdict("x", slower)
    noisy = [(100 * math.exp(chance.gauss(0, 0.5)), 100 * math.exp(chance.gauss(0, 0.5))) for _ in range(8)]
    assert "cannot be said" in verdict("x", noisy, 5), verdict("x", noisy, 5)
    assert "too few" in verdict("x", same[:3])


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        check()
    else:
        lines = [tuple(map(float, line.split())) for line in sys.stdin if line.strip()]
        print(verdict(sys.argv[1], lines, float(sys.argv[2]) if len(sys.argv) > 2 else None))
