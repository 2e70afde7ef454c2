/* ---- what of a batch is shown: lines, facets and filters ---- */

/** Choices for all plots of a batch, or of the overlays (-1), kept when new data is drawn. */
function View(report, at) {
  this.report = report;
  this.at = at;
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
  const lines = this.report.data.plots.find((plot) => plot.kind === 'lines' && plot.id.startsWith('b' + this.at + '-'));
  const axis = this.keys.findIndex((key) => lines && lines.x === 'key:' + key.name);
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
