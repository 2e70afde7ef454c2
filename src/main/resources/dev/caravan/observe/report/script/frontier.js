/*
 * The plot of several batches: any two metrics, the frontier over all points and that of each batch, a baseline in
 * grey, a table at a fixed limit, and every point as a row with its settings. It draws with the parts of a report.
 *
 *   CaravanFrontier.section(report, plot, options)   the plot with its tables
 *   CaravanFrontier.pareto(points)                   the points that no other one beats, by rising cost
 *   CaravanFrontier.within(front, limit)             what a frontier reaches at a limit of the cost
 */
const { el, format, withUnit, theme, toggle, chooser, plotFrame, drawChart, scale, axisName, alarms, finding, findingText,
  mark, isCompleted, isOpen, isRough, measured, reason, stateLabel, symbol, count, keyName, savePng, saveText, onRedraw,
  COLOURS, SHAPES, DASHES } = window.CaravanReport.kit;

const ROWS = 200; // rows of a table until the reader asks for more
const MAX_SETTINGS = 12; // columns of differing settings until the reader asks for more
const PERCENTILE = /_(avg|p\d+)$/;
const PER_USER = 'output_tokens_per_s_per_user';
// aiperf has tokens/s per user as a median; at other percentiles it is what the inter-token latency leaves.
const DERIVED = ['p90', 'p99', 'avg'].map((stat) => ({
  name: 'interactivity_' + stat, label: 'Interactivity ' + stat + ' (1000 / ITL ' + stat + ')', unit: 'tokens/s/user',
  better: 'higher', from: 'itl_ms_' + stat }));

/* ---- frontiers ---- */

/** The points that no other point beats in both, by rising cost. */
function pareto(points) {
  const sorted = points.slice().sort((a, b) => a.cost - b.cost || b.gain - a.gain);
  const front = [];
  for (const point of sorted) {
    if (!front.length || point.gain > front[front.length - 1].gain) {
      front.push(point);
    }
  }
  return front;
}

/** The gain of a frontier at a limit of the cost: on the straight line between its two points; null if none is within it. */
function within(front, limit) {
  let best = null;
  for (let i = 0; i < front.length; i++) {
    if (front[i].cost > limit) {
      break;
    }
    best = i;
  }
  if (best === null) {
    return null;
  }
  const from = front[best];
  const to = front[best + 1];
  if (!to || from.cost === limit) {
    return { gain: from.gain, between: [from], measured: from };
  }
  const share = (limit - from.cost) / (to.cost - from.cost);
  return { gain: from.gain + share * (to.gain - from.gain), between: [from, to], measured: from };
}

/* ---- data ---- */

function Comparison(report, plot) {
  this.report = report;
  this.data = report.data;
  this.plot = plot;
  const known = new Map();
  this.data.batches.forEach((batch) => batch.metrics.forEach((metric) => known.set(metric.name, metric)));
  DERIVED.filter((metric) => known.has(metric.from)).forEach((metric) => known.set(metric.name, metric));
  this.keys = sharedKeys(this.data.batches);
  this.keys.forEach((name) => known.set('key:' + name, { name: 'key:' + name, label: keyName({ name: name }), unit: '', better: 'neither' }));
  this.metrics = known;
  this.groups = plot.series.map((series, at) => ({
    series: series, at: at, batch: series.batch, id: this.data.batches[series.batch].id, label: series.label,
    key: groupKey(this.data.batches[series.batch], series),
  }));
  const places = this.data.batches.map((batch) => new Map(batch.points.map((point) => [point.index, point])));
  this.originals = (report.original || this.data).batches.map((batch) => new Map(batch.points.map((point, i) => [point.index, i])));
  this.places = places;
}

/** The name of a line in a URL: its batch, and its variant if there are several. */
function groupKey(batch, series) {
  const variant = batch.keys.findIndex((key) => key.name === 'variant');
  return batch.id + (variant >= 0 && series.points.length ? '::' + batch.points[series.points[0]].values[variant] : '');
}

function sharedKeys(batches) {
  const numeric = batches.filter((batch) => batch.keys.length)
    .map((batch) => batch.keys.filter((key) => key.numeric).map((key) => key.name));
  return numeric.length === batches.length && numeric.length
    ? numeric[0].filter((name) => numeric.every((names) => names.includes(name))) : [];
}

Comparison.prototype.metric = function (name) {
  return this.metrics.get(name) || { name: name, label: name, unit: '', better: 'neither' };
};

Comparison.prototype.value = function (group, position, name) {
  if (name.startsWith('key:')) {
    const batch = this.data.batches[group.batch];
    return isCompleted(batch.points[position]) ? batch.points[position].values[this.report.keyAt(group.batch, name)] : null;
  }
  const derived = DERIVED.find((metric) => metric.name === name);
  const value = this.report.value(group.batch, position, derived ? derived.from : name);
  return derived ? (value > 0 ? Number((1000 / value).toPrecision(6)) : null) : value;
};

Comparison.prototype.text = function (group, position, name) {
  const metric = this.metric(name);
  return name.startsWith('key:') || metric.from ? withUnit(this.value(group, position, name), metric)
    : measured(this.report, group.batch, position, metric);
};

/** A value as a cell of a table has it: without its unit. */
Comparison.prototype.cell = function (group, position, name) {
  const batch = this.data.batches[group.batch];
  const point = batch.points[position];
  const metric = this.metric(name);
  const interval = (point.intervals || {})[name];
  return (isRough(batch, point, this.metric(metric.from || name)) ? '~' : '') + format(this.value(group, position, name))
    + (interval ? ' [' + interval.map(format).join(', ') + ']' : '');
};

/** The values that tell a point from the others of its line. */
Comparison.prototype.where = function (group, position) {
  const batch = this.data.batches[group.batch];
  const point = batch.points[position];
  return batch.keys.map((key, i) => [key, point.values[i]]).filter(([key]) => key.name !== 'variant')
    .map(([key, value]) => keyName(key) + ' ' + format(value)).join(', ');
};

Comparison.prototype.pointName = function (group, position) {
  const values = this.where(group, position);
  return group.label + (values ? ' · ' + values : '');
};

Comparison.prototype.requests = function (group, position) {
  const batch = this.data.batches[group.batch];
  return count(batch, batch.points[position]);
};

/** What this run was to do: its own settings, then those of all runs of its batch. */
Comparison.prototype.settings = function (group, position) {
  const settings = (this.data.settings || [])[group.batch];
  if (!settings) {
    return null;
  }
  const original = this.originals[group.batch].get(this.data.batches[group.batch].points[position].index);
  return { own: settings.own[original] || {}, common: settings.common };
};

/** The points of a line that have both metrics; those with cost and gain can lie on a frontier. */
Comparison.prototype.points = function (group, state, x, y) {
  const gain = this.metric(y);
  const cost = this.metric(x);
  const directed = gain.better !== 'neither' && cost.better !== 'neither';
  return group.series.points.map((position) => {
    const point = this.data.batches[group.batch].points[position];
    const px = this.value(group, position, x);
    const py = this.value(group, position, y);
    return { group: group, position: position, point: point, x: px, y: py,
      counts: directed && px !== null && py !== null && (state.degraded || point.state !== 'degraded'),
      cost: cost.better === 'higher' ? -px : px, gain: gain.better === 'lower' ? -py : py };
  }).filter((each) => each.x !== null && each.y !== null);
};

/* ---- choices ---- */

function initial(comparison, options) {
  const state = Object.assign({ x: comparison.plot.x, y: comparison.plot.y[0], base: comparison.groups[0].key,
    degraded: false, plain: false, logX: false, logY: false, on: '', limit: '' }, options.state || {});
  state.x = comparison.metrics.has(state.x) ? state.x : comparison.plot.x;
  state.y = comparison.metrics.has(state.y) && !state.y.startsWith('key:') ? state.y : comparison.plot.y[0];
  state.base = comparison.groups.some((group) => group.key === state.base) ? state.base : comparison.groups[0].key;
  state.on = comparison.metrics.has(state.on) ? state.on : '';
  return state;
}

/** The metric of the limit: the one chosen, or that of the x axis. */
function limitMetric(comparison, state) {
  const name = state.on || state.x;
  return comparison.metric(name).better === 'neither' ? null : name;
}

/** A limit that most lines can be asked about: the bound of the config, or the middle of what they share. */
function usualLimit(comparison, state, name) {
  const bound = comparison.report.bound(comparison.plot, name);
  if (bound !== null) {
    return bound;
  }
  const ranges = comparison.groups.map((group) => comparison.points(group, state, name, state.y).filter((p) => p.counts).map((p) => p.x))
    .filter((values) => values.length);
  if (!ranges.length) {
    return '';
  }
  const low = Math.max(...ranges.map((values) => Math.min(...values)));
  const high = Math.min(...ranges.map((values) => Math.max(...values)));
  const middle = low <= high ? (low + high) / 2
    : ranges.flat().sort((a, b) => a - b)[Math.floor(ranges.flat().length / 2)];
  const rounded = Number(middle.toPrecision(2));
  return low <= high && (rounded < low || rounded > high) ? middle : rounded; // rounded, it must not leave what they share
}

function metricChooser(comparison, label, chosen, keys, onChange) {
  const options = [...comparison.metrics.values()].filter((metric) => keys || !metric.name.startsWith('key:'))
    .map((metric) => [metric.name, metric.label]);
  return el('label', {}, label + ' ', chooser(label, options, chosen, onChange));
}

/** Changes the percentile of each axis that has one. */
function withPercentile(comparison, name, stat) {
  if (name === PER_USER || name.startsWith('interactivity_')) {
    const other = stat === 'p50' ? PER_USER : 'interactivity_' + stat;
    return comparison.metrics.has(other) ? other : name;
  }
  const other = name.replace(PERCENTILE, '_' + stat);
  return comparison.metrics.has(other) ? other : name;
}

function percentileOf(name) {
  return name === PER_USER ? 'p50' : (name.match(PERCENTILE) || [])[1];
}
