/* ---- the table ---- */

function table(report, batch) {
  const data = report.data.batches[batch];
  const state = { key: null, down: false, rows: INITIAL_ROWS };
  const columns = [{ head: 'Outcome', value: (p) => p.state, text: stateLabel }]
    .concat(data.slo ? [{ head: 'SLO', value: (p) => p.slo, text: sloLabel }] : [])
    .concat(data.keys.map((key, i) => ({ head: key.name, value: (p) => p.values[i], number: key.ordered })))
    .concat(data.metrics.map((metric, i) => ({
      head: metric.label, metric: metric, unit: metric.label.includes('/s') ? '' : metric.unit, number: true,
      decimals: decimals(data.points.filter(isCompleted).map((p) => (p.metrics ? p.metrics[i] : null))),
      value: (p) => (p.metrics ? p.metrics[i] : null) })));
  const body = el('tbody', {});
  const more = el('p', {});
  const filtered = el('p', { class: 'cv-weak', role: 'status' });
  const head = el('tr', {}, columns.map((column, i) => {
    const button = el('button', { type: 'button' }, column.head, column.unit ? el('small', {}, ' ' + column.unit) : '');
    const th = el('th', { scope: 'col', class: column.number ? 'cv-num' : undefined,
      'data-head': column.head + (column.unit ? ' ' + column.unit : '') }, button);
    button.addEventListener('click', () => {
      state.down = state.key === i ? !state.down : false;
      state.key = i;
      [...head.children].forEach((other) => other.removeAttribute('aria-sort'));
      th.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
      fill();
    });
    return th;
  }));
  function fill() {
    const view = savedChoices.get('view-' + data.id);
    const points = data.points.filter((point) => !view || matches(view, point));
    if (state.key !== null) {
      const column = columns[state.key];
      points.sort((a, b) => compare(column.value(a), column.value(b), state.down));
    }
    const shownPoints = points.slice(0, state.rows);
    body.replaceChildren(...shownPoints.flatMap((point) => row(columns, data, point,
      (text) => opening(report, batch, data.points.indexOf(point), text))));
    filtered.textContent = points.length < data.points.length
      ? points.length + ' of ' + data.points.length + ' runs, as chosen above the plots.' : '';
    more.replaceChildren(points.length > shownPoints.length
      ? el('button', { type: 'button', on: { click: () => { state.rows = Infinity; fill(); } } },
        'Show all ' + points.length + ' runs') : '');
  }
  fill();
  tables.set(data.id, fill);
  return [el('h2', {}, report.data.batches.length > 1 ? 'Runs of ' + data.id : 'Runs'), filtered,
    el('div', { class: 'cv-scroll cv-sheet', tabindex: '0', role: 'region', 'aria-label': 'Table of all runs of ' + data.id },
      el('table', { class: 'cv-runs' }, el('thead', {}, head), body)), more,
    data.total > data.points.length ? el('p', { class: 'cv-weak' }, (data.total - data.points.length) + ' runs that have not started are not listed.') : ''];
}

/** The row of a run, and one below it for what the checks found. */
function row(columns, batch, point, opening) {
  const named = columns.filter((column) => !column.metric).length;
  const names = columns.slice(0, named).map((column, i) => el(i === 0 ? 'th' : 'td',
    { scope: i === 0 ? 'row' : undefined, class: (column.number ? 'cv-num ' : '') + (i === 0 ? 'cv-state cv-' + point.state : '') },
    i === 0 ? opening(symbol(point) + column.text(point)) : column.text ? column.text(point) : format(column.value(point))));
  const found = alarms(point);
  const findings = found.length ? [el('tr', { class: 'cv-findings' }, el('td', { colspan: columns.length },
    found.map((check) => el('p', {}, finding(check)))))] : [];
  if (!isCompleted(point)) {
    const told = found.some((check) => (point.reason || '').startsWith(check.id + ': '));
    const message = isOpen(point) ? point.reason || '' : told ? 'the numbers are meaningless' : reason(point);
    return [el('tr', { class: 'cv-row-' + (isOpen(point) ? 'open' : 'failed') }, names,
      el('td', { colspan: columns.length - named }, message)), ...findings];
  }
  return [el('tr', { title: point.state === 'degraded' && reason(point) ? reason(point) : undefined }, names,
    columns.slice(named).map((column) => metricCell(batch, point, column))), ...findings];
}

function metricCell(batch, point, column) {
  const interval = (point.intervals || {})[column.metric.name];
  const rough = isRough(batch, point, column.metric);
  const missed = (point.slo_missed || []).includes(column.metric.name);
  return el('td', { class: 'cv-num' + (rough ? ' cv-rough' : '') + (missed ? ' cv-bad' : ''),
    title: rough ? 'Too few requests: this percentile needs ' + column.metric.samples : undefined },
  (rough ? '~' : '') + fixed(column.value(point), column.decimals),
  interval ? el('small', {}, '[' + interval.map((end) => fixed(end, column.decimals)).join(', ') + ']') : '');
}

/** Decimals for all values of a column: the smallest keeps three digits unless the largest then has more than five. */
function decimals(values) {
  const known = values.filter((value) => typeof value === 'number');
  if (known.every(Number.isInteger)) {
    return 0;
  }
  const positive = known.filter((value) => value > 0);
  return Math.min(12, Math.max(0, 3 - integerDigits(Math.min(...positive))), Math.max(0, 5 - integerDigits(Math.max(...positive))));
}

function fixed(value, digits) {
  return typeof value === 'number' ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : format(value);
}

function sloLabel(point) {
  return !isCompleted(point) ? '' : point.slo === 'kept' ? '✓ met' : point.slo === 'missed' ? '✕ missed' : 'unknown';
}

function symbol(point) {
  return point.state === 'succeeded' ? '● ' : point.state === 'degraded' ? '○ ' : isOpen(point) ? '· ' : '✕ ';
}

function compare(a, b, down) {
  const none = (v) => v === null || v === undefined;
  if (none(a) || none(b)) {
    return none(a) - none(b); // absent values come last in either order
  }
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return down ? -order : order;
}
