/* ---- plots over a numeric key ---- */

function curve(report, plot, limits, view) {
  const x = report.metric(plot.x);
  const y = report.metric(plot.y[0]);
  const state = choices(plot.id, { logX: false, logY: false });
  const shown = view.panels(plot);
  const drawn = Object.assign({}, plot, { series: shown.series });
  const frame = plotFrame(plot, [
    toggle('log x', (on) => { state.logX = on; draw(); }, state.logX),
    toggle('log y', (on) => { state.logY = on; draw(); }, state.logY),
  ], shown.panels.map((panel) => panel.title));
  const knees = plot.kind === 'tradeoff';
  // A trade-off has throughput on the x axis and latency on the y axis.
  function dataset(series) {
    const colour = theme().colours[series.line % theme().colours.length];
    const batch = report.data.batches[series.batch];
    return Object.assign({
      label: series.label || batch.id,
      data: series.points.map((position) => {
        const point = batch.points[position];
        const px = report.value(series.batch, position, plot.x);
        const py = report.value(series.batch, position, plot.y[0]);
        const present = px !== null && py !== null;
        const rough = isRough(batch, point, x) || isRough(batch, point, y);
        return {
          x: present ? (knees ? py : px) : NaN, y: present ? (knees ? px : py) : NaN,
          label: (rough ? '~' : '') + report.label(series, position) + (knees && position === series.knee ? ' knee' : ''),
          name: report.name(series.batch, position), degraded: point.state === 'degraded', rough: rough,
          text: (metric) => measured(report, series.batch, position, metric),
          open: opener(report, series.batch, position),
          knee: position === series.knee, pareto: series.pareto.includes(position), point: point,
          note: [point.state === 'degraded' ? 'degraded' : '', rough ? 'too few requests' : '', position === series.knee ? 'knee' : '',
            knees && series.pareto.includes(position) ? 'Pareto' : ''].filter(Boolean).join(', '),
        };
      }).filter((p) => !isOpen(p.point)),
      borderColor: colour, backgroundColor: colour, borderWidth: 2,
      borderDash: DASHES[Math.floor(series.line / COLOURS.light.length) % DASHES.length],
      // between words there is no line: they have no order
      showLine: series.key >= 0 && batch.keys[series.key].ordered, spanGaps: false,
    }, pointStyle(colour, knees, series.line));
  }
  function config(panel) {
    return {
      type: 'scatter',
      data: { datasets: panel.series.map(dataset) },
      options: {
        scales: {
          x: scale(axisName(knees ? y : x), state.logX),
          y: scale(axisName(knees ? x : y), state.logY),
        },
        caravan: { labels: true, limit: limits ? limits.value(plot.x) : 0, bounds: {
          x: report.bounds(plot, [knees ? plot.y[0] : plot.x]), y: report.bounds(plot, [knees ? plot.x : plot.y[0]]) } },
        plugins: { tooltip: tooltip((item) => [
          (knees ? y : x).label + ': ' + item.raw.text(knees ? y : x),
          (knees ? x : y).label + ': ' + item.raw.text(knees ? x : y),
        ].concat(item.raw.degraded && reason(item.raw.point) ? ['degraded: ' + reason(item.raw.point)] : [],
          alarms(item.raw.point).map(findingText),
          item.raw.knee ? ['knee: latency grows faster than throughput beyond this point'] : [],
          knees && item.raw.pareto ? ['Pareto point: no other point is better in both metrics'] : [])) },
      },
    };
  }
  function draw() {
    drawPanels(frame, (panel, i) => config(shown.panels[i]));
  }
  keepDrawing(frame.box, draw);
  frame.note.append(...hiddenNote(shown), countNote(report, drawn, [plot.x, plot.y[0]]));
  if (knees) {
    frame.note.append('Thick outline: Pareto point. Large: knee.');
  }
  if (limits) {
    frame.box.classList.add('cv-first');
    frame.box.insertBefore(answerBox(report, drawn, limits), frame.box.firstChild.nextSibling);
    limits.listen(frame.box, draw);
  }
  return frame.box;
}

/** The best point of each line within the limits, in words that follow them. */
function answerBox(report, plot, limits) {
  const box = el('output', { class: 'cv-answer', 'aria-live': 'polite' });
  const fill = () => box.replaceChildren(...(limits.any() ? answers(bestWithin(report, plot, limits)) : [el('span', {}, 'No limit set.')]));
  fill();
  limits.listen(box, fill);
  return box;
}

/** The answers as sentences; of many lines, what they have in common once, then a list. */
function answers(all) {
  if (all.length <= MANY) {
    return all.map((each) => el('span', {}, (each.line ? each.line + ': ' : '') + (each.best ? each.question + ': ' + each.best : each.none)));
  }
  const groups = new Map();
  all.forEach((each) => {
    const head = each.best ? each.question + ':' : each.none + ':';
    groups.set(head, (groups.get(head) || []).concat(each));
  });
  return [...groups].flatMap(([head, group]) => [el('span', {}, head),
    el('ul', { class: 'cv-answers' }, group.map((each) => el('li', {}, each.line + (each.best ? ': ' + each.best : ''))))]);
}

/** A value of a key with an order: a rate without a limit is above all others. */
const ordinal = (value) => (value === 'inf' ? Infinity : value);

/** For each series, the best point within the limits. Degraded points do not count. */
function bestWithin(report, plot, limits) {
  const gain = report.metric(plot.y[0]);
  return plot.series.map((series) => {
    const batch = report.data.batches[series.batch];
    const key = series.key < 0 ? null : batch.keys[series.key];
    const within = series.points.filter((position) => limits.keeps(report, series.batch, position));
    const soFar = series.points.some((position) => isOpen(batch.points[position])) ? ' so far' : '';
    const condition = limits.text();
    const degraded = series.points.some((position) => batch.points[position].state === 'degraded');
    const rank = (position) => (key && key.ordered ? ordinal(batch.points[position].values[series.key])
      : report.value(series.batch, position, plot.y[0]) || 0);
    const best = within.length ? within.reduce((a, b) => (rank(b) > rank(a) ? b : a)) : null;
    const value = best === null ? null : report.value(series.batch, best, plot.y[0]);
    return {
      line: series.full,
      question: (key && key.ordered ? 'highest ' + key.name + ' with ' : 'best with ') + condition + soFar,
      best: best === null ? '' : report.label(series, best) + (value === null ? '' : ' (' + format(value) + ' ' + (gain.unit || gain.label) + ')'),
      none: 'no point meets ' + condition + (degraded ? ' (degraded points do not count)' : '') + soFar,
    };
  });
}

/** Whether a sweep's values span so wide a range that a linear axis would crowd them near zero. */
function isWide(report, plot) {
  const values = plot.series.flatMap((series) => series.points.map((position) =>
    report.data.batches[series.batch].points[position].values[report.keyAt(series.batch, plot.x)]));
  const min = Math.min(...values);
  return min > 0 && Math.max(...values) >= WIDE_RANGE * min;
}

function lines(report, plot, view) {
  const metrics = plot.y.map((name) => report.metric(name));
  const shown = view.panels(plot);
  const drawn = Object.assign({}, plot, { series: shown.series });
  const one = shown.panels.every((panel) => panel.series.length === 1) && shown.labels.length === 1;
  const state = choices(plot.id, { logX: isWide(report, plot), logY: false, metric: plot.y.find((name) => /_p99$/.test(name)) || plot.y[0] });
  const key = plot.x.replace(/^key:/, '');
  const controls = [
    toggle('log x', (on) => { state.logX = on; draw(); }, state.logX),
    toggle('log y', (on) => { state.logY = on; draw(); }, state.logY),
  ];
  if (!one && metrics.length > 1) {
    controls.unshift(chooser('Metric', metrics.map((m) => [m.name, m.label]), state.metric,
      (value) => { state.metric = value; draw(); }));
  }
  const frame = plotFrame(plot, controls, shown.panels.map((panel) => panel.title));
  function dataPoint(series, position, name) {
    const batch = report.data.batches[series.batch];
    const point = batch.points[position];
    const rough = isRough(batch, point, report.metric(name));
    return {
      x: point.values[report.keyAt(series.batch, plot.x)],
      y: report.value(series.batch, position, name), rough: rough,
      name: report.name(series.batch, position), degraded: point.state === 'degraded', point: point,
      open: opener(report, series.batch, position),
      text: (metric) => measured(report, series.batch, position, metric),
      note: [point.state === 'degraded' ? 'degraded' : '', rough ? 'too few requests' : ''].filter(Boolean).join(', '),
    };
  }
  function config(panel) {
    const colours = theme();
    const names = one ? plot.y : [state.metric];
    const datasets = [];
    const ticks = new Set();
    const whiskers = [];
    panel.series.forEach((series) => {
      names.forEach((name, i) => {
        const colour = colours.colours[series.line % colours.colours.length];
        const data = series.points.map((position) => dataPoint(series, position, name));
        data.forEach((p) => ticks.add(p.x));
        data.forEach((p, index) => {
          const spread = p.y === null ? null : meanSpread(p.point, name);
          if (spread) {
            whiskers.push(Object.assign({ dataset: datasets.length, index: index }, spread));
          }
        });
        const band = one && plot.y.length > 1 && /_p\d+$/.test(name);
        datasets.push(Object.assign({
          label: one ? report.metric(name).label : series.label, metric: name,
          data: data.map((p) => (p.y === null ? Object.assign({}, p, { y: NaN }) : p)),
          borderColor: colour, backgroundColor: band ? colour + '2b' : colour,
          borderWidth: band && i !== 0 ? 1.5 : 2.5,
          borderDash: DASHES[(one ? i : Math.floor(series.line / COLOURS.light.length)) % DASHES.length],
          fill: band && i > 0 ? '-1' : false, spanGaps: false,
        }, pointStyle(colour, false, one ? i : series.line)));
      });
      const absent = series.points.map((position) => dataPoint(series, position, names[0]))
        .filter((p) => !isCompleted(p.point));
      if (absent.length) {
        datasets.push({
          label: 'no data', hiddenInLegend: true, showLine: false, clip: false,
          data: absent.map((p) => Object.assign({}, p, { y: state.logY ? NaN : 0, absent: true })),
          pointStyle: (c) => (c.raw && isOpen(c.raw.point) ? 'line' : 'crossRot'),
          pointRadius: 7, pointBorderWidth: 2, rotation: 90, pointRotation: (c) => (c.raw && isOpen(c.raw.point) ? 90 : 0),
          pointBorderColor: (c) => (c.raw && isOpen(c.raw.point) ? colours.weak : colours.bad),
        });
      }
    });
    const values = [...ticks].sort((a, b) => a - b);
    const metric = report.metric(names[names.length - 1]);
    return {
      type: 'line',
      data: { datasets: datasets },
      options: {
        interaction: { mode: 'x', intersect: false, axis: 'x' },
        scales: {
          x: scale(key, state.logX, values.length > 1 && values.length <= 16
            ? { max: values[values.length - 1], afterBuildTicks: (axis) => { axis.ticks = (state.logX ? values.filter((v) => v > 0) : values).map((v) => ({ value: v })); } } : {}),
          y: scale(one && metrics.length > 1 ? axisName(Object.assign({}, metric, sharedAxis(plot, metric))) : axisName(metric), state.logY),
        },
        caravan: { bounds: { y: report.bounds(plot, names) }, whiskers: whiskers },
        plugins: { tooltip: tooltip((item) => {
          const raw = item.raw;
          if (raw.absent) {
            return isOpen(raw.point) ? 'pending' : stateLabel(raw.point) + (reason(raw.point) ? ': ' + reason(raw.point) : '');
          }
          return [item.dataset.label + ': ' + raw.text(report.metric(item.dataset.metric)) + (raw.degraded ? ' (degraded)' : '')]
            .concat(item.datasetIndex === 0 ? alarms(raw.point).map(findingText) : []);
        }) },
      },
    };
  }
  function draw() {
    drawPanels(frame, (panel, i) => config(shown.panels[i]));
    const names = one ? plot.y : [state.metric];
    frame.note.replaceChildren(...hiddenNote(shown), countNote(report, drawn, names));
  }
  keepDrawing(frame.box, draw);
  return frame.box;
}
