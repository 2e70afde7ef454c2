/* ---- the requests of a run ---- */

function renderRequests(container, run, title) {
  clear(container);
  const answered = run.total - run.warmup - run.errors;
  if (answered === 0 && run.errors > 0) {
    container.replaceChildren(title ? el('h3', {}, title) : '', el('p', { class: 'cv-bad' }, 'No answers: '
      + Object.entries(run.error_kinds || {}).sort((a, b) => b[1] - a[1]).map(([kind, n]) => format(n) + ' × ' + kind).join(', ')
      + (run.complete ? '.' : '; the log was not read to its end.')));
    return;
  }
  const state = choices('requests', { metric: 'ttft', log: false, logX: false, gpu: '' });
  if (!run[state.metric].some((v) => v !== null)) {
    state.metric = run.ttft.some((v) => v !== null) ? 'ttft' : 'latency';
  }
  const names = { ttft: 'Time to first token', latency: 'Request latency' };
  const metrics = Object.keys(names).filter((name) => run[name].some((v) => v !== null));
  const scatter = plotFrame({ id: 'scatter', title: 'Request latency over time' }, [
    chooser('Metric', metrics.map((name) => [name, names[name]]), state.metric,
      (value) => { state.metric = value; drawScatter(); }),
    toggle('log y', (on) => { state.log = on; drawScatter(); }, state.log),
  ]);
  function regions() {
    const colours = theme();
    const shaded = run.stalls.map((stall) => ({ from: stall[0], to: stall[1], colour: colours.stall }));
    if (run.warmup > 0) {
      shaded.push({ from: 0, to: run.measured_from, colour: colours.warmup });
    }
    if (run.first_response > run.measured_from) {
      shaded.push({ from: run.measured_from, to: run.first_response, colour: colours.burst });
    }
    return shaded;
  }
  function drawScatter() {
    const colours = theme();
    const points = (kind) => run.start.map((x, i) => ({ x: x, y: run[state.metric][i], kind: run.kind[i] }))
      .filter((p) => p.kind === kind).map((p) => (kind === 2 && p.y === null ? Object.assign(p, { y: 0 }) : p))
      .filter((p) => p.y !== null);
    const set = (label, kind, colour, style, radius) => ({ label: label, data: points(kind), showLine: false,
      pointStyle: style, pointRadius: radius, pointHoverRadius: radius + 3, pointBorderWidth: kind === 2 ? 2 : 1,
      borderColor: colour, backgroundColor: kind === 1 ? 'transparent' : colour + (kind === 0 ? '99' : '') });
    drawChart(scatter.canvas, {
      type: 'scatter',
      data: { datasets: [
        set('measured', 0, colours.colours[0], 'circle', 2.5),
        set('warm-up', 1, colours.weak, 'circle', 3),
        set('failed', 2, colours.bad, 'crossRot', 5),
      ].filter((d) => d.data.length) },
      options: {
        scales: { x: scale('time since start (s)', false, { beginAtZero: true }),
          y: scale(names[state.metric] + ' (ms)', state.log) },
        caravan: { regions: regions() },
        plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + format(item.raw.y) + ' ms, sent at '
          + format(item.raw.x) + ' s' } } },
      },
    });
  }
  const spread = plotFrame({ id: 'distribution', title: 'Distribution' },
    [toggle('log x', (on) => { state.logX = on; drawSpread(); }, state.logX)]);
  function drawSpread() {
    const colours = theme();
    const datasets = metrics.map((name, i) => {
      const quantiles = run[name + '_quantiles'];
      return { label: names[name], borderColor: colours.colours[i], backgroundColor: colours.colours[i],
        borderDash: DASHES[i], borderWidth: 2, pointRadius: 0, showLine: true,
        data: quantiles.map((v, at) => ({ x: v, y: 100 * at / Math.max(1, quantiles.length - 1) })) };
    });
    drawChart(spread.canvas, {
      type: 'scatter',
      data: { datasets: datasets },
      options: {
        scales: { x: scale('ms', state.logX), y: scale('cumulative % of requests', false, { max: 100 }) },
        plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + format(item.raw.y)
          + '% within ' + format(item.raw.x) + ' ms' } } },
      },
    });
  }
  const time = plotFrame({ id: 'timeline', title: 'Throughput and latency over time' }, []);
  function medians(metric) {
    const bySecond = new Map();
    run.start.forEach((s, i) => {
      if (run.kind[i] === 0 && run[metric][i] !== null) {
        const second = Math.floor(s - run.measured_from);
        bySecond.set(second, (bySecond.get(second) || []).concat(run[metric][i]));
      }
    });
    return [...bySecond.keys()].sort((a, b) => a - b).map((second) => {
      const values = bySecond.get(second).sort((a, b) => a - b);
      const half = values.length / 2;
      return { x: second, y: (values[Math.ceil(half) - 1] + values[Math.floor(half)]) / 2 };
    });
  }
  const line = (label, data, colour, options) => Object.assign({ label: label, data: data, borderColor: colour,
    backgroundColor: colour, showLine: true, borderWidth: 2, pointRadius: 1.5 }, options);
  function drawTime() {
    const colours = theme();
    const seconds = run.per_second.map((v, i) => ({ x: i, y: v }));
    const failed = run.errors_per_second.map((v, i) => ({ x: i, y: v })).filter((p) => p.y > 0);
    drawChart(time.canvas, {
      type: 'scatter',
      data: { datasets: [
        line('responses/s', seconds, colours.colours[0], { stepped: 'middle' }),
        line('failures/s', failed, colours.bad, { showLine: false, pointStyle: 'crossRot', pointRadius: 5, borderWidth: 2 }),
        line('median TTFT (ms)', medians('ttft'), colours.colours[2], { yAxisID: 'right', borderDash: [2, 2], pointStyle: 'triangle', pointRadius: 2.5 }),
        line('median latency (ms)', medians('latency'), colours.colours[1], { yAxisID: 'right', borderDash: [5, 3], pointStyle: 'rect' }),
      ].filter((d) => d.data.length) },
      options: {
        scales: {
          x: scale('time in measurement (s)', false), y: scale('per second', false),
          right: scale('ms', false, { position: 'right', grid: { drawOnChartArea: false } }),
        },
        plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + format(item.raw.y) + ' at ' + item.raw.x + ' s' } } },
      },
    });
  }
  const flight = plotFrame({ id: 'flight', title: 'Concurrency' + (run.concurrency ? ': actual vs. requested' : '') }, []);
  function drawFlight() {
    const colours = theme();
    const last = Math.max(1, run.in_flight.length - 1);
    drawChart(flight.canvas, {
      type: 'scatter',
      data: { datasets: [
        line('actual (mean per second)', run.in_flight.map((v, i) => ({ x: i + 0.5, y: v })), colours.colours[0], { stepped: 'middle' }),
        line('requested', run.concurrency ? [{ x: 0, y: run.concurrency }, { x: last + 1, y: run.concurrency }] : [], colours.weak, { borderDash: [6, 3], pointRadius: 0 }),
      ].filter((d) => d.data.length) },
      options: {
        scales: { x: scale('time in measurement (s)', false), y: scale('requests in flight', false, { suggestedMax: 1.15 * (run.concurrency || 0) }) },
        plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + format(item.raw.y) } } },
      },
    });
    flight.note.textContent = 'AIPerf logs a request only when it completes; requests still in flight are not included.';
  }
  const gpus = run.gpus || [];
  const figures = unique(gpus.map((each) => each.figure));
  state.gpu = figures.includes(state.gpu) ? state.gpu : figures[0];
  const gpu = plotFrame({ id: 'gpus', title: 'GPUs over time' },
    [chooser('Figure', figures.map((figure) => [figure, figure]), state.gpu, (value) => { state.gpu = value; drawGpus(); })]);
  function drawGpus() {
    const colours = theme();
    const shown = gpus.filter((each) => each.figure === state.gpu);
    if (!shown.length) {
      return;
    }
    drawChart(gpu.canvas, {
      type: 'scatter',
      data: { datasets: shown.map((each, i) => line(each.gpu, each.at.map((x, at) => ({ x: x, y: each.values[at] === null ? NaN : each.values[at] })),
        colours.colours[i % colours.colours.length], { borderDash: DASHES[Math.floor(i / colours.colours.length) % DASHES.length], pointRadius: 0 })) },
      options: {
        scales: { x: scale('time since start (s)', false, { beginAtZero: false }), y: scale(state.gpu + ' (' + shown[0].unit + ')', false) },
        caravan: { regions: regions() },
        plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + format(item.raw.y) + ' ' + shown[0].unit + ' at ' + format(item.raw.x) + ' s' } } },
      },
    });
  }
  [drawScatter, drawTime, drawFlight, drawSpread, drawGpus].forEach((each) => keepDrawing(scatter.box, each));
  const measured = run.total - run.warmup;
  scatter.note.append(
    'n = ' + format(measured) + ' measured' + (run.errors ? ', ' + format(run.errors) + ' of them failed (' + Object.entries(run.error_kinds || {})
      .sort((a, b) => b[1] - a[1]).map(([kind, n]) => format(n) + ' × ' + kind).join(', ') + ')' : '')
    + (run.warmup ? '; ' + format(run.warmup) + ' warm-up request' + (run.warmup > 1 ? 's' : '') + ' excluded' : '')
    + (run.start.length < run.total ? '; showing an even sample of ' + format(run.start.length) : '')
    + (run.complete ? '. ' : '; the log was not read to its end. ')
    + 'Grey: warm-up. Blue: initial burst, before the first response.'
    + (run.stalls.length ? ' Orange: ' + run.stalls.length + (run.stalls.length > 1 ? ' periods' : ' period') + ' without a response.' : ''));
  spread.note.append('n = ' + format(measured - run.errors) + ' successful requests of the measured phase.');
  container.replaceChildren(title ? el('h3', {}, title) : '', el('div', { class: 'cv-plots cv-wide' }, scatter.box, time.box, flight.box, spread.box, gpus.length ? gpu.box : ''));
}

/** The requested concurrency when it is swept, else 0. */
function requestedConcurrency(report, run) {
  const batch = report.data.batches[run.batch];
  const key = batch.keys.findIndex((each) => each.name === 'concurrency');
  return key < 0 ? 0 : batch.points[run.point].values[key];
}

function requestSection(report) {
  const runs = report.data.requests || [];
  if (!runs.length) {
    return [];
  }
  const place = el('div', {});
  const show = (index) => renderRequests(
    place, Object.assign({ concurrency: requestedConcurrency(report, runs[index]) }, runs[index]), '');
  const select = chooser('Run', runs.map((run, at) => [String(at),
    report.name(run.batch, run.point) + ' · ' + stateLabel(report.data.batches[run.batch].points[run.point])]), '0',
  (value) => show(Number(value)));
  show(0);
  const heading = el('h2', {}, 'Requests of a run');
  report.shown = (index) => {
    select.value = String(index);
    show(index);
    heading.scrollIntoView();
  };
  const ended = report.data.batches.reduce((sum, batch) => sum + batch.points.filter((p) => !isOpen(p)).length, 0);
  return [heading,
    el('p', {}, el('label', {}, 'Run ', select),
      runs.length < ended ? el('span', { class: 'cv-weak' }, ' ' + runs.length + ' of ' + ended + ' runs are in this file') : ''), place];
}
