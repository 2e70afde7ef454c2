/*
 * Draws a report from its JSON form (dev.caravan.report.ReportJson) with Chart.js. No inline
 * handlers, no eval, no markup made of text: it runs under a strict Content-Security-Policy.
 *
 *   CaravanReport.render(element, data)      draws into the element, in place of what it held
 *   CaravanReport.requests(element, requests, title)   draws the requests of one run
 *
 * An element with data-caravan-report="ID" is drawn at once from the JSON in the element ID.
 */
(function () {
  'use strict';

  // Okabe and Ito's colours, told apart by all common kinds of colour vision; shapes differ too.
  const COLOURS = {
    light: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#000000', '#7f3c8d'],
    dark: ['#56b4e9', '#e69f00', '#2fc797', '#e79fc7', '#f0e442', '#4f9fff', '#ffffff', '#c39bd3'],
  };
  const SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];
  const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
  const DEFAULT_LIMIT = { ttft_ms_p99: 500 };
  const NARROW = 560;
  const EDGE = 9;
  const WIDE_SPREAD = 32; // from here on a sweep's values are shown on a log axis at first
  const ROWS_AT_FIRST = 500;
  const MOST_LABELS = 40;

  const remembered = new Map(); // what was chosen in a plot, kept when its data is drawn anew
  let printing = false;
  const drawn = []; // functions that draw again when colours change
  const charts = new Map(); // canvas to chart

  /* ---- elements ---- */

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === 'on') {
        for (const [event, listener] of Object.entries(value)) {
          node.addEventListener(event, listener);
        }
      } else if (value !== undefined && value !== false) {
        node.setAttribute(name, value === true ? '' : value);
      }
    }
    for (const child of children.flat()) {
      if (child !== undefined && child !== null && child !== '') {
        node.append(child);
      }
    }
    return node;
  }

  function dark() {
    if (printing) {
      return false;
    }
    const chosen = document.documentElement.getAttribute('data-theme');
    return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  }

  function theme() {
    return dark()
      ? { text: '#d8dee6', weak: '#9aa5b1', grid: '#2e3742', ground: '#151b22', colours: COLOURS.dark,
          warmup: 'rgba(154,165,177,.22)', burst: 'rgba(86,180,233,.16)', stall: 'rgba(230,159,0,.28)', bad: '#ff8a70' }
      : { text: '#1c2733', weak: '#55616d', grid: '#dfe4ea', ground: '#ffffff', colours: COLOURS.light,
          warmup: 'rgba(85,97,109,.16)', burst: 'rgba(0,114,178,.10)', stall: 'rgba(213,94,0,.18)', bad: '#b3261e' };
  }

  function choices(id, initial) {
    if (!remembered.has(id)) {
      remembered.set(id, initial);
    }
    return remembered.get(id);
  }

  /* ---- words ---- */

  function shown(value) {
    if (value === null || value === undefined || Number.isNaN(value)) {
      return '';
    }
    if (typeof value !== 'number') {
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    }
    const size = Math.abs(value);
    const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return value.toLocaleString('en-US', { maximumFractionDigits: digits });
  }

  function withUnit(value, metric) {
    return metric.unit && metric.unit !== '%' ? shown(value) + ' ' + metric.unit
      : shown(value) + (metric.unit || '');
  }

  function axisName(metric) {
    const per = window.innerWidth < NARROW ? {} : { more: ' → more is better', less: ' → less is better' };
    const unit = metric.unit && !metric.label.endsWith(metric.unit) && !/\/s/.test(metric.label)
      ? ' (' + metric.unit + ')' : '';
    return metric.label + unit + (metric.direction === false ? '' : per[metric.better] || '');
  }

  function stateWord(point) {
    return point.state.replace('_', ' ');
  }

  function why(point) {
    return [point.cause ? point.cause.replace(/_/g, ' ') : '', point.reason || ''].filter(Boolean).join(': ');
  }

  function completed(point) {
    return point.state === 'succeeded' || point.state === 'degraded';
  }

  function open(point) {
    return point.state === 'running' || point.state === 'pending';
  }

  /* ---- data ---- */

  function Report(data) {
    this.data = data;
  }

  Report.prototype.metric = function (name) {
    for (const batch of this.data.batches) {
      const found = batch.metrics.find((metric) => metric.name === name);
      if (found) {
        return found;
      }
    }
    return { name: name, label: name, unit: '', better: 'neither' };
  };

  Report.prototype.figure = function (batch, position, name) {
    const of = this.data.batches[batch];
    const at = of.metrics.findIndex((metric) => metric.name === name);
    const point = of.points[position];
    const value = at < 0 || !completed(point) || !point.figures ? null : point.figures[at];
    return value === undefined ? null : value;
  };

  Report.prototype.keyAt = function (batch, x) {
    return this.data.batches[batch].keys.findIndex((key) => 'key:' + key.name === x);
  };

  Report.prototype.label = function (series, position) {
    const batch = this.data.batches[series.batch];
    const point = batch.points[position];
    return series.key >= 0 ? shown(point.values[series.key])
      : point.values.length ? point.values.map(shown).join(' · ') : point.folder;
  };

  Report.prototype.name = function (batch, position) {
    const of = this.data.batches[batch];
    const point = of.points[position];
    const values = of.keys.map((key, i) => key.name + ' ' + shown(point.values[i])).join(', ');
    return (this.data.batches.length > 1 ? of.id + ' ' : '') + (values || of.id);
  };

  /* ---- drawing helpers for Chart.js ---- */

  const shade = {
    id: 'caravanShade',
    beforeDatasetsDraw(chart) {
      const regions = (chart.options.caravan || {}).regions || [];
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      for (const region of regions) {
        const left = Math.max(area.left, scales.x.getPixelForValue(region.from));
        const right = Math.min(area.right, Math.max(left + 1, scales.x.getPixelForValue(region.to)));
        ctx.fillStyle = region.colour;
        ctx.fillRect(left, area.top, right - left, area.bottom - area.top);
      }
      ctx.restore();
    },
    afterDatasetsDraw(chart) {
      const own = chart.options.caravan || {};
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      if (own.limit > 0) {
        const at = scales.x.getPixelForValue(own.limit);
        if (at >= area.left && at <= area.right) {
          ctx.strokeStyle = own.colour;
          ctx.setLineDash([5, 4]);
          ctx.beginPath();
          ctx.moveTo(at, area.top);
          ctx.lineTo(at, area.bottom);
          ctx.stroke();
        }
      }
      whiskers(chart, own.whiskers || []);
      if (own.labels) {
        labels(chart, own);
      }
      ctx.restore();
    },
  };

  function whiskers(chart, all) {
    const { ctx, scales } = chart;
    ctx.setLineDash([]);
    for (const whisker of all) {
      const bar = chart.getDatasetMeta(whisker.dataset).data[whisker.index];
      if (!bar || whisker.to === null) {
        continue;
      }
      const from = scales.y.getPixelForValue(whisker.from);
      const to = scales.y.getPixelForValue(whisker.to);
      ctx.strokeStyle = chart.options.caravan.colour;
      ctx.beginPath();
      ctx.moveTo(bar.x, from);
      ctx.lineTo(bar.x, to);
      ctx.moveTo(bar.x - 5, to);
      ctx.lineTo(bar.x + 5, to);
      if (whisker.middle !== null) {
        const middle = scales.y.getPixelForValue(whisker.middle);
        ctx.moveTo(bar.x - 3, middle);
        ctx.lineTo(bar.x + 3, middle);
      }
      ctx.stroke();
    }
  }

  function labels(chart, own) {
    const { ctx, chartArea: area } = chart;
    const taken = [];
    chart.data.datasets.forEach((dataset, at) => chart.isDatasetVisible(at) && chart.getDatasetMeta(at).data.forEach((p) => {
      taken.push([p.x - 5, p.y - 5, p.x + 5, p.y + 5]);
    }));
    ctx.font = '12px system-ui, sans-serif';
    ctx.textBaseline = 'bottom';
    let count = 0;
    chart.data.datasets.forEach((dataset, at) => {
      if (!chart.isDatasetVisible(at)) {
        return;
      }
      chart.getDatasetMeta(at).data.forEach((element, i) => {
        const raw = dataset.data[i];
        if (!raw || !raw.label || raw.y === null || Number.isNaN(raw.y) || count >= MOST_LABELS) {
          return;
        }
        const width = ctx.measureText(raw.label).width;
        for (const [dx, dy] of [[-width - 8, -4], [8, 17], [8, -5], [-width - 8, 17], [-width / 2, -9], [-width / 2, 22]]) {
          const box = [element.x + dx, element.y + dy - 12, element.x + dx + width, element.y + dy];
          const inside = box[0] >= area.left && box[2] <= area.right + 20 && box[1] >= 0;
          if (inside && !taken.some((t) => t[0] < box[2] && box[0] < t[2] && t[1] < box[3] && box[1] < t[3])) {
            taken.push(box);
            ctx.fillStyle = own.colour;
            ctx.fillText(raw.label, box[0], box[3]);
            count++;
            break;
          }
        }
      });
    });
  }

  function scale(name, title, log, more) {
    const colours = theme();
    return Object.assign({
      type: log ? 'logarithmic' : 'linear',
      beginAtZero: !log,
      title: { display: true, text: title + (log ? ' · log scale' : ''), color: colours.text },
      grid: { color: colours.grid },
      border: { color: colours.weak },
      ticks: { color: colours.weak, maxTicksLimit: 9, callback: (value) => shown(Number(value)) },
    }, more || {});
  }

  function chart(canvas, config) {
    const before = charts.get(canvas);
    if (before) {
      before.destroy();
    }
    const colours = theme();
    config.options = Object.assign({
      animation: false,
      responsive: true,
      devicePixelRatio: printing ? 3 : undefined,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', intersect: false },
      layout: { padding: { top: 14, right: 20 } },
    }, config.options);
    config.options.caravan = Object.assign({ colour: colours.text }, config.options.caravan);
    const plugins = config.options.plugins || {};
    plugins.legend = Object.assign({
      display: config.data.datasets.filter((d) => d.label && !d.hiddenInLegend).length > 1,
      position: 'bottom',
      labels: {
        color: colours.text, usePointStyle: true, boxHeight: 7, pointStyleWidth: 12,
        filter: (item, data) => !data.datasets[item.datasetIndex].hiddenInLegend,
      },
    }, plugins.legend);
    config.options.plugins = plugins;
    config.plugins = [shade];
    const made = new window.Chart(canvas, config);
    charts.set(canvas, made);
    return made;
  }

  /* ---- one plot ---- */

  function figureBox(plot, extra) {
    const canvas = el('canvas', { role: 'img', 'aria-label': plot.title });
    const note = el('p', { class: 'cv-note' });
    const controls = el('div', { class: 'cv-controls' }, extra);
    const box = el('figure', { class: 'cv-plot', id: 'plot-' + plot.id },
      el('figcaption', {}, el('strong', {}, plot.title), controls),
      el('div', { class: 'cv-canvas' }, canvas), note);
    return { box: box, canvas: canvas, note: note, controls: controls };
  }

  function toggle(text, then, on) {
    const button = el('button', { type: 'button', 'aria-pressed': String(Boolean(on)) }, text);
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      then(on);
    });
    return button;
  }

  function chooser(label, options, chosen, then) {
    const select = el('select', { 'aria-label': label },
      options.map(([value, text]) => el('option', { value: value, selected: value === chosen }, text)));
    select.addEventListener('change', () => then(select.value));
    return select;
  }

  function marks(report, series, colour, knees) {
    const colours = theme();
    return {
      clip: EDGE, // a mark on an axis is drawn whole
      pointStyle: (c) => SHAPES[c.datasetIndex % SHAPES.length],
      pointRadius: (c) => (knees && c.raw && c.raw.knee ? 8 : 5),
      pointHoverRadius: 8,
      pointBorderWidth: (c) => (knees && c.raw && (c.raw.pareto || c.raw.knee) ? 3 : 2),
      pointBackgroundColor: (c) => (c.raw && c.raw.degraded ? colours.ground : colour),
      pointBorderColor: (c) => (knees && c.raw && c.raw.pareto ? colours.text : colour),
    };
  }

  function tooltip(report, lines) {
    return {
      callbacks: {
        title: (items) => items.map((item) => item.raw.name || item.label).filter((n, i, all) => all.indexOf(n) === i),
        label: (item) => lines(item),
      },
    };
  }

  /** What is said of the points that a curve has no place for. */
  function missing(report, plot, brief) {
    const failed = [];
    const waiting = [];
    const degraded = [];
    for (const series of plot.series) {
      const batch = report.data.batches[series.batch];
      for (const position of series.points) {
        const point = batch.points[position];
        // without a key of its own, a point has the name of its series
        const name = series.label && series.key < 0 && series.points.length === 1 ? series.label
          : (series.label ? series.label + ' · ' : '') + report.label(series, position);
        if (open(point)) {
          waiting.push(name + (point.state === 'running' ? ' (running)' : ''));
        } else if (!completed(point)) {
          failed.push(name + ' ' + stateWord(point) + (why(point) && !brief ? ' (' + why(point) + ')' : ''));
        } else if (point.state === 'degraded') {
          degraded.push(name);
        }
      }
    }
    const parts = [];
    const few = (all) => all.slice(0, 8).join('; ') + (all.length > 8 ? ' and ' + (all.length - 8) + ' more' : '');
    if (failed.length) {
      parts.push(el('span', { class: 'cv-bad' }, '✕ No point for ' + few(failed) + '. '));
    }
    if (degraded.length) {
      parts.push(el('span', {}, '○ Degraded: ' + few(degraded) + '. '));
    }
    if (waiting.length) {
      parts.push(el('span', { class: 'cv-weak' }, 'Still to come: ' + few(waiting) + '. '));
    }
    if (plot.note) {
      parts.push(el('span', {}, plot.note));
    }
    return parts;
  }

  function curve(report, plot, limits) {
    const x = report.metric(plot.x);
    const y = report.metric(plot.y[0]);
    const state = choices(plot.id, { logX: false, logY: false, limit: DEFAULT_LIMIT[plot.x] || 0 });
    const frame = figureBox(plot, [
      toggle('log x', (on) => { state.logX = on; draw(); }, state.logX),
      toggle('log y', (on) => { state.logY = on; draw(); }, state.logY),
    ]);
    const knees = plot.kind === 'tradeoff';
    // For a trade-off the load stands below and the latency above it.
    function draw() {
      const datasets = plot.series.map((series, at) => {
        const colour = theme().colours[at % theme().colours.length];
        const batch = report.data.batches[series.batch];
        return Object.assign({
          label: series.label || batch.id,
          data: series.points.map((position) => {
            const point = batch.points[position];
            const px = report.figure(series.batch, position, plot.x);
            const py = report.figure(series.batch, position, plot.y[0]);
            const there = px !== null && py !== null;
            return {
              x: there ? (knees ? py : px) : NaN, y: there ? (knees ? px : py) : NaN,
              label: report.label(series, position) + (knees && position === series.knee ? ' knee' : ''),
              name: report.name(series.batch, position), degraded: point.state === 'degraded',
              knee: position === series.knee, pareto: series.pareto.includes(position), point: point,
            };
          }).filter((place) => !open(place.point)),
          borderColor: colour, backgroundColor: colour, borderWidth: 2,
          borderDash: DASHES[Math.floor(at / COLOURS.light.length) % DASHES.length],
          showLine: true, spanGaps: false,
        }, marks(report, series, colour, knees));
      });
      chart(frame.canvas, {
        type: 'scatter',
        data: { datasets: datasets },
        options: {
          scales: {
            x: scale('x', axisName(knees ? y : x), state.logX),
            y: scale('y', axisName(knees ? x : y), state.logY),
          },
          caravan: { labels: true, limit: limits ? state.limit : 0 },
          plugins: { tooltip: tooltip(report, (item) => [
            (knees ? y : x).label + ': ' + withUnit(item.raw.x, knees ? y : x),
            (knees ? x : y).label + ': ' + withUnit(item.raw.y, knees ? x : y),
          ].concat(item.raw.degraded ? ['degraded: ' + why(item.raw.point)] : [],
            item.raw.knee ? ['knee: beyond it latency grows faster than throughput'] : [],
            knees && item.raw.pareto ? ['Pareto: no other point beats it in both'] : [])) },
        },
      });
    }
    draw();
    drawn.push(draw);
    if (knees) {
      frame.note.append(el('span', {}, 'Thick outline: Pareto point; large: knee. '));
    }
    frame.note.append(...missing(report, plot, !limits));
    if (limits) {
      frame.box.classList.add('cv-first');
      frame.box.insertBefore(limitBox(report, plot, state.limit, (value) => { state.limit = value; draw(); }),
        frame.box.firstChild.nextSibling);
    }
    return frame.box;
  }

  /** The answer that people look for, in words, for a limit that they set. */
  function limitBox(report, plot, limit, then) {
    const metric = report.metric(plot.x);
    const answer = el('output', { class: 'cv-answer', 'aria-live': 'polite' });
    const input = el('input', {
      type: 'number', min: '0', step: 'any', inputmode: 'decimal', id: 'limit-' + plot.id,
      value: limit || '', placeholder: 'none',
    });
    function say() {
      const limit = Number(input.value);
      answer.replaceChildren(...(limit > 0 ? CaravanReport.answers(report.data, plot, limit)
        .map((line) => el('span', {}, line)) : [el('span', {}, 'No limit set.')]));
      then(limit > 0 ? limit : 0);
    }
    input.addEventListener('input', say);
    say();
    return el('div', { class: 'cv-limit' },
      el('label', { for: 'limit-' + plot.id }, 'Limit: ' + metric.label + ' < '), input,
      el('span', {}, ' ' + metric.unit), answer);
  }

  function answers(data, plot, limit) {
    const report = new Report(data);
    const metric = report.metric(plot.x);
    const gain = report.metric(plot.y[0]);
    return plot.series.map((series) => {
      const batch = data.batches[series.batch];
      const key = series.key < 0 ? null : batch.keys[series.key];
      const good = series.points.filter((position) => {
        const value = report.figure(series.batch, position, plot.x);
        return batch.points[position].state === 'succeeded' && value !== null && value < limit;
      });
      const unknown = series.points.some((position) => open(batch.points[position])) ? ' so far' : '';
      const before = series.label ? series.label + ': ' : '';
      const which = metric.label + ' < ' + shown(limit) + ' ' + metric.unit;
      if (!good.length) {
        const part = series.points.some((position) => batch.points[position].state === 'degraded');
        return before + 'no point has ' + which + (part ? ' (degraded ones do not count)' : '') + unknown;
      }
      const rank = (position) => (key && key.numeric ? batch.points[position].values[series.key]
        : report.figure(series.batch, position, plot.y[0]) || 0);
      const best = good.reduce((a, b) => (rank(b) > rank(a) ? b : a));
      const value = report.figure(series.batch, best, plot.y[0]);
      const name = key && key.numeric ? 'most ' + key.name + ' with ' : 'best with ';
      return before + name + which + unknown + ': ' + report.label(series, best)
        + (value === null ? '' : ' (' + shown(value) + ' ' + (gain.unit || gain.label) + ')');
    });
  }

  /** Whether the values of a sweep would crowd near zero on a linear axis. */
  function isWide(report, plot) {
    const values = plot.series.flatMap((series) => series.points.map((position) =>
      report.data.batches[series.batch].points[position].values[report.keyAt(series.batch, plot.x)]));
    const least = Math.min(...values);
    return least > 0 && Math.max(...values) >= WIDE_SPREAD * least;
  }

  function lines(report, plot) {
    const metrics = plot.y.map((name) => report.metric(name));
    const one = plot.series.length === 1;
    const state = choices(plot.id, { logX: isWide(report, plot), logY: false, metric: plot.y.find((name) => /_p99$/.test(name)) || plot.y[0] });
    const key = plot.x.replace(/^key:/, '');
    const controls = [
      toggle('log x', (on) => { state.logX = on; draw(); }, state.logX),
      toggle('log y', (on) => { state.logY = on; draw(); }, state.logY),
    ];
    if (!one && metrics.length > 1) {
      controls.unshift(chooser('Figure', metrics.map((m) => [m.name, m.label]), state.metric,
        (value) => { state.metric = value; draw(); }));
    }
    const frame = figureBox(plot, controls);
    function place(series, position, name) {
      const batch = report.data.batches[series.batch];
      const point = batch.points[position];
      return {
        x: point.values[report.keyAt(series.batch, plot.x)],
        y: report.figure(series.batch, position, name),
        name: report.name(series.batch, position), degraded: point.state === 'degraded', point: point,
      };
    }
    function draw() {
      const colours = theme();
      const names = one ? plot.y : [state.metric];
      const datasets = [];
      const ticks = new Set();
      plot.series.forEach((series, at) => {
        names.forEach((name, i) => {
          const colour = colours.colours[at % colours.colours.length];
          const data = series.points.map((position) => place(series, position, name));
          data.forEach((p) => ticks.add(p.x));
          const band = one && plot.y.length > 1 && /_p\d+$/.test(name);
          datasets.push(Object.assign({
            label: one ? report.metric(name).label : series.label, metric: name,
            data: data.map((p) => (p.y === null ? Object.assign({}, p, { y: NaN }) : p)),
            borderColor: colour, backgroundColor: band ? colour + '2b' : colour,
            borderWidth: band && i !== 0 ? 1.5 : 2.5,
            borderDash: DASHES[(one ? i : Math.floor(at / COLOURS.light.length)) % DASHES.length],
            fill: band && i > 0 ? '-1' : false, spanGaps: false,
          }, marks(report, series, colour, false)));
        });
        const gone = series.points.map((position) => place(series, position, names[0]))
          .filter((p) => !completed(p.point));
        if (gone.length) {
          datasets.push({
            label: 'no figure', hiddenInLegend: true, showLine: false, clip: false,
            data: gone.map((p) => Object.assign({}, p, { y: state.logY ? NaN : 0, gone: true })),
            pointStyle: (c) => (c.raw && open(c.raw.point) ? 'line' : 'crossRot'),
            pointRadius: 7, pointBorderWidth: 2, rotation: 90, pointRotation: (c) => (c.raw && open(c.raw.point) ? 90 : 0),
            pointBorderColor: (c) => (c.raw && open(c.raw.point) ? colours.weak : colours.bad),
          });
        }
      });
      const at = [...ticks].sort((a, b) => a - b);
      const metric = report.metric(names[names.length - 1]);
      chart(frame.canvas, {
        type: 'line',
        data: { datasets: datasets },
        options: {
          interaction: { mode: 'x', intersect: false, axis: 'x' },
          scales: {
            x: scale('x', key, state.logX, at.length > 1 && at.length <= 16
              ? { max: at[at.length - 1], afterBuildTicks: (axis) => { axis.ticks = (state.logX ? at.filter((v) => v > 0) : at).map((v) => ({ value: v })); } } : {}),
            y: scale('y', one && metrics.length > 1 ? axisName(Object.assign({}, metric, shared(plot, metric))) : axisName(metric), state.logY),
          },
          plugins: { tooltip: tooltip(report, (item) => {
            const raw = item.raw;
            if (raw.gone) {
              return open(raw.point) ? 'still to come' : stateWord(raw.point) + (why(raw.point) ? ': ' + why(raw.point) : '');
            }
            return item.dataset.label + ': ' + withUnit(raw.y, report.metric(item.dataset.metric))
              + (raw.degraded ? ' (degraded)' : '');
          }) },
        },
      });
    }
    draw();
    drawn.push(draw);
    frame.note.append(...missing(report, plot, true));
    return frame.box;
  }

  /** The axis of several figures: what they have in common. */
  function shared(plot, metric) {
    return plot.y.every((name) => /_p\d+$/.test(name)) ? { label: plot.title }
      : metric.unit ? { label: plot.title } : { label: 'requests', better: 'neither' };
  }

  function heat(report, plot) {
    const state = choices(plot.id, { metric: plot.y[0] });
    const series = plot.series[0];
    const batch = report.data.batches[series.batch];
    const rows = unique(batch.points.map((p) => p.values[0]));
    const columns = unique(batch.points.map((p) => p.values[1]));
    const table = el('div', { class: 'cv-scroll' });
    function draw() {
      const metric = report.metric(state.metric);
      const cells = new Map();
      series.points.forEach((position) => {
        const point = batch.points[position];
        cells.set(JSON.stringify(point.values), { point: point, value: report.figure(series.batch, position, state.metric) });
      });
      const values = [...cells.values()].map((c) => c.value).filter((v) => v !== null);
      const low = Math.min(...values);
      const high = Math.max(...values);
      table.replaceChildren(el('table', { class: 'cv-heat' },
        el('caption', {}, metric.label + (metric.unit ? ' (' + metric.unit + ')' : '')
          + (metric.better === 'less' ? ', less is better' : metric.better === 'more' ? ', more is better' : '')),
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, batch.keys[0].name + ' \\ ' + batch.keys[1].name),
          columns.map((c) => el('th', { scope: 'col' }, shown(c))))),
        el('tbody', {}, rows.map((r) => el('tr', {}, el('th', { scope: 'row' }, shown(r)),
          columns.map((c) => heatCell(cells.get(JSON.stringify([r, c])), metric, low, high)))))));
    }
    draw();
    drawn.push(draw);
    return el('figure', { class: 'cv-plot cv-first', id: 'plot-' + plot.id },
      el('figcaption', {}, el('strong', {}, plot.title), el('div', { class: 'cv-controls' },
        chooser('Figure', plot.y.map((name) => [name, report.metric(name).label]), state.metric,
          (value) => { state.metric = value; draw(); }))),
      table, el('p', { class: 'cv-note' }, missing(report, plot)));
  }

  function heatCell(cell, metric, low, high) {
    if (!cell) {
      return el('td', { class: 'cv-none' }, '');
    }
    const { point, value } = cell;
    if (value === null) {
      return open(point) ? el('td', { class: 'cv-none', title: 'still to come' }, '·')
        : el('td', { class: 'cv-failed', title: stateWord(point) + ' ' + why(point) }, '✕');
    }
    const share = high > low ? (value - low) / (high - low) : 0.5;
    const td = el('td', { title: withUnit(value, metric) + (point.state === 'degraded' ? ', degraded: ' + why(point) : '') },
      shown(value) + (point.state === 'degraded' ? ' ○' : ''));
    // One hue from light to dark, so that it reads the same in grey and for every kind of vision.
    td.style.backgroundColor = 'hsl(205 75% ' + (94 - 62 * share) + '%)';
    td.style.color = share > 0.5 ? '#fff' : '#10202e';
    return td;
  }

  function unique(values) {
    const seen = new Map();
    values.forEach((value) => seen.set(JSON.stringify(value), value));
    return [...seen.values()];
  }

  function bars(report, plot) {
    const state = choices(plot.id, { logY: false });
    const frame = figureBox(plot, [toggle('log y', (on) => { state.logY = on; draw(); }, state.logY)]);
    const metrics = plot.y.map((name) => report.metric(name));
    const categories = unique(plot.series.flatMap((series) => series.points.map((position) =>
      report.data.batches[series.batch].points[position].values[report.keyAt(series.batch, plot.x)])));
    function draw() {
      const colours = theme();
      const whisker = [];
      const datasets = plot.series.map((series, at) => {
        const batch = report.data.batches[series.batch];
        const data = categories.map((category, index) => {
          const position = series.points.find((p) =>
            JSON.stringify(batch.points[p].values[report.keyAt(series.batch, plot.x)]) === JSON.stringify(category));
          if (position === undefined) {
            return { x: shown(category), y: null };
          }
          const values = plot.y.map((name) => report.figure(series.batch, position, name));
          if (values.length > 1 && values[0] !== null) {
            whisker.push({ dataset: at, index: index, from: values[0], to: values[values.length - 1],
              middle: values.length > 2 ? values[1] : null });
          }
          return { x: shown(category), y: values[0], values: values, name: report.name(series.batch, position),
            point: batch.points[position] };
        });
        const colour = colours.colours[at % colours.colours.length];
        const hollow = (c) => c.raw && c.raw.point && c.raw.point.state === 'degraded';
        return { label: series.label || batch.id, data: data, borderColor: colour, borderWidth: 2,
          backgroundColor: (c) => (hollow(c) ? 'transparent' : colour) };
      });
      const top = Math.max(0, ...whisker.map((w) => w.to || 0));
      chart(frame.canvas, {
        type: 'bar',
        data: { labels: categories.map(shown), datasets: datasets },
        options: {
          interaction: { mode: 'nearest', intersect: true },
          scales: {
            x: { title: { display: true, text: plot.x.replace(/^key:/, ''), color: colours.text },
              ticks: { color: colours.weak }, grid: { display: false } },
            y: scale('y', axisName(metrics[0]), state.logY, { suggestedMax: top }),
          },
          caravan: { whiskers: whisker },
          plugins: { tooltip: tooltip(report, (item) => metrics.map((metric, i) =>
            metric.label + ': ' + withUnit(item.raw.values[i], metric))) },
        },
      });
    }
    draw();
    drawn.push(draw);
    if (metrics.length > 1) {
      frame.note.append(el('span', {}, 'Bars: ' + metrics[0].label + '; whiskers up to '
        + metrics[metrics.length - 1].label + '. '));
    }
    frame.note.append(...missing(report, plot));
    return frame.box;
  }

  function draw(report, plot, first) {
    switch (plot.kind) {
      case 'curve':
        return curve(report, plot, first);
      case 'tradeoff':
        return curve(report, plot, false);
      case 'lines':
        return lines(report, plot);
      case 'heat':
        return heat(report, plot);
      default:
        return bars(report, plot);
    }
  }

  /* ---- the requests of a run ---- */

  function requestsOf(container, run, title) {
    const state = choices('requests', { figure: 'ttft', log: false, logX: false });
    if (!run[state.figure].some((v) => v !== null)) {
      state.figure = run.ttft.some((v) => v !== null) ? 'ttft' : 'latency';
    }
    const names = { ttft: 'Time to first token', latency: 'Request latency' };
    const figures = Object.keys(names).filter((name) => run[name].some((v) => v !== null));
    const scatter = figureBox({ id: 'scatter', title: 'Every request: when it was sent, and how long it took' }, [
      chooser('Figure', figures.map((name) => [name, names[name]]), state.figure,
        (value) => { state.figure = value; drawScatter(); }),
      toggle('log y', (on) => { state.log = on; drawScatter(); }, state.log),
    ]);
    function regions() {
      const colours = theme();
      const all = run.stalls.map((stall) => ({ from: stall[0], to: stall[1], colour: colours.stall }));
      if (run.warmup > 0) {
        all.push({ from: 0, to: run.measured_from, colour: colours.warmup });
      }
      if (run.first_answer > run.measured_from) {
        all.push({ from: run.measured_from, to: run.first_answer, colour: colours.burst });
      }
      return all;
    }
    function drawScatter() {
      const colours = theme();
      const of = (kind) => run.start.map((x, i) => ({ x: x, y: run[state.figure][i], kind: run.kind[i] }))
        .filter((p) => p.kind === kind).map((p) => (kind === 2 && p.y === null ? Object.assign(p, { y: 0 }) : p))
        .filter((p) => p.y !== null);
      const set = (label, kind, colour, style, radius) => ({ label: label, data: of(kind), showLine: false,
        pointStyle: style, pointRadius: radius, pointHoverRadius: radius + 3, pointBorderWidth: kind === 2 ? 2 : 1,
        borderColor: colour, backgroundColor: kind === 1 ? 'transparent' : colour + (kind === 0 ? '99' : '') });
      chart(scatter.canvas, {
        type: 'scatter',
        data: { datasets: [
          set('measured', 0, colours.colours[0], 'circle', 2.5),
          set('warm-up', 1, colours.weak, 'circle', 3),
          set('failed', 2, colours.bad, 'crossRot', 5),
        ].filter((d) => d.data.length) },
        options: {
          scales: { x: scale('x', 'sent after (s)', false, { beginAtZero: true }),
            y: scale('y', names[state.figure] + ' (ms)', state.log) },
          caravan: { regions: regions() },
          plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + shown(item.raw.y) + ' ms, sent at '
            + shown(item.raw.x) + ' s' } } },
        },
      });
    }
    const spread = figureBox({ id: 'distribution', title: 'Distribution' },
      [toggle('log x', (on) => { state.logX = on; drawSpread(); }, state.logX)]);
    function drawSpread() {
      const colours = theme();
      const datasets = figures.map((name, i) => {
        const quantiles = run[name + '_quantiles'];
        return { label: names[name], borderColor: colours.colours[i], backgroundColor: colours.colours[i],
          borderDash: DASHES[i], borderWidth: 2, pointRadius: 0, showLine: true,
          data: quantiles.map((v, at) => ({ x: v, y: 100 * at / Math.max(1, quantiles.length - 1) })) };
      });
      chart(spread.canvas, {
        type: 'scatter',
        data: { datasets: datasets },
        options: {
          scales: { x: scale('x', 'ms', state.logX), y: scale('y', '% of requests at most', false, { max: 100 }) },
          plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + shown(item.raw.y)
            + ' % within ' + shown(item.raw.x) + ' ms' } } },
        },
      });
    }
    const time = figureBox({ id: 'timeline', title: 'Second by second: answers, and what they took' }, []);
    function medians(figure) {
      const by = new Map();
      run.start.forEach((s, i) => {
        if (run.kind[i] === 0 && run[figure][i] !== null) {
          const second = Math.floor(s - run.measured_from);
          by.set(second, (by.get(second) || []).concat(run[figure][i]));
        }
      });
      return [...by.keys()].sort((a, b) => a - b).map((second) => {
        const all = by.get(second).sort((a, b) => a - b);
        return { x: second, y: all[Math.floor(all.length / 2)] };
      });
    }
    const line = (label, data, colour, more) => Object.assign({ label: label, data: data, borderColor: colour,
      backgroundColor: colour, showLine: true, borderWidth: 2, pointRadius: 1.5 }, more);
    function drawTime() {
      const colours = theme();
      const seconds = run.per_second.map((v, i) => ({ x: i, y: v }));
      const failed = run.errors_per_second.map((v, i) => ({ x: i, y: v })).filter((p) => p.y > 0);
      chart(time.canvas, {
        type: 'scatter',
        data: { datasets: [
          line('answers/s', seconds, colours.colours[0], { stepped: 'middle' }),
          line('failures/s', failed, colours.bad, { showLine: false, pointStyle: 'crossRot', pointRadius: 5, borderWidth: 2 }),
          line('median TTFT (ms)', medians('ttft'), colours.colours[2], { yAxisID: 'right', borderDash: [2, 2], pointStyle: 'triangle', pointRadius: 2.5 }),
          line('median latency (ms)', medians('latency'), colours.colours[1], { yAxisID: 'right', borderDash: [5, 3], pointStyle: 'rect' }),
        ].filter((d) => d.data.length) },
        options: {
          scales: {
            x: scale('x', 'measured for (s)', false), y: scale('y', 'per second', false),
            right: scale('right', 'ms', false, { position: 'right', grid: { drawOnChartArea: false } }),
          },
          plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + shown(item.raw.y) + ' at ' + item.raw.x + ' s' } } },
        },
      });
    }
    const flight = figureBox({ id: 'flight', title: 'Requests in flight, mean of each second' + (run.asked ? ', against those asked for' : '') }, []);
    function drawFlight() {
      const colours = theme();
      const last = Math.max(1, run.in_flight.length - 1);
      chart(flight.canvas, {
        type: 'scatter',
        data: { datasets: [
          line('in flight', run.in_flight.map((v, i) => ({ x: i + 0.5, y: v })), colours.colours[0], { stepped: 'middle' }),
          line('asked', run.asked ? [{ x: 0, y: run.asked }, { x: last + 1, y: run.asked }] : [], colours.weak, { borderDash: [6, 3], pointRadius: 0 }),
        ].filter((d) => d.data.length) },
        options: {
          scales: { x: scale('x', 'measured for (s)', false), y: scale('y', 'requests', false, { suggestedMax: 1.15 * (run.asked || 0) }) },
          plugins: { tooltip: { callbacks: { label: (item) => item.dataset.label + ': ' + shown(item.raw.y) } } },
        },
      });
      flight.note.textContent = 'aiperf writes a request down when it has ended: those that have not, such as the newest of a run that goes on, are missing here.';
    }
    [drawScatter, drawTime, drawFlight, drawSpread].forEach((each) => { each(); drawn.push(each); });
    const measured = run.total - run.warmup;
    scatter.note.append(
      'n = ' + shown(measured) + ' measured' + (run.errors ? ', ' + shown(run.errors) + ' of them failed' : '')
      + (run.warmup ? '; ' + shown(run.warmup) + ' of warm-up, apart' : '')
      + (run.start.length < run.total ? '; ' + shown(run.start.length) + ' of them drawn, evenly chosen' : '')
      + (run.whole ? '. ' : '; the log was not read to its end. ')
      + 'Grey: warm-up. Blue: opening burst, until the first answer.'
      + (run.stalls.length ? ' Orange: ' + run.stalls.length + (run.stalls.length > 1 ? ' stretches' : ' stretch') + ' without any answer.' : ''));
    spread.note.append('n = ' + shown(measured - run.errors) + ' answered requests of the measured phase.');
    container.replaceChildren(title ? el('h3', {}, title) : '', el('div', { class: 'cv-plots cv-wide' }, scatter.box, time.box, flight.box, spread.box));
  }

  /** How many requests a run was to have in flight, when the sweep tells. */
  function askedOf(report, run) {
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
    const show = (at) => requestsOf(place, Object.assign({ asked: askedOf(report, runs[at]) }, runs[at]), '');
    const select = chooser('Run', runs.map((run, at) => [String(at),
      report.name(run.batch, run.point) + ' · ' + stateWord(report.data.batches[run.batch].points[run.point])]), '0',
    (value) => show(Number(value)));
    show(0);
    const of = report.data.batches.reduce((sum, batch) => sum + batch.points.filter((p) => !open(p)).length, 0);
    return [el('h2', {}, 'Requests of a run'),
      el('p', {}, el('label', {}, 'Run ', select),
        runs.length < of ? el('span', { class: 'cv-weak' }, ' ' + runs.length + ' of ' + of + ' runs are in this file') : ''), place];
  }

  /* ---- the table ---- */

  function table(report, batch, at) {
    const of = report.data.batches[batch];
    const state = { key: null, down: false, rows: ROWS_AT_FIRST };
    const columns = [{ head: 'Outcome', value: (p) => p.state, text: stateWord }]
      .concat(of.keys.map((key, i) => ({ head: key.name, value: (p) => p.values[i], number: key.numeric })))
      .concat(of.metrics.map((metric, i) => ({
        head: metric.label, unit: metric.label.includes('/s') ? '' : metric.unit, number: true,
        value: (p) => (p.figures ? p.figures[i] : null) })));
    const body = el('tbody', {});
    const more = el('p', {});
    const head = el('tr', {}, columns.map((column, i) => {
      const button = el('button', { type: 'button' }, column.head, column.unit ? el('small', {}, ' ' + column.unit) : '');
      const th = el('th', { scope: 'col', class: column.number ? 'cv-num' : undefined }, button);
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
      let points = of.points.slice();
      if (state.key !== null) {
        const column = columns[state.key];
        points.sort((a, b) => compare(column.value(a), column.value(b), state.down));
      }
      const shownPoints = points.slice(0, state.rows);
      body.replaceChildren(...shownPoints.map((point) => row(columns, of, point)));
      more.replaceChildren(points.length > shownPoints.length
        ? el('button', { type: 'button', on: { click: () => { state.rows = Infinity; fill(); } } },
          'Show all ' + points.length + ' runs') : '');
    }
    fill();
    return [el('h2', { class: 'cv-sheet' }, report.data.batches.length > 1 ? 'Runs of ' + of.id : 'Runs'),
      el('div', { class: 'cv-scroll cv-sheet', tabindex: '0', role: 'region', 'aria-label': 'Table of all runs' },
        el('table', { class: 'cv-runs' }, el('thead', {}, head), body)), more,
      of.total > of.points.length ? el('p', { class: 'cv-weak' }, (of.total - of.points.length) + ' runs still to come are not listed.') : ''];
  }

  function row(columns, batch, point) {
    const keys = batch.keys.length;
    const names = columns.slice(0, 1 + keys).map((column, i) => el(i === 0 ? 'th' : 'td',
      { scope: i === 0 ? 'row' : undefined, class: (column.number ? 'cv-num ' : '') + (i === 0 ? 'cv-state cv-' + point.state : '') },
      (i === 0 ? symbol(point) : '') + (column.text ? column.text(point) : shown(column.value(point)))));
    if (!completed(point)) {
      const words = open(point) ? (point.state === 'pending' ? 'still to come' : 'running ' + (point.reason || '')) : why(point);
      return el('tr', { class: 'cv-row-' + (open(point) ? 'open' : 'failed') }, names,
        el('td', { colspan: columns.length - keys - 1 }, words));
    }
    return el('tr', { title: point.state === 'degraded' ? why(point) : undefined }, names,
      columns.slice(1 + keys).map((column) => el('td', { class: 'cv-num' }, shown(column.value(point)))));
  }

  function symbol(point) {
    return point.state === 'succeeded' ? '● ' : point.state === 'degraded' ? '○ ' : open(point) ? '· ' : '✕ ';
  }

  function compare(a, b, down) {
    const none = (v) => v === null || v === undefined;
    if (none(a) || none(b)) {
      return none(a) - none(b); // what has no figure is last either way
    }
    const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
    return down ? -order : order;
  }

  /* ---- all of it ---- */

  function render(container, data) {
    const report = new Report(data);
    drawn.length = 0;
    charts.forEach((each) => each.destroy());
    charts.clear();
    const several = data.batches.length > 1;
    const parts = [];
    const first = data.plots.find((plot) => plot.kind === 'curve');
    const own = (plot) => plot.id.startsWith('all-');
    if (several && data.plots.some(own)) {
      parts.push(el('h2', {}, 'Side by side'));
      parts.push(el('div', { class: 'cv-plots' }, data.plots.filter(own).map((plot) => draw(report, plot, plot === first))));
    }
    data.batches.forEach((batch, at) => {
      const plots = data.plots.filter((plot) => plot.id.startsWith('b' + at + '-'));
      if (plots.length) {
        if (several) {
          parts.push(el('h2', {}, batch.id));
        }
        parts.push(el('div', { class: 'cv-plots' }, plots.map((plot) => draw(report, plot, plot === first))));
      }
    });
    parts.push(...requestSection(report));
    data.batches.forEach((batch, at) => parts.push(...table(report, at)));
    container.replaceChildren(...parts.filter(Boolean));
  }

  function redraw() {
    drawn.forEach((each) => each());
  }

  function themeButton() {
    const button = document.querySelector('[data-caravan-theme]');
    if (button) {
      button.hidden = false;
      button.addEventListener('click', () => {
        document.documentElement.setAttribute('data-theme', dark() ? 'light' : 'dark');
        redraw();
      });
    }
  }

  const CaravanReport = { render: render, requests: requestsOf, answers: answers, redraw: redraw };
  window.CaravanReport = CaravanReport;

  function start() {
    document.querySelectorAll('[data-caravan-report]').forEach((place) => {
      const source = document.getElementById(place.getAttribute('data-caravan-report'));
      render(place, JSON.parse(source.textContent));
    });
    themeButton();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
    window.addEventListener('beforeprint', () => { printing = true; redraw(); });
    window.addEventListener('afterprint', () => { printing = false; redraw(); });
  }

  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', start);
  } else {
    start();
  }
})();
