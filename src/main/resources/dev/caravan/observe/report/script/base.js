/*
 * Draws a report from its JSON form (dev.caravan.observe.report.ReportJson) with Chart.js. It uses no
 * inline handlers, no eval and no HTML strings, so that it runs under a strict Content-Security-Policy.
 *
 *   CaravanReport.render(element, data, options)       draws a report and replaces the element's content
 *   CaravanReport.requests(element, requests, title)   draws the requests of one run
 *
 * On page load, an element with data-caravan-report="ID" shows the JSON of the element with that ID.
 */
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
const READ = ['aria-label', 'title']; // attributes that people read
const SYMBOLS = ['●', '■', '▲', '◆', '★', '✕'];

const savedChoices = new Map(); // the reader's choices per plot, kept when new data is drawn
let printing = false;
let redraws = []; // canvas or table, and the function that redraws it when colours change
const charts = new Map(); // canvas to chart
const tables = new Map(); // batch to the function that fills its table of runs

/* ---- elements ---- */

/** As DisplayText.unturned: such characters would turn the rest of the line, too. */
function unturned(text) {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, (turn) => '\\u' + turn.charCodeAt(0).toString(16));
}

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) {
        node.addEventListener(event, listener);
      }
    } else if (value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : READ.includes(name) ? unturned(String(value)) : value);
    }
  }
  for (const child of children.flat()) {
    if (child !== undefined && child !== null && child !== '') {
      node.append(typeof child === 'string' ? unturned(child) : child);
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

/** Digits before the decimal point of a number that is not negative; below 0 for each zero right behind it. */
function integerDigits(value) {
  return value > 0 ? Math.floor(Math.log10(value)) + 1 : 0;
}

function format(value) {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '';
  }
  if (typeof value !== 'number') {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  const digits = Number.isInteger(value) ? 0 : Math.min(12, Math.max(0, 3 - integerDigits(Math.abs(value))));
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
  return mark(check.level) + check.id + ': ' + (check.message || check.level) + (check.advice ? '. Advice: ' + check.advice : '');
}

/** A finding as elements, with its advice as code. */
function finding(check, more) {
  return [el('strong', { class: 'cv-mark-' + check.level }, mark(check.level) + check.id), more || '', ': ' + (check.message || check.level) + '. ',
    check.advice ? ['Advice: ', /^\w+:/.test(check.advice) ? el('code', {}, check.advice) : check.advice] : ''].flat();
}

/** Number of requests that a point's percentiles are of; null when unknown. */
function count(batch, point) {
  const value = point.metrics ? point.metrics[batch.metrics.findIndex((each) => each.name === 'requests')] : null;
  return typeof value === 'number' ? value : null;
}

/** A number of requests in words; the mean of repeats is rounded. */
function requestCount(n) {
  return 'n = ' + format(Math.round(n));
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
    + (metric.samples && count(data, point) !== null ? ', ' + requestCount(count(data, point)) : '')
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
      : 'The checks found nothing that changes what the numbers mean' + (notes.length ? '; see the notes.' : '.')),
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
    + '✕ failed or invalid: left out of the plots · ', el('span', { class: 'cv-rough' }, '~ grey'),
    ': too few requests for this percentile · [low, high]: 95 % confidence interval within the run, or of the mean of repeats, which plots draw as one.');
}
