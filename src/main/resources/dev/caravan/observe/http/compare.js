/* The page that compares batches: a list to choose from, and what report.js and frontier.js draw of those chosen. Its state is in the URL. */
(function () {
  'use strict';

  const PAGE = 50; // rows of the list until the reader asks for more
  const LIST_LIMIT = 1000; // batches that the API lists at once
  const MOST_LISTED = 10000;
  const PLOT_STATE = ['x', 'y', 'base', 'on', 'limit']; // in the URL, with those below as 1
  const PLOT_FLAGS = ['degraded', 'plain', 'logX', 'logY'];
  const SINCE = [['', 'any time'], ['1', 'last day'], ['7', 'last 7 days'], ['30', 'last 30 days'], ['365', 'last year']];
  const OUTCOMES = [['', 'any outcome'], ['good', 'all succeeded'], ['degraded', 'with degraded runs'], ['failed', 'with failed runs'],
    ['open', 'not finished'], ['FAIL', 'verdict FAIL']];
  const DAY = 24 * 60 * 60 * 1000;

  function start(root) {
    const { el, format, chooser } = window.CaravanReport.kit;
    const { clockOf, batchLink, fetchInTurn, fetchJson, contentOf } = window.CaravanApi;
    const most = Number(root.getAttribute('data-max-batches'));
    const asked = new URLSearchParams(location.search);
    const chosen = new Set(asked.getAll('batch'));
    const filter = { q: asked.get('q') || '', model: asked.get('model') || '', service: asked.get('service') || '', outcome: asked.get('outcome') || '',
      since: asked.get('since') || '', sort: asked.get('sort') || 'time', rows: PAGE };
    let plot = Object.assign(Object.fromEntries(PLOT_STATE.filter((name) => asked.has(name)).map((name) => [name, asked.get(name)])),
      Object.fromEntries(PLOT_FLAGS.filter((name) => asked.has(name)).map((name) => [name, true])));
    let batches = [];
    let total = 0;
    let drawn = '';
    let comparedWith = '';
    let timer = 0;
    let underway = new AbortController(); // of the comparison that is being read

    const count = el('strong', { 'aria-live': 'polite' });
    const controls = el('div', { class: 'actions' });
    const rows = el('tbody', {});
    const head = el('tr', {});
    const below = el('p', {});
    const boxes = new Map(); // the checkbox of each batch in the list
    const listBox = el('details', { open: chosen.size === 0 }, el('summary', {}, 'Choose batches: ', count), controls,
      el('div', { class: 'cv-scroll cv-choice', tabindex: '0', role: 'region', 'aria-label': 'Batches to choose from' },
        el('table', { class: 'cv-runs cv-cards' }, el('thead', {}, head), rows)), below);
    const chips = el('p', { class: 'actions cv-chips' });
    const message = el('p', { role: 'status' });
    const result = el('div', {});
    const verdicts = el('div', { class: 'cv-verdicts', 'aria-live': 'polite' });
    root.replaceChildren(chips, listBox, message, result);

    /* ---- the URL ---- */

    function saveState() {
      const query = new URLSearchParams();
      chosen.forEach((id) => query.append('batch', id));
      PLOT_STATE.filter((name) => plot[name] !== undefined && plot[name] !== '').forEach((name) => query.set(name, plot[name]));
      PLOT_FLAGS.filter((name) => plot[name]).forEach((name) => query.set(name, '1'));
      ['q', 'model', 'service', 'outcome', 'since'].filter((name) => filter[name]).forEach((name) => query.set(name, filter[name]));
      if (filter.sort !== 'time') {
        query.set('sort', filter.sort);
      }
      history.replaceState(null, '', location.pathname + (query.size ? '?' + query : ''));
    }

    /* ---- the list ---- */

    const outcomeText = (batch) => Object.entries(batch.outcomes).map(([name, n]) => n + ' ' + name.replace(/_/g, ' ')).join(', ') || 'not started';
    const labelText = (batch) => Object.entries(batch.labels).map(([name, value]) => name + '=' + value).join(' ');
    const bestText = (batch) => (batch.best_throughput === null ? '' : format(batch.best_throughput) + ' ' + batch.best_unit);
    const columns = [
      { id: 'name', head: 'Batch', value: (batch) => batch.id },
      { id: 'time', head: 'Accepted', value: (batch) => Date.parse(batch.started_at) || 0, text: (batch) => timeText(batch.started_at), down: true },
      { id: 'verdict', head: 'Verdict', value: (batch) => batch.verdict },
      { id: 'outcome', head: 'Outcome', value: outcomeText },
      { id: 'best', head: 'Best throughput', value: (batch) => (batch.best_throughput === null ? -1 : batch.best_throughput), text: bestText, down: true, number: true },
      { id: 'label', head: 'Labels', value: labelText },
      { id: 'model', head: 'Model', value: (batch) => batch.model },
      { id: 'service', head: 'Service', value: (batch) => batch.target },
    ];

    const clock = clockOf(root.getAttribute('data-zone'));

    function timeText(time) {
      const at = new Date(time);
      return Number.isNaN(at.getTime()) ? '' : clock.format(at).slice(0, 16);
    }

    function isGood(batch) {
      return batch.finished_at && Object.keys(batch.outcomes).every((name) => name === 'succeeded');
    }

    const BAD = ['failed', 'timed_out', 'unhealthy', 'invalid'];
    const ofOutcome = {
      good: isGood, degraded: (batch) => batch.outcomes.degraded > 0, failed: (batch) => BAD.some((name) => batch.outcomes[name] > 0),
      open: (batch) => !batch.finished_at, FAIL: (batch) => batch.verdict === 'FAIL' };

    function matching() {
      const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
      const from = filter.since ? Date.now() - Number(filter.since) * DAY : 0;
      const column = columns.find((each) => each.id === filter.sort.replace(/^-/, '')) || columns[1];
      const down = Boolean(column.down) !== filter.sort.startsWith('-');
      const found = batches.filter((batch) => {
        const text = [batch.id, labelText(batch), batch.model, batch.target, outcomeText(batch), batch.verdict].join(' ').toLowerCase();
        return words.every((word) => text.includes(word)) && (!filter.model || batch.model === filter.model)
          && (!filter.service || batch.target === filter.service) && (!filter.outcome || !ofOutcome[filter.outcome] || ofOutcome[filter.outcome](batch))
          && (!from || new Date(batch.started_at).getTime() >= from);
      });
      const order = (a, b) => (typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true }));
      return found.sort((a, b) => (down ? -1 : 1) * order(column.value(a), column.value(b)));
    }

    function distinct(value) {
      return [...new Set(batches.map(value).filter(Boolean))].sort();
    }

    function drawControls() {
      const set = (name) => (value) => { filter[name] = value; filter.rows = PAGE; drawList(); saveState(); };
      const search = el('input', { type: 'search', value: filter.q, placeholder: 'name, label, model, …', 'aria-label': 'Search batches' });
      search.addEventListener('input', () => set('q')(search.value));
      const options = (all, any) => [['', any]].concat(all.map((value) => [value, value]));
      controls.replaceChildren(search,
        chooser('Model', options(distinct((batch) => batch.model), 'any model'), filter.model, set('model')),
        chooser('Service', options(distinct((batch) => batch.target), 'any service'), filter.service, set('service')),
        chooser('Outcome', OUTCOMES, filter.outcome, set('outcome')), chooser('Time', SINCE, filter.since, set('since')),
        el('button', { type: 'button', on: { click: () => choose(matching().slice(0, filter.rows).map((batch) => batch.id), true) } }, 'Select all shown'),
        el('button', { type: 'button', on: { click: () => choose([...chosen], false) } }, 'Clear selection'));
    }

    function drawHead() {
      head.replaceChildren(el('th', { scope: 'col' }, el('span', { class: 'sr' }, 'Compare')), ...columns.map((column) => {
        const isSorted = filter.sort.replace(/^-/, '') === column.id;
        const down = Boolean(column.down) !== filter.sort.startsWith('-');
        return el('th', { scope: 'col', class: column.number ? 'cv-num' : undefined, 'aria-sort': isSorted ? (down ? 'descending' : 'ascending') : undefined },
          el('button', { type: 'button', id: 'sort-' + column.id, on: { click: () => {
            filter.sort = filter.sort === column.id ? '-' + column.id : column.id;
            drawHead();
            drawList();
            saveState();
            document.getElementById('sort-' + column.id).focus();
          } } }, column.head));
      }));
    }

    function drawList() {
      const found = matching();
      boxes.clear();
      rows.replaceChildren(...found.slice(0, filter.rows).map((batch) => {
        const box = el('input', { type: 'checkbox', 'aria-label': 'Compare ' + batch.id, checked: chosen.has(batch.id) });
        boxes.set(batch.id, box);
        box.addEventListener('change', () => choose([batch.id], box.checked));
        return el('tr', {}, el('td', {}, box), columns.map((column, i) => {
          const text = (column.text || column.value)(batch);
          return i === 0 ? el('th', { scope: 'row' }, el('a', { href: batchLink(batch.id) }, text))
            : el('td', { 'data-head': column.head, class: column.number ? 'cv-num' : column.id === 'label' ? 'cv-wrap' : undefined }, text);
        }));
      }));
      below.replaceChildren(found.length + ' of ' + total + ' batches' + (total > batches.length ? ' (the newest ' + batches.length + ' are searched)' : '') + '. ',
        found.length > filter.rows ? el('button', { type: 'button', on: { click: () => { filter.rows += 4 * PAGE; drawList(); } } }, 'Show more') : '');
    }

    function choose(ids, on) {
      const before = chosen.size;
      ids.forEach((id) => (on ? chosen.size < most && chosen.add(id) : chosen.delete(id)));
      message.textContent = on && before + ids.length > most && chosen.size === most ? 'At most ' + most + ' batches can be compared.' : '';
      drawChosen();
      boxes.forEach((box, id) => { box.checked = chosen.has(id); }); // the same rows, so that the focus stays
      saveState();
      clearTimeout(timer);
      timer = setTimeout(load, 300);
    }

    /** The focus goes to the next chip, else to the list. */
    function leaveOut(id) {
      const at = [...chosen].indexOf(id);
      choose([id], false);
      const next = chips.querySelectorAll('button');
      (next[Math.min(at, next.length - 1)] || listBox.querySelector('summary')).focus();
    }

    function drawChosen() {
      count.textContent = chosen.size ? chosen.size + ' chosen' : 'none chosen';
      const shown = [...chosen].slice(0, 12);
      chips.replaceChildren(...shown.map((id) => el('button', { type: 'button', 'aria-label': 'Leave out ' + id, on: { click: () => leaveOut(id) } }, id + ' ×')),
        chosen.size > shown.length ? 'and ' + (chosen.size - shown.length) + ' more' : '');
    }

    async function loadList() {
      try {
        do {
          const part = await fetchJson('/api/v1/list?limit=' + LIST_LIMIT + '&offset=' + batches.length);
          total = part.total;
          batches = batches.concat(part.batches);
          if (!part.batches.length) {
            break;
          }
        } while (batches.length < Math.min(total, MOST_LISTED));
        drawControls();
        drawHead();
        drawList();
      } catch (e) {
        below.replaceChildren('The batches cannot be listed: ' + e.message);
      }
    }

    /* ---- what is compared ---- */

    const gone = new Set(); // batches of the URL that are no longer there
    const ids = () => [...chosen].filter((id) => !gone.has(id)).map(encodeURIComponent).join(',');
    const NO_BATCH = 'there is no batch ';

    async function load() {
      const wanted = ids();
      underway.abort();
      const own = new AbortController();
      underway = own;
      const isWanted = () => own === underway && wanted === ids();
      if (!wanted) {
        drawn = '';
        result.replaceChildren(el('p', { class: 'cv-weak' }, 'Select the batches to compare.'));
        return;
      }
      if (wanted === drawn) {
        return;
      }
      const words = 'Reading ' + chosen.size + (chosen.size > 1 ? ' batches…' : ' batch…');
      message.textContent = words;
      try {
        const response = await fetchInTurn('/api/v1/compare?batches=' + encodeURIComponent(wanted), own.signal, isWanted,
          () => { message.textContent = words + ' Waiting while other requests are being served.'; });
        const data = await contentOf(response);
        if (!isWanted()) {
          return;
        }
        drawn = wanted;
        comparedWith = '';
        message.textContent = gone.size ? 'No longer available: ' + [...gone].join(', ') + '.' : '';
        window.CaravanReport.render(result, data, { comparison: true, state: plot, above: verdicts, onChange: changed,
          runLink: (id, index) => batchLink(id) + '/runs/' + index });
      } catch (e) {
        if (!isWanted()) {
          return;
        }
        const missing = e.message.startsWith(NO_BATCH) ? e.message.slice(NO_BATCH.length) : '';
        if (chosen.has(missing) && !gone.has(missing) && chosen.size > gone.size + 1) {
          gone.add(missing);
          load();
          return;
        }
        drawn = '';
        comparedWith = '';
        message.textContent = 'These batches cannot be compared: ' + e.message;
      }
    }

    function changed(state) {
      plot = Object.fromEntries(PLOT_STATE.concat(PLOT_FLAGS).map((name) => [name, state[name]]));
      saveState();
      loadVerdicts(state.base.replace(/::.*$/, ''));
    }

    async function loadVerdicts(base) {
      const wanted = base + ' ' + drawn;
      if (wanted === comparedWith) {
        return;
      }
      comparedWith = wanted;
      const isWanted = () => wanted === comparedWith;
      verdicts.replaceChildren(el('p', { class: 'cv-weak' }, 'Comparing with ' + base + '…'));
      try {
        const response = await fetchInTurn('/fragments/compare?batches=' + encodeURIComponent(drawn) + '&base=' + encodeURIComponent(base), undefined,
          isWanted, () => {});
        const text = await response.text();
        if (!response.ok) {
          throw new Error(JSON.parse(text).detail || response.status);
        }
        if (isWanted()) {
          const page = new DOMParser().parseFromString(text, 'text/html');
          const found = text.trim() ? page.body.childNodes : [el('p', { class: 'cv-weak' }, 'Select another batch for a verdict.')];
          verdicts.replaceChildren(...found);
        }
      } catch (e) {
        if (isWanted()) {
          comparedWith = ''; // the next change asks again
          verdicts.replaceChildren(el('p', {}, 'No verdict: ' + e.message));
        }
      }
    }

    drawChosen();
    loadList();
    load();
  }

  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('[data-caravan-compare]').forEach(start));
})();
