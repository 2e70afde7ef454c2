/* ---- one plot ---- */

/** The frame of a plot: a caption with controls, a canvas per panel, a legend, a note, and the data as a table. */
function plotFrame(plot, extra, titles) {
  const panels = (titles || ['']).map((title) => ({ title: title,
    canvas: el('canvas', { role: 'img', 'aria-label': plot.title + (title ? ', ' + title : '') }) }));
  const note = el('p', { class: 'cv-note' });
  const key = el('ul', { class: 'cv-legend' });
  const controls = el('div', { class: 'cv-controls' }, extra, el('button', { type: 'button', 'aria-label': 'PNG of ' + plot.title,
    on: { click: () => savePng(panels.map((panel) => panel.canvas), plot.title) } }, 'PNG'));
  const box = el('figure', { class: 'cv-plot' + (panels.length > 1 ? ' cv-facets' : ''), id: 'plot-' + plot.id },
    el('figcaption', {}, el('strong', {}, plot.title), controls),
    el('div', { class: panels.length > 1 ? 'cv-panels' : 'cv-panel' }, panels.map((panel) => el('div', {},
      panel.title ? el('p', { class: 'cv-panel-title' }, panel.title) : '', el('div', { class: 'cv-canvas' }, panel.canvas)))),
    key, note, dataOf(plot, panels));
  return { box: box, panels: panels, canvas: panels[0].canvas, note: note, key: key, controls: controls };
}

/** The values that a plot draws, as a table that is filled when it is opened. */
function dataOf(plot, panels) {
  const place = el('div', { class: 'cv-scroll', tabindex: '0', role: 'region', 'aria-label': 'Data of ' + plot.title });
  const fold = details('data-' + plot.id, 'Data', place);
  fold.classList.add('cv-data');
  const fill = () => {
    if (fold.open) {
      place.replaceChildren(...dataTable(plot, panels));
    }
  };
  fold.addEventListener('toggle', fill);
  panels.forEach((panel) => { panel.canvas.afterDraw = fill; });
  return fold;
}

function dataTable(plot, panels) {
  const rows = panels.flatMap((panel) => {
    const chart = charts.get(panel.canvas);
    return !chart ? [] : chart.data.datasets.filter((set) => !set.hiddenInLegend).flatMap((set) => set.data
      .filter((at) => at && at.y !== null && !Number.isNaN(at.y))
      .map((at) => [panel.title, set.label || '', at.name || '', at.x, at.y, at.note || (at.degraded ? 'degraded' : '')]));
  });
  const scales = (charts.get(panels[0].canvas) || { options: { scales: {} } }).options.scales;
  const name = (axis) => scales[axis] && scales[axis].title ? scales[axis].title.text.replace(/ (→|·) .*$/, '') : axis;
  const heads = ['Panel', 'Line', 'Point', name('x'), scales.right ? name('y') + ' or ' + name('right') : name('y'), 'Remark'];
  const used = heads.map((head, i) => i === 3 || i === 4 || rows.some((row) => row[i] !== ''));
  const cells = (row, make) => row.filter((cell, i) => used[i]).map(make);
  const numeric = heads.map((head, i) => rows.every((row) => typeof row[i] === 'number')).filter((each, i) => used[i]);
  return [el('table', { class: 'cv-runs' }, el('caption', {}, plot.title),
    el('thead', {}, el('tr', {}, cells(heads, (head, i) => el('th', { scope: 'col', class: numeric[i] ? 'cv-num' : undefined }, head)))),
    el('tbody', {}, rows.slice(0, MAX_DATA).map((row) => el('tr', {},
      cells(row, (cell, i) => el('td', { class: numeric[i] ? 'cv-num' : undefined }, format(cell))))))),
  rows.length > MAX_DATA ? el('p', { class: 'cv-weak' }, 'The first ' + MAX_DATA + ' of ' + format(rows.length) + ' values.') : ''];
}

/** Draws the panels of a plot on axes that all of them share, and keeps them for a change of colours. */
function drawPanels(frame, configOf) {
  const configs = frame.panels.map(configOf);
  if (configs.length > 1) {
    shareAxes(configs);
  }
  const lines = configs[0] ? configs.flatMap((config) => config.data.datasets.filter((set) => set.label && !set.hiddenInLegend)) : [];
  const named = new Map(lines.map((set) => [set.label, set]));
  const own = configs.length > 1 || named.size > 6;
  frame.key.replaceChildren(...(own && named.size > 1 ? [...named.values()].map((set) => {
    const symbol = el('span', { 'aria-hidden': 'true' }, SYMBOLS[SHAPES.indexOf(set.shape)] || SYMBOLS[0]);
    symbol.style.color = set.borderColor;
    return el('li', {}, symbol, ' ' + set.label);
  }) : []));
  configs.forEach((config, i) => {
    if (own) {
      config.options.plugins.legend = { display: false };
    }
    drawChart(frame.panels[i].canvas, config);
  });
}

function shareAxes(configs) {
  configs.forEach((config) => Object.values(config.options.scales).forEach((each) => {
    each.title.text = each.title.text.replace(/ → (higher|lower) is better/, ''); // too long for a small plot
  }));
  for (const axis of ['x', 'y']) {
    const values = configs.flatMap((config) => config.data.datasets.flatMap((set) => set.data.map((at) => at && at[axis])))
      .filter((value) => typeof value === 'number' && !Number.isNaN(value));
    const isNumber = configs.every((config) => config.options.scales[axis].type);
    if (values.length && isNumber) {
      configs.forEach((config) => { config.options.scales[axis].suggestedMax = Math.max(...values); });
      if (configs[0].options.scales[axis].type === 'logarithmic') {
        configs.forEach((config) => { config.options.scales[axis].suggestedMin = Math.min(...values.filter((value) => value > 0)); });
      }
    }
  }
}

function keepDrawing(element, draw) {
  draw();
  redraws.push({ element: element, draw: draw });
}

function toggle(text, onChange, on) {
  const button = el('button', { type: 'button', 'aria-pressed': String(Boolean(on)) }, text);
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(on));
    onChange(on);
  });
  return button;
}

function chooser(label, options, chosen, onChange) {
  const select = el('select', { 'aria-label': label },
    options.map(([value, text]) => el('option', { value: value, selected: value === chosen }, text)));
  select.addEventListener('change', () => onChange(select.value));
  return select;
}

function pointStyle(colour, knees, line) {
  const colours = theme();
  return {
    clip: EDGE, // so that points on an axis are not cut off
    shape: SHAPES[line % SHAPES.length],
    pointStyle: SHAPES[line % SHAPES.length],
    pointRadius: (c) => (knees && c.raw && c.raw.knee ? 8 : 5),
    pointHoverRadius: 8,
    pointHitRadius: 6,
    pointBorderWidth: (c) => (knees && c.raw && (c.raw.pareto || c.raw.knee) ? 3 : 2),
    pointBackgroundColor: (c) => (c.raw && c.raw.degraded ? colours.ground : c.raw && c.raw.rough ? colours.weak : colour),
    pointBorderColor: (c) => (knees && c.raw && c.raw.pareto ? colours.text : c.raw && c.raw.rough ? colours.weak : colour),
  };
}

function tooltip(label) {
  return {
    callbacks: {
      title: (items) => items.map((item) => item.raw.name || item.label).filter((n, i, all) => all.indexOf(n) === i),
      label: label,
    },
  };
}

/** How many requests the percentiles of a plot are of, and whether they are enough. */
function countNote(report, plot, names) {
  const metrics = names.map((name) => report.metric(name)).filter((metric) => metric.samples);
  const drawn = plot.series.flatMap((series) => series.points.map((position) => [report.data.batches[series.batch],
    report.data.batches[series.batch].points[position]])).filter(([, point]) => isCompleted(point));
  const counts = drawn.map(([batch, point]) => count(batch, point)).filter((n) => n !== null);
  if (!metrics.length || !counts.length) {
    return '';
  }
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  const rough = metrics.filter((metric) => drawn.some(([batch, point]) => isRough(batch, point, metric)));
  return requestCount(low) + (high > low ? ' to ' + format(Math.round(high)) : '') + ' requests per run. '
    + (rough.length ? 'Grey, ~: too few; a ' + rough[rough.length - 1].label + ' needs '
      + format(Math.max(...rough.map((metric) => metric.samples))) + '. ' : '');
}

/** What is not drawn as it is, told once per batch: runs without data by their reason, disturbed and pending ones. */
function outcomeSection(report, at) {
  const batch = report.data.batches[at];
  const several = report.data.batches.length > 1;
  const groups = new Map();
  const add = (kind, text, position) => {
    const key = kind + text;
    groups.set(key, groups.get(key) || { kind: kind, text: text, positions: [] });
    groups.get(key).positions.push(position);
  };
  batch.points.forEach((point, position) => {
    if (isOpen(point)) {
      add('open', point.state === 'running' ? 'Running' : 'Pending', position);
    } else if (!isCompleted(point)) {
      add('bad', '✕ No data, ' + stateLabel(point) + (reason(point) ? ': ' + reason(point) : ''), position);
    } else if (point.state === 'degraded') {
      add('degraded', '○ Degraded' + (reason(point) ? ': ' + reason(point) : ''), position);
    } else if (alarms(point).length) {
      add('warned', '! Warnings: ' + alarms(point).map((check) => check.id).join(', '), position);
    }
  });
  const named = (group) => (batch.keys.length ? ': ' + group.positions.slice(0, MAX_NAMED)
    .map((position) => keyNames(batch, batch.points[position])).join('; ')
    + (group.positions.length > MAX_NAMED ? ' and ' + (group.positions.length - MAX_NAMED) + ' more; the table has all' : '') : '');
  const styles = { bad: 'cv-bad', open: 'cv-weak' };
  return groups.size ? [el('ul', { class: 'cv-outcomes', 'aria-label': 'Runs that are left out or drawn differently' + (several ? ', ' + batch.id : '') },
    ['bad', 'degraded', 'warned', 'open'].flatMap((kind) => [...groups.values()].filter((group) => group.kind === kind)
      .map((group) => el('li', { class: styles[kind] }, group.text + ' (' + group.positions.length + ')' + named(group)))))] : [];
}

function keyNames(batch, point) {
  return batch.keys.map((key, i) => keyName(key) + ' ' + format(point.values[i])).join(', ');
}
