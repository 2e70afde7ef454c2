/* ---- the whole report ---- */

const headline = headlineOf();

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
