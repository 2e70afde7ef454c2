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
  const { ctx, chartArea: area, scales } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  ctx.clip(); // an interval may be wider than the axis
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
  ctx.restore();
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
