/* Page behaviour beyond htmx: theme, live charts, copying, and the connection indicator. No inline handlers, no eval, no HTML built from text. */
(function () {
  'use strict';

  const THEME = 'caravan-theme';
  const root = document.documentElement;

  function stored() {
    try { return localStorage.getItem(THEME); } catch (e) { return null; }
  }

  function store(theme) {
    try { localStorage.setItem(THEME, theme); } catch (e) { /* private window */ }
  }

  if (stored()) {
    root.setAttribute('data-theme', stored());
  }

  function toggle() {
    const chosen = root.getAttribute('data-theme');
    const dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.setAttribute('data-theme', dark ? 'light' : 'dark');
  }

  /* On pages with charts, the report's script already handles this button. */
  function themeButton() {
    const button = document.querySelector('[data-caravan-theme]');
    if (button) {
      button.addEventListener('click', () => {
        if (!window.CaravanReport) {
          toggle();
        }
        setTimeout(() => store(root.getAttribute('data-theme')), 0);
      });
    }
  }

  /* ---- live charts ---- */

  const states = new Map();

  async function refresh(element, url, draw) {
    const state = states.get(element) || { text: null, busy: false };
    states.set(element, state);
    if (state.busy || (state.text !== null && element.contains(document.activeElement) && document.activeElement.matches('input, select'))) {
      return;
    }
    state.busy = true;
    try {
      const response = await fetch(url, { headers: { Accept: 'application/json' } });
      const text = await response.text();
      const content = text.replace(/"generated_at":"[^"]*"/, '');
      if (response.ok && content !== state.text) {
        state.text = content;
        draw(element, JSON.parse(text));
      }
    } catch (e) {
      /* the connection indicator already shows it */
    } finally {
      state.busy = false;
    }
  }

  function drawRequests(element, data) {
    if (data) {
      CaravanReport.requests(element, data, 'Requests');
    } else {
      element.textContent = 'No request data.';
    }
  }

  function refreshAll() {
    document.querySelectorAll('[data-live-report]').forEach((element) => refresh(element, element.getAttribute('data-live-report'), CaravanReport.render));
    document.querySelectorAll('[data-live-requests]').forEach((element) => refresh(element, element.getAttribute('data-live-requests'), drawRequests));
  }

  /* ---- the connection ---- */

  function connection(lost) {
    const indicator = document.getElementById('connection');
    if (indicator) {
      indicator.hidden = !lost;
      indicator.textContent = lost ? 'Caravan is not responding; reconnecting…' : '';
    }
  }

  let focused = null;
  let opened = [];
  let loadedPageState = null;

  /* The state of the run or batch; when it changes, the whole page must be reloaded. */
  function pageState() {
    const element = document.querySelector('#live [data-page-state]');
    return element && element.getAttribute('data-page-state');
  }

  document.addEventListener('htmx:sseOpen', () => connection(false));
  document.addEventListener('htmx:sseError', () => connection(true));
  document.addEventListener('htmx:sseMessage', refreshSoon);
  document.addEventListener('htmx:beforeSwap', (event) => {
    const active = document.activeElement;
    focused = active && event.detail.target.contains(active) ? active.id ? '#' + CSS.escape(active.id) : active.getAttribute('href') ? 'a[href="' + CSS.escape(active.getAttribute('href')) + '"]' : null : null;
  });
  document.addEventListener('htmx:beforeSwap', (event) => {
    opened = [...event.detail.target.querySelectorAll('details[open][id]')].map((details) => details.id);
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    opened.map((id) => document.getElementById(id)).filter(Boolean).forEach((details) => { details.open = true; });
    const state = pageState();
    if (state !== null && state !== loadedPageState) {
      loadedPageState = state;
      location.reload(); // parts that are not live have changed too: facts, files, the report
      return;
    }
    const target = focused && event.detail.target.querySelector(focused);
    if (target) {
      target.focus({ preventScroll: true });
    }
  });

  let timer = 0;

  function refreshSoon() {
    if (!timer) {
      timer = setTimeout(() => { timer = 0; refreshAll(); }, 50);
    }
  }

  /* ---- copying ---- */

  async function copy(button) {
    const notice = document.getElementById('notice');
    try {
      const response = await fetch(button.getAttribute('data-copy'));
      await navigator.clipboard.writeText(await response.text());
      notice.textContent = 'Copied.';
    } catch (e) {
      notice.textContent = 'The browser blocked copying: ';
      const link = document.createElement('a');
      link.href = button.getAttribute('data-copy');
      link.textContent = 'open the text';
      notice.append(link);
    }
  }

  /* ---- the config editor ---- */

  function goTo(line) {
    const area = document.getElementById('config');
    const lines = area.value.split('\n');
    const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1] || '').length);
  }

  async function load(file) {
    document.getElementById('config').value = await file.text();
  }

  function submitPage() {
    const area = document.getElementById('config');
    if (!area) {
      return;
    }
    document.querySelector('[data-use-example]').addEventListener('click', () => {
      area.value = document.getElementById('example').textContent;
      area.focus();
    });
    const input = document.getElementById('file');
    input.addEventListener('change', () => input.files[0] && load(input.files[0]));
    area.addEventListener('dragover', (event) => { event.preventDefault(); area.classList.add('drag'); });
    area.addEventListener('dragleave', () => area.classList.remove('drag'));
    area.addEventListener('drop', (event) => {
      area.classList.remove('drag');
      if (event.dataTransfer.files[0]) {
        event.preventDefault();
        load(event.dataTransfer.files[0]);
      }
    });
  }

  /* ---- events of one batch: kept ones first, then new ones; continues after a restart of the daemon ---- */

  const EVENTS = ['batch.accepted', 'run.started', 'run.retrying', 'run.finished', 'run.dead-lettered', 'batch.finished'];

  function eventText(event) {
    const data = event.data;
    const run = data.run ? 'run ' + (data.run_index + 1) + (data.attempt > 1 ? ', attempt ' + data.attempt : '') : '';
    const values = Object.entries(data.sweep || {}).map(([key, value]) => key + ' ' + value).join(', ');
    const cause = [(data.cause || '').replace(/_/g, ' '), data.reason].filter(Boolean).join(': ');
    const counts = Object.entries(data.outcomes || {}).filter(([, n]) => n > 0).map(([name, n]) => n + ' ' + name.replace(/_/g, ' ')).join(', ');
    // the clock of the daemon's host, as everywhere on the page
    return [event.time.slice(11, 19), event.type.replace('dev.caravan.', '').replace(/[.-]/g, ' '), run, values,
      (data.outcome || '').replace(/_/g, ' '), cause, counts].filter(Boolean).join(' · ');
  }

  function eventsList() {
    const list = document.querySelector('[data-events]');
    if (!list) {
      return;
    }
    const note = list.parentElement.querySelector('[data-events-note]');
    let source = null;
    list.closest('details').addEventListener('toggle', () => {
      if (source) {
        return;
      }
      source = new EventSource('/api/v1/events?after=0&batch=' + encodeURIComponent(list.getAttribute('data-events')));
      source.addEventListener('reset', () => { note.textContent = 'Older events are no longer available.'; });
      EVENTS.forEach((type) => source.addEventListener(type, (message) => {
        const item = document.createElement('li');
        item.textContent = eventText(JSON.parse(message.data));
        list.append(item);
      }));
    });
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button && button.hasAttribute('data-copy')) {
      copy(button);
    } else if (button && button.hasAttribute('data-line')) {
      goTo(Number(button.getAttribute('data-line')));
    }
  });

  document.addEventListener('htmx:afterRequest', (event) => {
    const button = event.detail.elt;
    if (event.detail.successful && button.hasAttribute('data-remove') && !event.detail.xhr.responseText.includes('cv-bad')) {
      button.disabled = true;
    }
  });

  document.addEventListener('DOMContentLoaded', () => {
    loadedPageState = pageState();
    themeButton();
    submitPage();
    eventsList();
    if (window.CaravanReport) {
      refreshAll();
    }
  });
})();
