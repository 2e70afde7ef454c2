/*
 * Draws a report from its JSON form (dev.caravan.observe.report.ReportJson) with Chart.js. It uses no
 * inline handlers, no eval and no HTML strings, so that it runs under a strict Content-Security-Policy.
 *
 *   CaravanReport.render(element, data, options)       draws a report and replaces the element's content
 *   CaravanReport.requests(element, requests, title)   draws the requests of one run
 *
 * On page load, an element with data-caravan-report="ID" shows the JSON of the element with that ID.
 */
(function () {
  'use strict';

  // Based on Okabe and Ito's palette, which is safe for colour-blind readers; shapes differ as well.
  const COLOURS = {
    light: ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9', '#000000', '#7f3c8d'],
    dark: ['#56b4e9', '#e69f00', '#2fc797', '#e79fc7', '#f0e442', '#4f9fff', '#ffffff', '#c39bd3'],
  };
  const SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot'];
  const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
  const NARROW = 560;
  const EDGE = 9;
  const WIDE_RANGE = 32; // a sweep with this ratio of highest to lowest value starts with a log axis
  const INITIAL_ROWS = 500;
  const MAX_LABELS = 40;
  const MAX_NAMED = 6; // runs named beside a finding
  const MAX_LINES = 12; // more are hard to tell apart; the reader chooses which are shown
  const MAX_OVERLAID = 40; // of batches that are overlaid, the shape of all of them counts
  const MAX_FACETS = 12; // values of a key that are drawn as plots of their own
  const MAX_DATA = 1000; // rows of the table behind a plot
  const MANY = 3; // of more batches, the parts of each are folded
  const SHORT = { prompt_input_tokens_mean: 'ISL', prompt_output_tokens_mean: 'OSL' }; // as the field calls them
  const SYMBOLS = ['●', '■', '▲', '◆', '★', '✕'];

  const savedChoices = new Map(); // the reader's choices per plot, kept when new data is drawn
  let printing = false;
  let redraws = []; // canvas or table, and the function that redraws it when colours change
  const charts = new Map(); // canvas to chart
  const tables = new Map(); // batch to the function that fills its table of runs

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
    if (!savedChoices.has(id)) {
      savedChoices.set(id, initial);
    }
    return savedChoices.get(id);
  }

  /* ---- text ---- */

  function format(value) {
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

  function keyName(key) {
    return SHORT[key.name] || key.name;
  }

  function withUnit(value, metric) {
    return metric.unit && metric.unit !== '%' ? format(value) + ' ' + metric.unit
      : format(value) + (metric.unit || '');
  }

  function axisName(metric) {
    const directions = window.innerWidth < NARROW ? {} : { higher: ' → higher is better', lower: ' → lower is better' };
    const unit = metric.unit && !metric.label.endsWith(metric.unit) && !/\/s/.test(metric.label)
      ? ' (' + metric.unit + ')' : '';
    return metric.label + unit + (metric.direction === false ? '' : directions[metric.better] || '');
  }

  function stateLabel(point) {
    return point.state.replace('_', ' ');
  }

  function reason(point) {
    const cause = point.cause ? point.cause.replace(/_/g, ' ') : '';
    const why = point.reason || '';
    return (cause && why.startsWith(cause + ': ') ? [why] : [cause, why]).filter(Boolean).join(': ');
  }

  function isCompleted(point) {
    return point.state === 'succeeded' || point.state === 'degraded';
  }

  function isOpen(point) {
    return point.state === 'running' || point.state === 'pending';
  }

  /* ---- what the checks found ---- */

  function mark(level) {
    return level === 'note' ? '' : level === 'invalid' ? '✕ ' : '! ';
  }

  /** The findings that are more than notes. */
  function alarms(point) {
    return (point.checks || []).filter((check) => check.level !== 'note');
  }

  /** A part that the reader opens, and that stays open when new data is drawn. */
  function details(id, summary, ...children) {
    const state = choices('details-' + id, { open: false });
    const node = el('details', { open: state.open }, el('summary', {}, summary), ...children);
    node.addEventListener('toggle', () => { state.open = node.open; });
    return node;
  }

  /** A finding as text for a tooltip. */
  function findingText(check) {
    return mark(check.level) + check.id + ': ' + (check.message || check.level) + (check.advice ? '. Try ' + check.advice : '');
  }

  /** A finding as elements, with its advice as code. */
  function finding(check, more) {
    return [el('strong', { class: 'cv-mark-' + check.level }, mark(check.level) + check.id), more || '', ': ' + (check.message || check.level) + '. ',
      check.advice ? ['Try ', /^\w+:/.test(check.advice) ? el('code', {}, check.advice) : check.advice] : ''].flat();
  }

  /** Number of requests that a point's percentiles are of; null when unknown. */
  function count(batch, point) {
    const value = point.metrics ? point.metrics[batch.metrics.findIndex((each) => each.name === 'requests')] : null;
    return typeof value === 'number' ? value : null;
  }

  /** Whether a metric is a percentile of too few requests. */
  function isRough(batch, point, metric) {
    const n = count(batch, point);
    return Boolean(metric.samples) && n !== null && n < metric.samples;
  }

  /** A value with its unit, interval and, if there are too few requests for it, a tilde. */
  function measured(report, batch, position, metric) {
    const data = report.data.batches[batch];
    const point = data.points[position];
    const interval = (point.intervals || {})[metric.name];
    const value = report.value(batch, position, metric.name);
    return value === null ? '' : (isRough(data, point, metric) ? '~' : '') + withUnit(value, metric)
      + (interval ? ' [' + interval.map(format).join(', ') + ']' : '')
      + (metric.samples && count(data, point) !== null ? ', n = ' + format(count(data, point)) : '')
      + (point.repeats ? ', mean of ' + point.counted + (point.counted < point.repeats ? ' of ' + point.repeats : '') + ' repeats' : '');
  }

  /** The interval of a mean over repeats, to be drawn as a whisker; null for a single run. */
  function meanSpread(point, name) {
    const interval = point.repeats ? (point.intervals || {})[name] : null;
    return interval ? { from: interval[0], to: interval[1], middle: null } : null;
  }

  /** What the checks found in a batch, and what the marks on this page mean. */
  function checkSection(report, at) {
    const batch = report.data.batches[at];
    const checks = batch.checks;
    if (!checks || !checks.runs) {
      return [];
    }
    const share = (count) => count + ' of ' + checks.runs + (checks.runs === 1 ? ' run' : ' runs');
    const names = (found) => found.points.slice(0, MAX_NAMED).map((position) => report.name(at, position)).join('; ')
      + (found.points.length > MAX_NAMED ? '; …' : '');
    const item = (found) => el('li', {}, finding(found, ' in ' + share(found.runs) + (batch.keys.length ? ' (' + names(found) + ')' : '')),
      found.why ? details(batch.id + found.id, 'What this means', el('p', {}, found.id + ' finds: ' + found.rule + '. ' + found.why)) : '');
    const notes = checks.found.filter((found) => found.level === 'note');
    const worse = checks.found.filter((found) => found.level !== 'note');
    return [el('section', { class: 'cv-checks' },
      el('h2', {}, report.data.batches.length > 1 ? 'Checks of ' + batch.id : 'Checks'),
      worse.length ? el('ul', {}, worse.map(item)) : el('p', {}, checks.never_checked === checks.runs ? 'These runs were not checked.'
        : 'Nothing was found that changes what the numbers mean' + (notes.length ? '; see the notes.' : '.')),
      notes.length ? details(batch.id + '-notes', 'Notes: ' + notes.map((found) => found.id + ' in ' + share(found.runs)).join(', '),
        el('ul', {}, notes.map(item))) : '',
      checks.unchecked.length || checks.never_checked ? details(batch.id + '-unchecked', 'Not checked', el('ul', {},
        checks.never_checked && checks.never_checked < checks.runs ? el('li', {}, share(checks.never_checked) + ': recorded without checks') : '',
        checks.unchecked.map((each) => el('li', {}, el('strong', {}, each.id), ' (' + share(each.runs) + '): ' + each.reason)))) : '',
      legend())];
  }

  /** How many runs keep the bounds of the config, and up to which load. */
  function sloSection(report, at) {
    const batch = report.data.batches[at];
    const slo = batch.slo;
    return slo ? [el('section', { class: 'cv-checks' },
      el('h2', {}, report.data.batches.length > 1 ? 'SLO of ' + batch.id : 'SLO'),
      el('p', {}, slo.text + ': ' + slo.count + '.'),
      slo.highest.length ? el('p', {}, slo.heading + ':') : '',
      slo.highest.length ? el('ul', {}, slo.highest.map((line) => el('li', {}, line))) : '')] : [];
  }

  function legend() {
    return el('p', { class: 'cv-note' }, 'Marks: ! a check warns, or the run was disturbed · ○ degraded, drawn hollow · '
      + '✕ failed, or the numbers mean nothing: left out of the plots · ', el('span', { class: 'cv-rough' }, '~ grey'),
      ': too few requests for this percentile · [low, high]: 95 % confidence interval within the run, or of the mean of repeats, which plots draw as one.');
  }

  /* ---- data ---- */

  /**
   * A report.
   *
   * @param links gives the page of a run; null in a file, which has none
   */
  function Report(data, links) {
    this.data = data;
    this.links = links;
    this.shown = null; // shows the requests of a run, where the file has them
  }

  /** How to open the run behind a point: a page, or its requests in this file; null if neither is there. */
  function opener(report, batch, position) {
    const data = report.data.batches[batch];
    const point = data.points[position];
    if (report.links) {
      const href = report.links(data.id, point.index);
      return { href: href, open: () => { window.location.href = href; } };
    }
    const at = (report.data.requests || []).findIndex((run) => run.batch === batch && runIndex(report, run) === point.index);
    return at < 0 ? null : { open: () => report.shown(at) };
  }

  /** The index of a run whose requests are in the file. */
  function runIndex(report, run) {
    return (report.all || report).data.batches[run.batch].points[run.point].index;
  }

  /** What opens the run of a point, as a link or button in place of a text. */
  function opening(report, batch, position, text) {
    const open = opener(report, batch, position);
    return !open ? text : open.href ? el('a', { href: open.href }, text)
      : el('button', { type: 'button', class: 'cv-link', title: 'Show its requests', on: { click: open.open } }, text);
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

  /** The bound that a metric should keep in these batches; null without one, or when batches differ. */
  Report.prototype.bound = function (plot, name) {
    const bounds = plot.series.map((series) => ((this.data.batches[series.batch].slo || {}).bounds || {})[name])
      .filter((bound) => bound !== undefined);
    return new Set(bounds).size === 1 ? bounds[0] : null;
  };

  /** The lines of the bounds of these metrics, which share an axis. */
  Report.prototype.bounds = function (plot, names) {
    return names.map((name) => ({
      value: this.bound(plot, name),
      text: 'SLO' + (names.length > 1 ? ' ' + this.metric(name).label : ''),
    })).filter((bound) => bound.value !== null);
  };

  Report.prototype.value = function (batch, position, name) {
    const data = this.data.batches[batch];
    const index = data.metrics.findIndex((metric) => metric.name === name);
    const point = data.points[position];
    const value = index < 0 || !isCompleted(point) || !point.metrics ? null : point.metrics[index];
    return value === undefined ? null : value;
  };

  Report.prototype.keyAt = function (batch, x) {
    return this.data.batches[batch].keys.findIndex((key) => 'key:' + key.name === x);
  };

  Report.prototype.label = function (series, position) {
    const batch = this.data.batches[series.batch];
    const point = batch.points[position];
    return series.key >= 0 ? format(point.values[series.key])
      : point.values.length ? point.values.map(format).join(' · ') : point.folder;
  };

  Report.prototype.name = function (batch, position) {
    const data = this.data.batches[batch];
    const point = data.points[position];
    const values = keyNames(data, point);
    return (this.data.batches.length > 1 ? data.id + ' ' : '') + (values || data.id);
  };

  /* ---- Chart.js helpers ---- */

  const overlays = {
    id: 'caravanOverlays',
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
      const options = chart.options.caravan || {};
      const { ctx, chartArea: area, scales } = chart;
      ctx.save();
      if (options.limit > 0) {
        const x = scales.x.getPixelForValue(options.limit);
        if (x >= area.left && x <= area.right) {
          ctx.strokeStyle = options.colour;
          ctx.setLineDash([5, 4]);
          ctx.beginPath();
          ctx.moveTo(x, area.top);
          ctx.lineTo(x, area.bottom);
          ctx.stroke();
        }
      }
      drawBounds(chart, options.bounds || {});
      drawWhiskers(chart, options.whiskers || []);
      if (options.labels) {
        drawLabels(chart, options);
      }
      ctx.restore();
    },
  };

  /** The bounds of the config as lines; one outside the axes is not drawn. */
  function drawBounds(chart, bounds) {
    const { ctx, chartArea: area, scales } = chart;
    ctx.strokeStyle = theme().bad;
    ctx.fillStyle = theme().bad;
    ctx.font = '12px system-ui, sans-serif';
    ctx.setLineDash([2, 3]);
    for (const axis of ['x', 'y']) {
      const low = axis === 'x' ? area.left : area.top;
      const high = axis === 'x' ? area.right : area.bottom;
      for (const bound of bounds[axis] || []) {
        const at = scales[axis].getPixelForValue(bound.value);
        if (!(at >= low && at <= high)) {
          continue;
        }
        ctx.beginPath();
        ctx.moveTo(axis === 'x' ? at : area.left, axis === 'x' ? area.top : at);
        ctx.lineTo(axis === 'x' ? at : area.right, axis === 'x' ? area.bottom : at);
        ctx.stroke();
        ctx.fillText(bound.text, axis === 'x' ? at + 3 : area.left + 4, axis === 'x' ? area.top + 12 : at - 3);
      }
    }
    ctx.setLineDash([]);
  }

  function drawWhiskers(chart, whiskers) {
    const { ctx, scales } = chart;
    ctx.setLineDash([]);
    for (const whisker of whiskers) {
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

  /** Labels each point where a label fits without overlapping another label or point. */
  function drawLabels(chart, options) {
    const { ctx, chartArea: area } = chart;
    const occupied = [];
    chart.data.datasets.forEach((dataset, at) => chart.isDatasetVisible(at) && chart.getDatasetMeta(at).data.forEach((p) => {
      occupied.push([p.x - 5, p.y - 5, p.x + 5, p.y + 5]);
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
        if (!raw || !raw.label || raw.y === null || Number.isNaN(raw.y) || count >= MAX_LABELS) {
          return;
        }
        const width = ctx.measureText(raw.label).width;
        for (const [dx, dy] of [[-width - 8, -4], [8, 17], [8, -5], [-width - 8, 17], [-width / 2, -9], [-width / 2, 22]]) {
          const box = [element.x + dx, element.y + dy - 12, element.x + dx + width, element.y + dy];
          const inside = box[0] >= area.left && box[2] <= area.right + 20 && box[1] >= 0;
          if (inside && !occupied.some((t) => t[0] < box[2] && box[0] < t[2] && t[1] < box[3] && box[1] < t[3])) {
            occupied.push(box);
            ctx.fillStyle = options.colour;
            ctx.fillText(raw.label, box[0], box[3]);
            count++;
            break;
          }
        }
      });
    });
  }

  function scale(title, log, options) {
    const colours = theme();
    return Object.assign({
      type: log ? 'logarithmic' : 'linear',
      beginAtZero: !log,
      title: { display: true, text: title + (log ? ' · log scale' : ''), color: colours.text },
      grid: { color: colours.grid },
      border: { color: colours.weak },
      ticks: { color: colours.weak, maxTicksLimit: 9, callback: (value) => format(Number(value)) },
    }, options || {});
  }

  function drawChart(canvas, config) {
    const previous = charts.get(canvas);
    if (previous) {
      previous.destroy();
    }
    const colours = theme();
    config.options = Object.assign({
      animation: false,
      responsive: true,
      devicePixelRatio: printing ? 3 : undefined,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', intersect: false },
      onClick: (event, active, chart) => opens(event, chart).slice(0, 1).forEach((open) => open.open()),
      onHover: (event, active, chart) => { chart.canvas.style.cursor = opens(event, chart).length ? 'pointer' : ''; },
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
    config.plugins = [overlays];
    charts.set(canvas, new window.Chart(canvas, config));
    if (canvas.afterDraw) {
      canvas.afterDraw();
    }
  }

  /** What a click here opens: the runs of the points under it. */
  function opens(event, chart) {
    return chart.getElementsAtEventForMode(event, 'nearest', { intersect: true }, true)
      .map((found) => chart.data.datasets[found.datasetIndex].data[found.index])
      .filter((raw) => raw && raw.open).map((raw) => raw.open);
  }

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
    return 'n = ' + format(low) + (high > low ? ' to ' + format(high) : '') + ' requests a point. '
      + (rough.length ? 'Grey, ~: too few; a ' + rough[rough.length - 1].label + ' takes '
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
    return groups.size ? [el('ul', { class: 'cv-outcomes', 'aria-label': 'Runs that are not drawn as they are' + (several ? ', ' + batch.id : '') },
      ['bad', 'degraded', 'warned', 'open'].flatMap((kind) => [...groups.values()].filter((group) => group.kind === kind)
        .map((group) => el('li', { class: styles[kind] }, group.text + ' (' + group.positions.length + ')' + named(group)))))] : [];
  }

  function keyNames(batch, point) {
    return batch.keys.map((key, i) => keyName(key) + ' ' + format(point.values[i])).join(', ');
  }

  /* ---- what of a batch is shown: lines, facets and filters ---- */

  /** Choices for all plots of a batch, or of the overlays (-1), kept when new data is drawn. */
  function View(report, at) {
    this.report = report;
    this.batch = at < 0 ? null : report.data.batches[at];
    this.keys = this.batch ? this.batch.keys : [];
    this.known = {};
    this.state = choices('view-' + (this.batch ? this.batch.id : 'all'), { facet: this.initialFacet(), filters: {}, shown: {} });
  }

  View.prototype.values = function (key) {
    this.known[key] = this.known[key] || unique(this.batch.points.map((point) => point.values[key]));
    return this.known[key];
  };

  /** With three keys or more, the one with the fewest values makes plots of their own: one is the axis, one the lines. */
  View.prototype.initialFacet = function () {
    const axis = this.keys.findIndex((key) => key.name === 'concurrency' || key.name === 'request_rate');
    const fitting = this.keys.length < 3 ? [] : this.keys.map((key, i) => i)
      .filter((i) => i !== axis && this.values(i).length > 1 && this.values(i).length <= MAX_FACETS)
      .sort((a, b) => this.values(a).length - this.values(b).length);
    return fitting.length ? fitting[0] : -1;
  };

  View.prototype.matches = function (point) {
    return matches(this.state, point);
  };

  /** Whether a point has the values that the reader chose. */
  function matches(state, point) {
    return Object.entries(state.filters).every(([key, value]) => JSON.stringify(point.values[key]) === value);
  }

  /** The series of a plot that are shown, by panel, with the label and number of their lines; and how many are not. */
  View.prototype.panels = function (plot) {
    const facet = this.batch && plot.series.some((series) => series.key !== this.state.facet) ? this.state.facet : -1;
    const all = plot.series.map((series) => Object.assign({}, series, {
      points: this.batch ? series.points.filter((position) => this.matches(this.batch.points[position])) : series.points }))
      .filter((series) => series.points.length)
      .map((series) => Object.assign(series, { label: this.label(series, facet), full: this.label(series, -1) }));
    const labels = unique(all.map((series) => series.label));
    const shown = this.shown(labels);
    const drawn = all.filter((series) => shown.has(series.label))
      .map((series) => Object.assign(series, { line: labels.indexOf(series.label) }));
    const first = (series) => this.batch.points[series.points[0]].values[facet];
    const facets = facet < 0 ? [undefined] : unique(drawn.map(first));
    return {
      labels: labels, hidden: labels.length - shown.size, series: drawn,
      panels: facets.map((value) => ({
        title: value === undefined ? '' : keyName(this.keys[facet]) + ' ' + format(value),
        series: value === undefined ? drawn : drawn.filter((series) => JSON.stringify(first(series)) === JSON.stringify(value)) })),
    };
  };

  View.prototype.shown = function (labels) {
    const chosen = this.state.shown;
    return new Set(labels.filter((label, i) => (label in chosen ? chosen[label] : i < (this.batch ? MAX_LINES : MAX_OVERLAID))));
  };

  /** The values of the keys that neither the axis nor the panel tells. */
  View.prototype.label = function (series, facet) {
    if (!this.batch) {
      return series.label;
    }
    const point = this.batch.points[series.points[0]];
    return this.keys.map((key, i) => (i === series.key || i === facet || this.values(i).length < 2 ? ''
      : keyName(key) + ' ' + format(point.values[i]))).filter(Boolean).join(', ');
  };

  /** The controls of a view; empty when there is nothing to choose. */
  View.prototype.controls = function (plots, onChange) {
    const parts = [];
    if (this.keys.length > 1) {
      const choosable = this.keys.map((key, i) => i).filter((i) => this.values(i).length > 1);
      if (this.keys.length > 2) {
        parts.push(el('label', {}, 'Plots per ', chooser('Plots per', [['-1', 'none']].concat(choosable
          .filter((i) => this.values(i).length <= MAX_FACETS).map((i) => [String(i), keyName(this.keys[i])])), String(this.state.facet),
        (value) => { this.state.facet = Number(value); onChange(); })));
      }
      choosable.forEach((i) => parts.push(el('label', {}, keyName(this.keys[i]) + ' ', chooser(keyName(this.keys[i]),
        [['', 'all']].concat(this.values(i).map((value) => [JSON.stringify(value), format(value)])), this.state.filters[i] || '',
        (value) => {
          if (value) { this.state.filters[i] = value; } else { delete this.state.filters[i]; }
          onChange();
        }))));
    }
    const labels = unique(plots.filter((plot) => plot.kind !== 'heat').flatMap((plot) => this.panels(plot).labels)).filter(Boolean);
    const shown = plots.filter((plot) => plot.kind !== 'heat').reduce((all, plot) => {
      this.shown(this.panels(plot).labels).forEach((label) => all.add(label));
      return all;
    }, new Set());
    if (labels.length > MAX_LINES / 2) {
      parts.push(this.lineChooser(labels, shown, onChange));
    }
    return parts.length ? [el('div', { class: 'cv-view', role: 'group', 'aria-label': 'What the plots show' }, parts)] : [];
  };

  View.prototype.lineChooser = function (labels, shown, onChange) {
    const set = (choose) => { labels.forEach((label) => { this.state.shown[label] = choose(label); }); onChange(); };
    return details('lines-' + (this.batch ? this.batch.id : 'all'), 'Lines: ' + labels.filter((label) => shown.has(label)).length + ' of ' + labels.length,
      el('p', {}, el('button', { type: 'button', on: { click: () => set(() => true) } }, 'All'), ' ',
        el('button', { type: 'button', on: { click: () => set(() => false) } }, 'None')),
      el('ul', { class: 'cv-lines' }, labels.map((label) => el('li', {}, el('label', {},
        el('input', { type: 'checkbox', checked: shown.has(label), on: { change: (event) => {
          this.state.shown[label] = event.target.checked;
          onChange();
        } } }), ' ' + label)))));
  };

  /** Says what a plot does not show. */
  function hiddenNote(view) {
    return view.hidden > 0 ? [el('strong', {}, view.series.length ? view.hidden + ' of ' + view.labels.length
      + ' lines are not shown; choose them above. ' : 'No line is chosen. ')] : [];
  }

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
        showLine: series.key >= 0 && batch.keys[series.key].numeric, spanGaps: false,
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
      const rank = (position) => (key && key.numeric ? batch.points[position].values[series.key]
        : report.value(series.batch, position, plot.y[0]) || 0);
      const best = within.length ? within.reduce((a, b) => (rank(b) > rank(a) ? b : a)) : null;
      const value = best === null ? null : report.value(series.batch, best, plot.y[0]);
      return {
        line: series.full,
        question: (key && key.numeric ? 'highest ' + key.name + ' with ' : 'best with ') + condition + soFar,
        best: best === null ? '' : report.label(series, best) + (value === null ? '' : ' (' + format(value) + ' ' + (gain.unit || gain.label) + ')'),
        none: 'no point keeps ' + condition + (degraded ? ' (degraded points do not count)' : '') + soFar,
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
    if (value === null) {
      return isOpen(point) ? el('td', { class: 'cv-none', title: 'pending' }, '·')
        : el('td', { class: 'cv-failed', title: stateLabel(point) + ' ' + reason(point) }, cell.opening('✕'));
    }
    const share = high > low ? (value - low) / (high - low) : 0.5;
    const td = el('td', { title: [cell.text + (point.state === 'degraded' ? ', degraded: ' + reason(point) : '')]
      .concat(alarms(point).map(findingText)).join('\n') },
      cell.opening((cell.rough ? '~' : '') + format(value) + (point.state === 'degraded' ? ' ○' : alarms(point).length ? ' !' : '')));
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
        return { x: second, y: values[Math.floor(values.length / 2)] };
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

  /* ---- the table ---- */

  function table(report, batch) {
    const data = report.data.batches[batch];
    const state = { key: null, down: false, rows: INITIAL_ROWS };
    const columns = [{ head: 'Outcome', value: (p) => p.state, text: stateLabel }]
      .concat(data.slo ? [{ head: 'SLO', value: (p) => p.slo, text: sloLabel }] : [])
      .concat(data.keys.map((key, i) => ({ head: key.name, value: (p) => p.values[i], number: key.numeric })))
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
      const message = isOpen(point) ? point.reason || '' : told ? 'the numbers mean nothing' : reason(point);
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
      title: rough ? 'Too few requests: this percentile takes ' + column.metric.samples : undefined },
    (rough ? '~' : '') + fixed(column.value(point), column.decimals),
    interval ? el('small', {}, '[' + interval.map((end) => fixed(end, column.decimals)).join(', ') + ']') : '');
  }

  /** Decimals for all values of a column: the smallest keeps three digits unless the largest then has more than five. */
  function decimals(values) {
    const known = values.filter((value) => typeof value === 'number');
    const digits = (value) => (value < 1 ? 0 : Math.floor(Math.log10(value)) + 1);
    if (known.every(Number.isInteger)) {
      return 0;
    }
    const positive = known.filter((value) => value > 0);
    return Math.min(Math.max(0, 3 - digits(Math.min(...positive))), Math.max(0, 5 - digits(Math.max(...positive))));
  }

  function fixed(value, digits) {
    return typeof value === 'number' ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
      : format(value);
  }

  function sloLabel(point) {
    return !isCompleted(point) ? '' : point.slo === 'kept' ? '✓ kept' : point.slo === 'missed' ? '✕ missed' : 'unknown';
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

  /* ---- the whole report ---- */

  const headline = window.CaravanHeadline({ el, format, withUnit, choices, isCompleted, isOpen, alarms, opener });

  function render(container, data, options) {
    const pages = container.getAttribute('data-runs');
    const links = pages ? (id, index) => pages + id.split('/').map(encodeURIComponent).join('/') + '/runs/' + index : null;
    const report = new Report(data, links);
    // Plots draw the repeats of a point as one; tables list every run.
    const drawn = new Report(Object.assign({}, data, {
      batches: data.batches.map((batch) => (batch.drawn ? Object.assign({}, batch, batch.drawn) : batch)) }), links);
    drawn.all = report;
    drawn.shown = (index) => report.shown(index);
    clear(container);
    drawn.original = data;
    const several = data.batches.length > 1;
    const many = data.batches.length > MANY;
    const first = data.plots.find((plot) => plot.kind === 'curve');
    const frontier = data.plots.find((plot) => plot.kind === 'frontier');
    const overlays = data.plots.filter((plot) => plot.id.startsWith('all-') && plot !== frontier);
    const told = (at) => sloSection(report, at).concat(checkSection(report, at), outcomeSection(drawn, at));
    const plots = (at) => data.plots.filter((plot) => plot.id.startsWith('b' + at + '-'));
    const drawnPlots = (at) => (plots(at).length ? [plotSection(drawn, at, plots(at), first, limits)] : []);
    if ((options || {}).comparison) {
      container.replaceChildren(...comparisonParts(drawn, frontier, options).filter(Boolean));
      return;
    }
    const limits = headline.limits(report);
    const head = headline.section(report, drawn, limits, Boolean(first));
    const place = several ? null : document.querySelector('[data-headline]');
    if (place) {
      place.replaceChildren(head);
    }
    const parts = several ? comparisonParts(drawn, frontier, {}) : [];
    parts.push(...(place ? [] : [head]));
    parts.push(...(many ? [] : data.batches.flatMap((batch, at) => told(at))));
    if (several && overlays.length) {
      parts.push(el('h2', {}, 'Side by side'), plotSection(drawn, -1, overlays, first, limits));
    }
    if (many) {
      parts.push(el('h2', {}, 'Each batch'));
      data.batches.forEach((batch, at) => parts.push(folded('batch-' + batch.id, batchTitle(report, at),
        () => [...told(at), ...drawnPlots(at), ...table(report, at)])));
    } else {
      data.batches.forEach((batch, at) => parts.push(...(several && plots(at).length ? [el('h2', {}, batch.id)] : []), ...drawnPlots(at)));
    }
    parts.push(...requestSection(report));
    if (!many) {
      data.batches.forEach((batch, at) => parts.push(...table(report, at)));
    }
    container.replaceChildren(...parts.filter(Boolean));
  }

  /** Several batches in one plot, the settings in which they differ, and what the checks found in them. */
  function comparisonParts(drawn, frontier, options) {
    return [options.above, frontier ? window.CaravanFrontier.section(drawn, frontier, options) : el('p', {}, 'No run has completed.'),
      ...window.CaravanFrontier.settings(drawn.data),
      ...(options.comparison || drawn.data.batches.length > MANY ? window.CaravanFrontier.findings(drawn.original) : [])];
  }

  function batchTitle(report, at) {
    const batch = report.data.batches[at];
    const failed = batch.points.filter((point) => !isOpen(point) && !isCompleted(point)).length;
    const found = batch.checks && batch.checks.found ? batch.checks.found.filter((each) => each.level !== 'note') : [];
    return batch.id + ': ' + batch.points.filter(isCompleted).length + ' of ' + batch.total + ' runs completed'
      + (failed ? ', ' + failed + ' without data' : '') + (found.length ? ', ' + found.map((each) => mark(each.level) + each.id).join(', ') : '');
  }

  /** A part that is made when the reader opens it. */
  function folded(id, summary, make) {
    const place = el('div', {});
    const fold = details(id, summary, place);
    const fill = () => {
      if (fold.open && !place.firstChild) {
        place.append(...make());
      }
    };
    fold.addEventListener('toggle', fill);
    fold.classList.add('cv-batch');
    fill();
    return fold;
  }

  function redraw() {
    redraws.forEach((each) => each.draw());
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

  /* ---- files to take away ---- */

  function saveText(name, text, type) {
    saveBlob(name, new Blob([text], { type: type }));
  }

  function saveBlob(name, blob) {
    const link = el('a', { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /** Saves the panels of a plot as one picture with its title. */
  function savePng(canvases, title) {
    const head = 28 * (canvases[0].width / canvases[0].clientWidth);
    const picture = el('canvas', { width: Math.max(...canvases.map((canvas) => canvas.width)),
      height: canvases.reduce((sum, canvas) => sum + canvas.height, head) });
    const ctx = picture.getContext('2d');
    ctx.fillStyle = theme().ground;
    ctx.fillRect(0, 0, picture.width, picture.height);
    ctx.fillStyle = theme().text;
    ctx.font = '600 ' + head / 2 + 'px system-ui, sans-serif';
    ctx.fillText(title, head / 4, head * 0.65);
    canvases.reduce((top, canvas) => {
      ctx.drawImage(canvas, 0, top);
      return top + canvas.height;
    }, head);
    picture.toBlob((blob) => saveBlob(title.toLowerCase().replace(/[^a-z0-9]+/g, '-') + '.png', blob));
  }

  function onRedraw(element, draw) {
    redraws.push({ element: element, draw: draw });
  }

  // What frontier.js draws with.
  const kit = { el, format, withUnit, theme, toggle, chooser, plotFrame, drawChart, scale, axisName, alarms, finding, findingText,
    mark, isCompleted, isOpen, isRough, measured, reason, stateLabel, symbol, count, keyName, savePng, saveText, onRedraw, COLOURS, SHAPES, DASHES };

  window.CaravanReport = { render: render, requests: renderRequests, redraw: redraw, kit: kit };

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
