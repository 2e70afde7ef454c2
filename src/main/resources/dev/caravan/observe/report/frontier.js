/*
 * The plot of several batches: any two metrics, the frontier over all points and that of each batch, a baseline in
 * grey, a table at a fixed limit, and every point as a row with its settings. It draws with report.js.
 *
 *   CaravanFrontier.section(report, plot, options)   the plot with its tables
 *   CaravanFrontier.pareto(points)                   the points that no other one beats, by rising cost
 *   CaravanFrontier.within(front, limit)             what a frontier reaches at a limit of the cost
 */
(function () {
  'use strict';

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
      degraded: false, lines: true, logX: false, logY: false, on: '', limit: '' }, options.state || {});
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

  /* ---- the plot ---- */

  function styleOf(comparison, state, group) {
    const colours = theme();
    const isBase = comparison.groups.length > 1 && group.key === state.base;
    return { colour: isBase ? colours.weak : colours.colours[group.at % colours.colours.length], base: isBase,
      shape: SHAPES[group.at % SHAPES.length], dash: DASHES[Math.floor(group.at / colours.colours.length) % DASHES.length] };
  }

  function swatch(comparison, state, group) {
    const style = styleOf(comparison, state, group);
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', 'cv-swatch');
    svg.setAttribute('viewBox', '0 0 24 10');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS(svg.namespaceURI, 'line');
    Object.entries({ x1: 0, y1: 5, x2: 24, y2: 5, stroke: style.colour, 'stroke-width': 3, 'stroke-dasharray': style.dash.join(' ') })
      .forEach(([name, value]) => line.setAttribute(name, value));
    svg.append(line);
    return svg;
  }

  function dataset(comparison, state, group, front, overall, x, y) {
    const style = styleOf(comparison, state, group);
    const colours = theme();
    const ground = colours.ground;
    const isKey = x.startsWith('key:');
    const points = comparison.points(group, state, x, y);
    const onFront = new Set(front);
    return {
      label: group.label + (style.base ? ' (baseline)' : ''), borderColor: style.colour, backgroundColor: style.colour,
      pointStyle: style.shape, pointHoverRadius: 8, clip: 9, showLine: isKey, borderWidth: 2, borderDash: style.dash,
      pointRadius: (c) => (c.raw && c.raw.front ? 5 : 3), pointBorderWidth: (c) => (c.raw && c.raw.overall ? 3 : 1.5),
      pointBackgroundColor: (c) => (c.raw && c.raw.point.state === 'degraded' ? ground : c.raw && c.raw.front ? style.colour : style.colour + '80'),
      pointBorderColor: (c) => (c.raw && c.raw.overall ? colours.text : style.colour),
      data: points.map((p) => Object.assign({}, p, {
        front: onFront.has(p.position), overall: overall.has(p.group.at + ' ' + p.position), name: comparison.pointName(group, p.position),
        label: overall.has(p.group.at + ' ' + p.position) && comparison.groups.length <= 12 ? comparison.report.label(group.series, p.position) : '' })),
    };
  }

  function lineOf(label, points, colour, dash, width) {
    return { label: label, hiddenInLegend: true, isLine: true, showLine: true, borderColor: colour, borderDash: dash, borderWidth: width,
      pointRadius: 0, pointHoverRadius: 0, pointHitRadius: 0, data: points.map((p) => ({ x: p.x, y: p.y })) };
  }

  function draw(comparison, state, frame, picked) {
    const fronts = comparison.groups.map((group) => pareto(comparison.points(group, state, state.x, state.y).filter((p) => p.counts)));
    const all = pareto(fronts.flat());
    const overall = new Set(all.map((p) => p.group.at + ' ' + p.position));
    const datasets = comparison.groups.map((group, at) =>
      dataset(comparison, state, group, fronts[at].map((p) => p.position), overall, state.x, state.y));
    const lines = comparison.groups.map((group, at) => {
      const style = styleOf(comparison, state, group);
      return lineOf(group.label, fronts[at], style.colour, style.dash, style.base ? 3 : 2);
    }).filter((line) => state.lines && line.data.length > 1);
    const outer = all.length > 1 ? [lineOf('frontier', all, theme().text + '55', [], 6)] : [];
    const x = comparison.metric(state.x);
    const y = comparison.metric(state.y);
    const limited = limitMetric(comparison, state);
    drawChart(frame.canvas, {
      type: 'scatter',
      data: { datasets: datasets.concat(lines, outer) },
      options: {
        interaction: { mode: 'nearest', intersect: true },
        scales: { x: scale(axisName(x), state.logX), y: scale(axisName(y), state.logY) },
        onClick: (event, items) => {
          const raw = items.length ? items[0].element.$context.raw : null;
          if (raw && raw.group) {
            picked(raw.group, raw.position);
          }
        },
        onHover: (event, items) => { event.native.target.style.cursor = items.length ? 'pointer' : ''; },
        caravan: { labels: true, limit: limited === state.x ? Number(state.limit) || 0 : 0,
          bounds: { x: comparison.report.bounds(comparison.plot, [state.x]), y: comparison.report.bounds(comparison.plot, [state.y]) } },
        plugins: {
          legend: { display: comparison.groups.length > 1 && comparison.groups.length <= 8 && !isNarrow() },
          tooltip: { filter: (item) => Boolean(item.raw.group), callbacks: {
            title: (items) => items.map((item) => item.raw.name).filter((name, i, names) => names.indexOf(name) === i),
            label: (item) => hoverText(comparison, state, item.raw) } },
        },
      },
    });
    frame.note.replaceChildren(...notes(comparison, state, fronts, all));
  }

  function isNarrow() {
    return window.innerWidth < 560;
  }

  function hoverText(comparison, state, raw) {
    const requests = comparison.requests(raw.group, raw.position);
    const values = [state.y, state.x].map((name) => comparison.metric(name).label + ': ' + comparison.text(raw.group, raw.position, name));
    return values.concat(requests === null || values.some((text) => text.includes(', n = ')) ? [] : ['n = ' + format(requests) + ' requests'],
        raw.point.state === 'degraded' ? ['degraded' + (reason(raw.point) ? ': ' + reason(raw.point) : '')] : [],
        alarms(raw.point).map(findingText), raw.overall ? ['on the frontier: no other point is better in both'] : [],
        ['click for its settings and its run']);
  }

  /** What is not drawn or does not count, in words. */
  function notes(comparison, state, fronts, all) {
    const parts = [];
    const x = comparison.metric(state.x);
    const y = comparison.metric(state.y);
    if (x.better === 'neither' || y.better === 'neither') {
      parts.push('No frontier: ' + (x.better === 'neither' ? x : y).label + ' has no better direction. ');
    } else if (all.length) {
      parts.push('Thick line: the frontier over all ' + comparison.groups.length + (comparison.groups.length > 1 ? ' lines' : ' line')
        + '; thin lines: the frontier of each. ');
    }
    let failed = 0;
    let open = 0;
    let degraded = 0;
    const lacking = [];
    comparison.groups.forEach((group) => {
      const points = group.series.points.map((position) => comparison.data.batches[group.batch].points[position]);
      failed += points.filter((point) => !isCompleted(point) && !isOpen(point)).length;
      open += points.filter(isOpen).length;
      degraded += points.filter((point) => point.state === 'degraded').length;
      if (points.some(isCompleted) && !comparison.points(group, state, state.x, state.y).length) {
        lacking.push(group.label);
      }
    });
    if (failed) {
      parts.push(el('span', { class: 'cv-bad' }, '✕ Left out: ' + failed + (failed > 1 ? ' points' : ' point') + ' without a result. '));
    }
    if (degraded) {
      parts.push('○ ' + degraded + ' degraded ' + (degraded > 1 ? 'points' : 'point') + (state.degraded ? ' counted as well. ' : ' drawn hollow, on no frontier. '));
    }
    if (open) {
      parts.push(open + (open > 1 ? ' runs have' : ' run has') + ' not ended. ');
    }
    if (lacking.length) {
      parts.push(el('span', { class: 'cv-bad' }, 'Left out, as it lacks ' + x.label + ' or ' + y.label + ': ' + listed(lacking) + '. '));
    }
    parts.push(comparison.plot.note || '');
    return parts;
  }

  function listed(names) {
    return names.slice(0, 5).join('; ') + (names.length > 5 ? ' and ' + (names.length - 5) + ' more' : '');
  }

  /* ---- the table at a fixed limit ---- */

  function limitRows(comparison, state) {
    const name = limitMetric(comparison, state);
    const limit = Number(state.limit);
    if (!name || !(limit > 0)) {
      return [];
    }
    const metric = comparison.metric(name);
    const cost = metric.better === 'higher' ? -limit : limit;
    const lower = comparison.metric(state.y).better === 'lower' ? -1 : 1;
    const rows = comparison.groups.map((group) => {
      const points = comparison.points(group, state, name, state.y).filter((p) => p.counts);
      return { group: group, points: points.length, found: within(pareto(points), cost) };
    });
    const base = rows.find((row) => row.group.key === state.base);
    const reference = base && base.found ? lower * base.found.gain : null;
    return rows.map((row) => {
      const value = row.found ? lower * row.found.gain : null;
      return Object.assign(row, { value: value,
        change: value !== null && reference && row !== base ? 100 * (value / reference - 1) : null });
    });
  }

  function limitTable(comparison, state, picked) {
    const name = limitMetric(comparison, state);
    if (!name) {
      return [el('p', { class: 'cv-weak' }, 'Choose a metric with a better direction for a limit.')];
    }
    const gain = comparison.metric(state.y);
    const rows = limitRows(comparison, state);
    if (!rows.length) {
      return [el('p', { class: 'cv-weak' }, 'No limit set.')];
    }
    const sorted = rows.slice().sort((a, b) => (gain.better === 'lower' ? 1 : -1) * ((a.value === null ? NaN : a.value) - (b.value === null ? NaN : b.value))
      || (a.value === null) - (b.value === null));
    const anyFound = rows.some((row) => touchedBy(row).length);
    const head = ['Batch', columnName(comparison, state.y), 'vs. baseline', 'Points', (gain.better === 'lower' ? 'Lowest' : 'Highest') + ' measured within it']
      .concat(anyFound ? ['Findings'] : []);
    return [el('div', { class: 'cv-scroll', tabindex: '0', role: 'region', 'aria-label': 'Batches at the limit' },
      el('table', { class: 'cv-runs cv-points' }, el('thead', {}, el('tr', {}, head.map((text, i) =>
        el('th', { scope: 'col', class: i > 0 && i < 4 ? 'cv-num' : undefined }, text)))),
      el('tbody', {}, sorted.map((row) => limitRow(comparison, state, row, picked, anyFound))))),
    el('p', { class: 'cv-note' }, '≈: on the straight line between the two measured points of the frontier on both sides of the limit. '
      + 'A line that is measured only within the limit shows its best point. One estimate each; the verdict minds noise.')];
  }

  /** What the checks found in the points that the figure of a row stands on. */
  function touchedBy(row) {
    return row.found ? row.found.between.flatMap((p) => alarms(p.point)) : [];
  }

  function limitRow(comparison, state, row, picked, anyFound) {
    const style = styleOf(comparison, state, row.group);
    const found = row.found;
    const rough = found && found.between.some((p) => isRoughAt(comparison, p, limitMetric(comparison, state)) || isRoughAt(comparison, p, state.y));
    return el('tr', {}, el('th', { scope: 'row' }, swatch(comparison, state, row.group), ' ' + row.group.label, style.base ? el('small', {}, ' baseline') : ''),
      el('td', { class: 'cv-num' + (rough ? ' cv-rough' : '') }, found ? (rough ? '~' : '') + (found.between.length > 1 ? '≈ ' : '') + format(row.value)
        : row.points ? 'none within it' : 'no points'),
      el('td', { class: 'cv-num' }, row.change === null ? '' : (row.change < 0 ? '−' : '+') + format(Math.abs(Number(row.change.toFixed(1)))) + ' %'),
      el('td', { class: 'cv-num' }, String(row.points)),
      el('td', {}, found ? pickButton(comparison, found.measured, comparison.cell(row.group, found.measured.position, state.y)
        + ' at ' + comparison.where(row.group, found.measured.position), picked) : ''),
      anyFound ? el('td', { class: 'cv-wrap' }, findingsShort(touchedBy(row))) : '');
  }

  function isRoughAt(comparison, p, name) {
    const batch = comparison.data.batches[p.group.batch];
    return isRough(batch, p.point, comparison.metric(comparison.metric(name).from || name));
  }

  /** Each finding once, with its advice. */
  function findingsShort(found) {
    const seen = new Map(found.map((check) => [check.id, check]));
    return [...seen.values()].map((check) => el('div', {}, finding(check)));
  }

  function pickButton(comparison, p, text, picked) {
    return el('button', { type: 'button', class: 'cv-link', 'aria-label': 'Settings and run of ' + comparison.pointName(p.group, p.position),
      on: { click: () => picked(p.group, p.position) } }, text);
  }

  /* ---- one point ---- */

  function yaml(settings) {
    return Object.entries(settings).map(([key, value]) => key + ': ' + (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');
  }

  function pointPanel(comparison, state, group, position, options, close) {
    const batch = comparison.data.batches[group.batch];
    const point = batch.points[position];
    const settings = comparison.settings(group, position);
    const requests = comparison.requests(group, position);
    const link = options.runLink ? el('a', { class: 'button', href: options.runLink(group.id, point.index) }, 'Open the run') : '';
    const names = [state.y, state.x].filter((name, i, all) => all.indexOf(name) === i);
    const found = point.checks || [];
    return [el('h3', {}, comparison.pointName(group, position)),
      el('p', { class: 'actions' }, link, el('button', { type: 'button', on: { click: close } }, 'Close')),
      el('dl', { class: 'cv-facts' }, names.map((name) => fact(comparison.metric(name).label, comparison.text(group, position, name))),
        fact('Requests', requests === null ? 'unknown' : format(requests)), fact('Outcome', stateLabel(point) + (reason(point) ? ': ' + reason(point) : '')),
        point.repeats ? fact('Repeats', point.counted + ' of ' + point.repeats) : '', fact('Folder', batch.id + (point.folder ? '/' + point.folder : ''))),
      found.length ? el('ul', { class: 'cv-checks' }, found.map((check) => el('li', {}, finding(check)))) : '',
      settings ? el('h4', {}, 'Settings of this run') : '', settings && Object.keys(settings.own).length ? el('pre', { tabindex: '0' }, yaml(settings.own)) : '',
      settings ? el('p', { class: 'cv-weak' }, 'The same for all runs of its batch:') : '', settings ? el('pre', { tabindex: '0' }, yaml(settings.common)) : ''];
  }

  function fact(name, text) {
    return el('div', {}, el('dt', {}, name), el('dd', {}, text));
  }

  /* ---- all points as a table, and as CSV ---- */

  function allPoints(comparison, state) {
    const all = comparison.groups.flatMap((group) => comparison.points(group, state, state.x, state.y));
    const front = new Set(pareto(all.filter((p) => p.counts)));
    return all.map((p) => Object.assign(p, { overall: front.has(p) }));
  }

  function pointsTable(comparison, state, picked) {
    const points = allPoints(comparison, state);
    const body = el('tbody', {});
    const more = el('p', {});
    const show = (count) => {
      body.replaceChildren(...points.slice(0, count).map((p) => el('tr', {},
        el('th', { scope: 'row' }, symbol(p.point), pickButton(comparison, p, comparison.pointName(p.group, p.position), picked)),
        el('td', { class: 'cv-num' }, comparison.cell(p.group, p.position, state.x)), el('td', { class: 'cv-num' }, comparison.cell(p.group, p.position, state.y)),
        el('td', { class: 'cv-num' }, format(comparison.requests(p.group, p.position)) + (p.point.repeats ? ' × ' + p.point.counted : '')), el('td', {}, p.overall ? 'yes' : ''),
        el('td', { class: 'cv-wrap' }, findingsShort(alarms(p.point))))));
      more.replaceChildren(points.length > count ? el('button', { type: 'button', on: { click: () => show(points.length) } },
        'Show all ' + points.length + ' points') : '');
    };
    show(ROWS);
    return [el('div', { class: 'cv-scroll', tabindex: '0', role: 'region', 'aria-label': 'All points' }, el('table', { class: 'cv-runs cv-points' },
      el('thead', {}, el('tr', {}, ['Point', columnName(comparison, state.x), columnName(comparison, state.y), 'n', 'On the frontier', 'Findings'].map((text, i) =>
        el('th', { scope: 'col', class: i > 0 && i < 4 ? 'cv-num' : undefined }, text)))), body)), more];
  }

  function columnName(comparison, name) {
    const metric = comparison.metric(name);
    return metric.label + (metric.unit && !/\/s/.test(metric.label) ? ' (' + metric.unit + ')' : '');
  }

  function cell(value) {
    if (value === null || value === undefined) {
      return '';
    }
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    // a spreadsheet would take such a text for a formula
    const safe = typeof value !== 'number' && /^[=+@\t-]/.test(text) ? "'" + text : text;
    return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  /** Every point with all its metrics, as CSV. */
  function csv(comparison, state) {
    const keys = [...new Set(comparison.data.batches.flatMap((batch) => batch.keys.map((key) => key.name)))];
    const metrics = [...comparison.metrics.values()].filter((metric) => !metric.name.startsWith('key:'));
    const overall = new Set(allPoints(comparison, state).filter((p) => p.overall).map((p) => p.group.at + ' ' + p.position));
    const rows = [['batch', 'label', 'run_index', 'folder', 'outcome', 'repeats'].concat(keys, metrics.map((metric) => metric.name), ['on_frontier', 'checks'])];
    comparison.groups.forEach((group) => group.series.points.forEach((position) => {
      const batch = comparison.data.batches[group.batch];
      const point = batch.points[position];
      rows.push([group.id, group.label, point.index, point.folder, point.state, point.repeats ? point.counted : 1].concat(
        keys.map((name) => point.values[batch.keys.findIndex((key) => key.name === name)]),
        metrics.map((metric) => comparison.value(group, position, metric.name)),
        [overall.has(group.at + ' ' + position) ? 'true' : 'false', (point.checks || []).map((check) => check.id + '=' + check.level).join(';')]));
    }));
    return rows.map((row) => row.map(cell).join(',')).join('\n') + '\n';
  }

  /* ---- settings and findings of all batches ---- */

  function settingsSection(data) {
    const differing = data.differing || [];
    if (data.batches.length < 2) {
      return [];
    }
    if (!differing.length) {
      return [el('h2', {}, 'Settings that differ'), el('p', {}, 'None: these batches have the same settings, labels and versions.')];
    }
    const place = el('div', { class: 'cv-scroll', tabindex: '0', role: 'region', 'aria-label': 'Settings that differ' });
    const more = el('p', {});
    const show = (count) => {
      const shown = differing.slice(0, count);
      place.replaceChildren(el('table', { class: 'cv-runs' },
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Batch'), shown.map((setting) => el('th', { scope: 'col' }, setting.key)))),
        el('tbody', {}, data.batches.map((batch, at) => el('tr', {}, el('th', { scope: 'row' }, batch.id),
          shown.map((setting) => el('td', { class: setting.values[at].length > 40 ? 'cv-wrap' : undefined }, setting.values[at] || '–')))))));
      more.replaceChildren(differing.length > count ? el('button', { type: 'button', on: { click: () => show(differing.length) } },
        'Show all ' + differing.length + ' settings') : '');
    };
    show(MAX_SETTINGS);
    return [el('h2', {}, 'Settings that differ'), place, more];
  }

  const LEVELS = ['invalid', 'degraded', 'warning', 'note'];

  function findingsSection(data) {
    const byId = new Map();
    data.batches.forEach((batch) => ((batch.checks || {}).found || []).forEach((found) => {
      const entry = byId.get(found.id) || { worst: found, batches: [] };
      entry.worst = LEVELS.indexOf(found.level) < LEVELS.indexOf(entry.worst.level) ? found : entry.worst;
      entry.batches.push(batch.id + ' (' + found.runs + ' of ' + batch.checks.runs + ')');
      byId.set(found.id, entry);
    }));
    const all = [...byId.values()].sort((a, b) => LEVELS.indexOf(a.worst.level) - LEVELS.indexOf(b.worst.level));
    const item = (entry) => el('li', {}, finding(entry.worst, ' in ' + listed(entry.batches)));
    const worse = all.filter((entry) => entry.worst.level !== 'note');
    const notes = all.filter((entry) => entry.worst.level === 'note');
    const never = data.batches.filter((batch) => batch.checks && batch.checks.never_checked).map((batch) => batch.id);
    return [el('section', { class: 'cv-checks' }, el('h2', {}, 'Checks'),
      worse.length ? el('ul', {}, worse.map(item)) : el('p', {}, 'Nothing was found that changes what the numbers mean.'),
      notes.length ? el('details', {}, el('summary', {}, 'Notes: ' + notes.map((entry) => mark(entry.worst.level) + entry.worst.id).join(', ')),
        el('ul', {}, notes.map(item))) : '',
      never.length ? el('p', { class: 'cv-weak' }, 'Some runs were recorded without checks, in ' + listed(never) + '.') : '')];
  }

  /* ---- all of it ---- */

  function section(report, plot, options) {
    const comparison = new Comparison(report, plot);
    const state = initial(comparison, options);
    let ownLimit = state.limit !== '';
    const frame = plotFrame(plot, []);
    frame.box.classList.add('cv-first', 'cv-frontier');
    frame.box.querySelector('.cv-data').remove(); // its points have a table with more in it
    const panel = el('section', { class: 'card cv-picked', tabindex: '-1', 'aria-label': 'The chosen point', hidden: true });
    const limits = el('div', {});
    const points = el('details', {}, el('summary', {}, 'All points as a table'));
    const picked = (group, position) => {
      panel.replaceChildren(...pointPanel(comparison, state, group, position, options, () => { panel.hidden = true; }).filter(Boolean));
      panel.hidden = false;
      panel.focus({ preventScroll: true });
      panel.scrollIntoView({ block: 'nearest' });
    };
    const input = el('input', { type: 'number', min: '0', step: 'any', inputmode: 'decimal', 'aria-label': 'Limit' });
    const unit = el('span', {});
    function update() {
      const name = limitMetric(comparison, state);
      if (!ownLimit && name) {
        state.limit = usualLimit(comparison, state, name);
      }
      input.value = state.limit;
      unit.textContent = name ? ' ' + comparison.metric(name).unit : '';
      relation.textContent = name && comparison.metric(name).better === 'higher' ? '≥' : '≤';
      fill();
      buildControls();
    }
    function fill() {
      draw(comparison, state, frame, picked);
      limits.replaceChildren(...limitTable(comparison, state, picked));
      if (points.open) {
        points.replaceChildren(points.firstChild, ...pointsTable(comparison, state, picked));
      }
      if (options.onChange) {
        options.onChange(Object.assign({}, state, { limit: ownLimit ? state.limit : '' }));
      }
    }
    points.addEventListener('toggle', () => points.open && points.replaceChildren(points.firstChild, ...pointsTable(comparison, state, picked)));
    input.addEventListener('input', () => { ownLimit = true; state.limit = input.value; fill(); });
    const relation = el('span', {}, '≥');
    const on = el('span', {});
    function buildControls() {
      const change = (name, keepsLimit) => (value) => { state[name] = value; ownLimit = keepsLimit && ownLimit; update(); };
      const focused = document.activeElement && document.activeElement.getAttribute('aria-label');
      const stats = [['p50', 'p50'], ['p90', 'p90'], ['p99', 'p99'], ['avg', 'avg']];
      const stat = percentileOf(state.x) || percentileOf(state.y);
      frame.controls.replaceChildren(
        metricChooser(comparison, 'y', state.y, false, change('y', true)), metricChooser(comparison, 'x', state.x, true, change('x', Boolean(state.on))),
        stat ? el('label', {}, 'percentile ', chooser('percentile', stats, stat, (value) => {
          state.x = withPercentile(comparison, state.x, value);
          state.y = withPercentile(comparison, state.y, value);
          ownLimit = Boolean(state.on) && ownLimit;
          update();
        })) : '',
        comparison.groups.length > 1 ? el('label', {}, 'baseline ', chooser('baseline', comparison.groups.map((group) => [group.key, group.label]), state.base,
          change('base', true))) : '',
        toggle('frontiers', (value) => { state.lines = value; fill(); }, state.lines),
        toggle('count degraded', (value) => { state.degraded = value; update(); }, state.degraded),
        toggle('log x', (value) => { state.logX = value; fill(); }, state.logX), toggle('log y', (value) => { state.logY = value; fill(); }, state.logY),
        el('button', { type: 'button', on: { click: () => saveText('comparison.csv', csv(comparison, state), 'text/csv') } }, 'CSV'),
        el('button', { type: 'button', on: { click: () => savePng([frame.canvas], plot.title) } }, 'PNG'));
      on.replaceChildren(chooser('Metric of the limit', [['', 'x: ' + comparison.metric(state.x).label]].concat(
        [...comparison.metrics.values()].filter((metric) => metric.better !== 'neither').map((metric) => [metric.name, metric.label])),
      state.on, change('on', false)));
      const again = focused && frame.controls.querySelector('[aria-label="' + CSS.escape(focused) + '"]');
      if (again) {
        again.focus({ preventScroll: true });
      }
    }
    update();
    onRedraw(frame.canvas, fill);
    return el('div', {}, frame.box, panel,
      el('h2', {}, 'At a fixed limit'), el('p', { class: 'cv-limit' }, el('label', {}, 'Limit: ', on), ' ', relation, ' ', input, unit), limits, points);
  }

  window.CaravanFrontier = { section: section, settings: settingsSection, findings: findingsSection, pareto: pareto, within: within };
})();
