/* ---- heat maps and bars ---- */

/** The label of an axis that several metrics share. */
function sharedAxis(plot, metric) {
  return plot.y.every((name) => /_p\d+$/.test(name)) ? { label: plot.title }
    : metric.unit ? { label: plot.title } : { label: 'requests', better: 'neither' };
}

/** A table of two keys with a metric as colour; with three keys, one per value of the key that makes plots of their own. */
function heat(report, plot, view) {
  const state = choices(plot.id, { metric: plot.y[0] });
  const series = plot.series[0];
  const batch = report.data.batches[series.batch];
  const keys = batch.keys.map((key, i) => i).filter((i) => batch.keys.length < 3 || i !== view.state.facet);
  if (keys.length !== 2) {
    return '';
  }
  const points = batch.points.filter((point) => view.matches(point));
  const facets = batch.keys.length < 3 ? [undefined] : unique(points.map((point) => point.values[view.state.facet]));
  const rows = unique(points.map((p) => p.values[keys[0]]));
  const columns = unique(points.map((p) => p.values[keys[1]]));
  const place = el('div', { class: facets.length > 1 ? 'cv-panels' : 'cv-panel' });
  function draw() {
    const metric = report.metric(state.metric);
    const cells = new Map();
    series.points.forEach((position) => {
      const point = batch.points[position];
      cells.set(JSON.stringify(point.values), { point: point, value: report.value(series.batch, position, state.metric),
        text: measured(report, series.batch, position, metric), rough: isRough(batch, point, metric),
        opening: (text) => opening(report, series.batch, position, text) });
    });
    const values = [...cells.values()].map((c) => c.value).filter((v) => v !== null);
    const low = Math.min(...values);
    const high = Math.max(...values);
    const at = (facet, row, column) => cells.get(JSON.stringify(batch.keys.map((key, i) => (i === keys[0] ? row : i === keys[1] ? column : facet))));
    place.replaceChildren(...facets.map((facet) => el('div', { class: 'cv-scroll' }, el('table', { class: 'cv-heat' },
      el('caption', {}, (facet === undefined ? '' : keyName(batch.keys[view.state.facet]) + ' ' + format(facet) + ': ')
        + metric.label + (metric.unit ? ' (' + metric.unit + ')' : '')
        + (metric.better === 'lower' ? ', lower is better' : metric.better === 'higher' ? ', higher is better' : '')),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, keyName(batch.keys[keys[0]]) + ' \\ ' + keyName(batch.keys[keys[1]])),
        columns.map((c) => el('th', { scope: 'col' }, format(c))))),
      el('tbody', {}, rows.map((r) => el('tr', {}, el('th', { scope: 'row' }, format(r)),
        columns.map((c) => heatCell(at(facet, r, c), metric, low, high)))))))));
  }
  const box = el('figure', { class: 'cv-plot ' + (facets.length > 1 ? 'cv-facets' : 'cv-first'), id: 'plot-' + plot.id },
    el('figcaption', {}, el('strong', {}, keys.map((i) => keyName(batch.keys[i])).join(' × ')), el('div', { class: 'cv-controls' },
      chooser('Metric', plot.y.map((name) => [name, report.metric(name).label]), state.metric,
        (value) => { state.metric = value; draw(); }))),
    place, el('p', { class: 'cv-note' }, countNote(report, plot, [state.metric])));
  keepDrawing(box, draw);
  return box;
}

function heatCell(cell, metric, low, high) {
  if (!cell) {
    return el('td', { class: 'cv-none' }, '');
  }
  const { point, value } = cell;
  const found = alarms(point).map(findingText);
  if (value === null && isCompleted(point)) {
    return el('td', { class: 'cv-none', title: ['no value'].concat(found).join('\n') }, cell.opening(found.length ? '– !' : '–'));
  }
  if (value === null) {
    return isOpen(point) ? el('td', { class: 'cv-none', title: 'pending' }, '·')
      : el('td', { class: 'cv-failed', title: stateLabel(point) + ' ' + reason(point) }, cell.opening('✕'));
  }
  const share = high > low ? (value - low) / (high - low) : 0.5;
  const td = el('td', { title: [cell.text + (point.state === 'degraded' ? ', degraded: ' + reason(point) : '')]
    .concat(found).join('\n') },
    cell.opening((cell.rough ? '~' : '') + format(value) + (point.state === 'degraded' ? ' ○' : found.length ? ' !' : '')));
  // One hue from light to dark, which also works in greyscale and for colour-blind readers.
  td.style.backgroundColor = 'hsl(205 75% ' + (94 - 46 * share) + '%)'; // light enough for black text
  td.style.color = '#000';
  return td;
}

function unique(values) {
  const seen = new Map();
  values.forEach((value) => seen.set(JSON.stringify(value), value));
  return [...seen.values()];
}

function bars(report, plot, view) {
  const state = choices(plot.id, { logY: false });
  const shown = view.panels(plot);
  const drawn = Object.assign({}, plot, { series: shown.series });
  const frame = plotFrame(plot, [toggle('log y', (on) => { state.logY = on; draw(); }, state.logY)],
    shown.panels.map((panel) => panel.title));
  const metrics = plot.y.map((name) => report.metric(name));
  const categories = unique(shown.series.flatMap((series) => series.points.map((position) =>
    report.data.batches[series.batch].points[position].values[report.keyAt(series.batch, plot.x)])));
  function config(panel) {
    const colours = theme();
    const whisker = [];
    const datasets = panel.series.map((series, at) => {
      const batch = report.data.batches[series.batch];
      const data = categories.map((category, index) => {
        const position = series.points.find((p) =>
          JSON.stringify(batch.points[p].values[report.keyAt(series.batch, plot.x)]) === JSON.stringify(category));
        if (position === undefined) {
          return { x: format(category), y: null };
        }
        const values = plot.y.map((name) => report.value(series.batch, position, name));
        if (values.length > 1 && values[0] !== null) {
          whisker.push({ dataset: at, index: index, from: values[0], to: values[values.length - 1],
            middle: values.length > 2 ? values[1] : null });
        }
        return { x: format(category), y: values[0], values: values, name: report.name(series.batch, position),
          open: opener(report, series.batch, position),
          note: values.slice(1).map((value, i) => metrics[i + 1].label + ' ' + format(value)).join(', '),
          text: (metric) => measured(report, series.batch, position, metric), point: batch.points[position] };
      });
      const colour = colours.colours[series.line % colours.colours.length];
      const hollow = (c) => c.raw && c.raw.point && c.raw.point.state === 'degraded';
      return { label: series.label || batch.id, data: data, borderColor: colour, borderWidth: 2, shape: 'rect',
        backgroundColor: (c) => (hollow(c) ? 'transparent' : colour) };
    });
    const top = Math.max(0, ...whisker.map((w) => w.to || 0));
    return {
      type: 'bar',
      data: { labels: categories.map(format), datasets: datasets },
      options: {
        interaction: { mode: 'nearest', intersect: true },
        scales: {
          x: { title: { display: true, text: plot.x.replace(/^key:/, ''), color: colours.text },
            ticks: { color: colours.weak }, grid: { display: false } },
          y: scale(axisName(metrics[0]), state.logY, { suggestedMax: top }),
        },
        caravan: { whiskers: whisker, bounds: { y: report.bounds(plot, plot.y) } },
        plugins: { tooltip: tooltip((item) => metrics.map((metric) => metric.label + ': ' + item.raw.text(metric))
          .concat(alarms(item.raw.point).map(findingText))) },
      },
    };
  }
  function draw() {
    drawPanels(frame, (panel, i) => config(shown.panels[i]));
  }
  keepDrawing(frame.box, draw);
  if (metrics.length > 1) {
    frame.note.append('Bars: ' + metrics[0].label + '; whiskers: up to ' + metrics[metrics.length - 1].label + '. ');
  }
  frame.note.append(...hiddenNote(shown), countNote(report, drawn, plot.y));
  return frame.box;
}

function draw(report, plot, limits, view) {
  switch (plot.kind) {
    case 'curve':
      return curve(report, plot, limits, view);
    case 'tradeoff':
      return curve(report, plot, null, view);
    case 'lines':
      return lines(report, plot, view);
    case 'heat':
      return heat(report, plot, view);
    default:
      return bars(report, plot, view);
  }
}

/** The plots of a batch, or the overlays (-1), with the choice of what they show. */
function plotSection(report, at, plots, first, limits) {
  const view = new View(report, at);
  const place = el('div', {});
  function fill() {
    const open = document.activeElement && place.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null;
    clear(place);
    place.replaceChildren(...view.controls(plots, fill),
      el('div', { class: 'cv-plots' }, plots.map((plot) => draw(report, plot, plot === first ? limits : null, view))));
    if (at >= 0 && tables.has(report.data.batches[at].id)) {
      tables.get(report.data.batches[at].id)();
    }
    const again = open && [...place.querySelectorAll('[aria-label]')].find((element) => element.getAttribute('aria-label') === open);
    if (again) {
      again.focus();
    }
  }
  fill();
  return place;
}

/** Forgets what is drawn in a place, before something else is. */
function clear(place) {
  place.querySelectorAll('canvas').forEach((canvas) => {
    if (charts.has(canvas)) {
      charts.get(canvas).destroy();
      charts.delete(canvas);
    }
  });
  redraws = redraws.filter((each) => !place.contains(each.element));
}
