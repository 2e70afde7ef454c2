/*
 * The head of a report: four tiles about a batch, and the limits that the second one keeps.
 *
 *   const headline = headlineOf()
 *   headline.limits(report)                    the limits of a report, which plots and tiles share
 *   headline.section(report, drawn, limits, isAnswered)    tiles and the form of the limits, to be put above the plots
 */
function headlineOf() {
  const FAMILIES = ['ttft_ms', 'itl_ms', 'request_latency_ms'];
  const DEFAULTS = { ttft_ms_p99: 500 }; // without bounds in the config

  /** A bound as it was set: rounded, it would be another one. */
  function exact(bound) {
    return bound.toLocaleString('en-US', { maximumFractionDigits: 17 });
  }

  function names(report) {
    return [...new Set(report.data.batches.flatMap((batch) => batch.metrics.map((metric) => metric.name)))];
  }

  /** The bounds that all batches with bounds share. */
  function bounds(report) {
    const each = report.data.batches.filter((batch) => batch.slo).map((batch) => batch.slo.bounds);
    return Object.fromEntries(Object.entries(each[0] || {}).filter(([name, bound]) => each.every((other) => other[name] === bound)));
  }

  /** The limits of a report: those that the reader can change, and the other bounds of the config. */
  function limits(report) {
    const all = names(report);
    const slo = bounds(report);
    const bounded = Object.keys(slo).length > 0;
    const editable = FAMILIES.flatMap((family) => {
      const own = all.filter((name) => name.startsWith(family));
      const inSlo = own.filter((name) => slo[name] !== undefined);
      return inSlo.length ? inSlo : own.filter((name) => name.endsWith('_p99'));
    });
    const state = choices('limits', Object.fromEntries(editable.map((name) => [name, slo[name] || (bounded ? 0 : DEFAULTS[name] || 0)])));
    const fixed = Object.keys(slo).filter((name) => !editable.includes(name));
    let listeners = []; // what changes with the limits, while its element is on the page
    const metric = (name) => report.metric(name);
    const asked = () => editable.filter((name) => state[name] > 0).map((name) => [name, state[name]])
      .concat(fixed.map((name) => [name, slo[name]]));
    return {
      editable: editable.map(metric),
      bounded: bounded,
      value: (name) => state[name] || 0,
      set: (name, value) => {
        state[name] = value;
        listeners = listeners.filter((each) => each.element.isConnected);
        listeners.forEach((each) => each.change());
      },
      listen: (element, change) => listeners.push({ element: element, change: change }),
      any: () => asked().length > 0,
      /** The limits in words. */
      text: () => asked().map(([name, bound]) => metric(name).label + (metric(name).better === 'higher' ? ' ≥ ' : ' ≤ ')
        + withUnit(exact(bound), metric(name))).join(', '),
      /** Whether a point keeps all limits; degraded ones do not count. */
      keeps: (from, batch, position) => from.data.batches[batch].points[position].state === 'succeeded'
        && asked().every(([name, bound]) => {
          const value = from.value(batch, position, name);
          return value !== null && (metric(name).better === 'higher' ? value >= bound : value <= bound);
        }),
    };
  }

  function throughput(batch) {
    return batch.metrics.find((metric) => metric.name === 'output_tokens_per_s')
      || batch.metrics.find((metric) => metric.name === 'request_throughput_rps');
  }

  /** The point of a batch with the highest value of a metric; -1 without any. */
  function best(drawn, at, metric, counts) {
    return drawn.data.batches[at].points.reduce((found, point, position) => {
      const value = drawn.value(at, position, metric.name);
      return value !== null && counts(position) && (found < 0 || value > drawn.value(at, found, metric.name)) ? position : found;
    }, -1);
  }

  /** Where a point is, how many requests say so, and what to know of it. */
  function where(drawn, at, position) {
    const batch = drawn.data.batches[at];
    const point = batch.points[position];
    const index = batch.metrics.findIndex((metric) => metric.name === 'requests');
    const n = index < 0 ? null : point.metrics[index];
    const place = batch.keys.map((key, i) => key.name + ' ' + format(point.values[i])).join(', ');
    const open = opener(drawn, at, position);
    return [place ? ['at ', open && open.href ? el('a', { href: open.href }, place) : place, ' · '] : '',
      n === null ? '' : requestCount(n) + ' requests' + (point.repeats ? ' a run, mean of ' + point.counted : ''),
      point.state === 'degraded' ? ' · ○ degraded' : '',
      alarms(point).length ? ' · ! ' + [...new Set(alarms(point).map((check) => check.id))].join(', ') : ''].flat();
  }

  function tile(title, value, text, kind) {
    return el('div', { class: 'cv-tile' + (kind ? ' cv-tile-' + kind : '') }, el('h2', {}, title),
      el('p', { class: 'cv-tile-value' }, value), el('p', { class: 'cv-tile-text' }, text));
  }

  function peakTile(drawn, at, metric) {
    const peak = metric ? best(drawn, at, metric, () => true) : -1;
    return peak < 0 ? tile('Peak throughput', '–', 'no run completed')
      : tile('Peak throughput', withUnit(drawn.value(at, peak, metric.name), metric), where(drawn, at, peak));
  }

  function limitTile(drawn, at, metric, limits) {
    const title = 'Best within limits';
    if (!limits.any()) {
      return tile(title, '–', 'no limit is set');
    }
    const found = metric ? best(drawn, at, metric, (position) => limits.keeps(drawn, at, position)) : -1;
    const points = drawn.data.batches[at].points;
    const open = points.some(isOpen) ? ' so far' : '';
    const uncounted = points.some((point) => point.state === 'degraded') ? ' (degraded points do not count)' : '';
    return found < 0 ? tile(title, 'none' + open, 'no point meets ' + limits.text() + uncounted, limits.bounded ? 'bad' : '')
      : tile(title + open, withUnit(drawn.value(at, found, metric.name), metric), where(drawn, at, found).concat(' · ' + limits.text()));
  }

  function kneeTile(drawn, at) {
    const plot = drawn.data.plots.find((each) => each.kind === 'tradeoff' && each.id.startsWith('b' + at + '-'));
    const knees = plot ? plot.series.filter((series) => series.knee >= 0) : [];
    if (!knees.length) {
      const points = drawn.data.batches[at].points.filter(isCompleted).length;
      return tile('Knee', 'none', points < 3 ? 'it needs three points' : 'latency does not bend away from throughput');
    }
    const gain = drawn.metric(plot.y[0]);
    const cost = drawn.metric(plot.x);
    const value = (series, metric) => drawn.value(at, series.knee, metric.name);
    const first = knees.reduce((a, b) => (value(b, gain) > value(a, gain) ? b : a));
    return tile('Knee', (first.key >= 0 ? drawn.data.batches[at].keys[first.key].name + ' ' : '') + drawn.label(first, first.knee),
      [first.label ? first.label + ' · ' : '', withUnit(value(first, gain), gain), ', ', cost.label, ' ', withUnit(value(first, cost), cost),
        knees.length > 1 ? ' · ' + (knees.length - 1) + ' more in the plot' : '']);
  }

  function problemsTile(report, at) {
    const batch = report.data.batches[at];
    const ended = batch.points.filter((point) => !isOpen(point));
    const count = (state) => ended.filter((point) => point.state === state).length;
    const sum = (name) => batch.points.reduce((all, point, i) => all + (isOpen(point) ? 0 : report.value(at, i, name) || 0), 0);
    const failed = ended.filter((point) => !isCompleted(point) && point.state !== 'cancelled').length;
    const errors = sum('errors');
    const found = ((batch.checks || {}).found || []).filter((each) => each.level !== 'note');
    const parts = [failed ? failed + ' of ' + ended.length + ' runs failed' : '', count('degraded') ? count('degraded') + ' degraded' : '',
      count('cancelled') ? count('cancelled') + ' cancelled' : '',
      found.length ? found.length + (found.length > 1 ? ' findings: ' : ' finding: ') + found.map((each) => each.id + ' in ' + each.runs).join(', ') : '']
      .filter(Boolean);
    const requests = format(errors) + ' of ' + format(sum('requests') + errors) + ' requests' + (failed ? ' of the other runs' : '') + ' failed';
    return tile('Errors and findings', parts.length ? parts[0] : errors ? format(errors) + (errors > 1 ? ' errors' : ' error') : ended.length ? 'none' : '–',
      parts.slice(1).concat(ended.length ? requests : 'no run has ended').join(' · '), failed ? 'bad' : parts.length || errors ? 'warn' : ended.length ? 'good' : '');
  }

  function tiles(report, drawn, limits) {
    const metric = throughput(report.data.batches[0]);
    const box = el('div', { class: 'cv-tiles' });
    const fill = () => box.replaceChildren(peakTile(drawn, 0, metric), limitTile(drawn, 0, metric, limits), kneeTile(drawn, 0), problemsTile(report, 0));
    fill();
    limits.listen(box, fill);
    return box;
  }

  function form(limits) {
    return el('div', { class: 'cv-limit', role: 'group', 'aria-label': 'Limits' }, el('strong', {}, 'Limits '), limits.editable.map((metric) => {
      const id = 'limit-' + metric.name;
      const input = el('input', { type: 'number', min: '0', step: 'any', inputmode: 'decimal', id: id, value: limits.value(metric.name) || '', placeholder: 'none' });
      input.addEventListener('input', () => limits.set(metric.name, Number(input.value) > 0 ? Number(input.value) : 0));
      return el('span', {}, el('label', { for: id }, metric.label + ' ≤ '), input, ' ' + metric.unit);
    }));
  }

  /** The head of a report; of several batches only the limits, if a plot tells what is within them. */
  function section(report, drawn, limits, isAnswered) {
    const one = report.data.batches.length === 1;
    return el('section', { class: 'cv-headline', 'aria-label': 'Headline' }, one ? tiles(report, drawn, limits) : '',
      limits.editable.length && (one || isAnswered) ? form(limits) : '');
  }

  return { limits: limits, section: section };
}
