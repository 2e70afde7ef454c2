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
  }).filter((line) => !state.plain && line.data.length > 1);
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
  return values.concat(requests === null || values.some((text) => text.includes(', n = ')) ? [] : [requestCount(requests) + ' requests'],
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
    parts.push('Thick line: the frontier of all ' + comparison.groups.length + (comparison.groups.length > 1 ? ' lines' : ' line')
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
    parts.push(el('span', { class: 'cv-bad' }, 'Left out because it lacks ' + x.label + ' or ' + y.label + ': ' + listed(lacking) + '. '));
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
  const limit = columnName(comparison, name) + (comparison.metric(name).better === 'higher' ? ' ≥ ' : ' ≤ ') + state.limit;
  const head = ['Batch', columnName(comparison, state.y) + ' at ' + limit, 'vs. baseline', 'Points', (gain.better === 'lower' ? 'Lowest' : 'Highest') + ' measured within it']
    .concat(anyFound ? ['Findings'] : []);
  return [el('div', { class: 'cv-scroll', tabindex: '0', role: 'region', 'aria-label': 'Batches at the limit' },
    el('table', { class: 'cv-runs cv-points' }, el('thead', {}, el('tr', {}, head.map((text, i) =>
      el('th', { scope: 'col', class: i > 0 && i < 4 ? 'cv-num' : undefined }, text)))),
    el('tbody', {}, sorted.map((row) => limitRow(comparison, state, row, picked, anyFound))))),
  el('p', { class: 'cv-note' }, '≈: on the straight line between the two measured points of the frontier on both sides of the limit. '
    + 'A line with all points within the limit shows its best point. These are single estimates; the verdict accounts for noise.')];
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
