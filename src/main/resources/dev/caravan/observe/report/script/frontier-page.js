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

/** Whether nothing is known of what the runs of a batch were to do. */
function isUnknown(settings) {
  return settings !== undefined && !Object.keys(settings.common).length && !settings.own.some((own) => Object.keys(own).length);
}

function settingsSection(data) {
  const differing = data.differing || [];
  if (data.batches.length < 2) {
    return [];
  }
  const unknown = data.batches.filter((batch, at) => isUnknown((data.settings || [])[at])).map((batch) => batch.id);
  const note = unknown.length ? el('p', {}, 'Settings unknown for ' + listed(unknown) + '.') : '';
  if (!differing.length) {
    return [el('h2', {}, 'Settings that differ'), el('p', {}, unknown.length ? 'None known.' : 'None: these batches have the same settings, labels and versions.'), note];
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
  return [el('h2', {}, 'Settings that differ'), note, place, more];
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
    worse.length ? el('ul', {}, worse.map(item)) : el('p', {}, 'The checks found nothing that changes what the numbers mean.'),
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
    const from = panel.contains(document.activeElement) ? panel : document.activeElement;
    const close = () => {
      panel.hidden = true;
      (from.isConnected && from !== panel && from !== document.body ? from : points.querySelector('summary')).focus();
    };
    panel.replaceChildren(...pointPanel(comparison, state, group, position, options, close).filter(Boolean));
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
      toggle('frontiers', (value) => { state.plain = !value; fill(); }, !state.plain),
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
