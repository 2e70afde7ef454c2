/* What pages do beyond htmx: colours, live plots, copying, and what a lost connection looks like. No inline handlers, no eval, no markup made of text. */
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

  /* The report's script has its own listener on this button when it is on the page. */
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

  /* ---- plots that follow the data ---- */

  const shown = new Map();

  async function refresh(place, url, draw) {
    const at = shown.get(place) || { text: null, busy: false };
    shown.set(place, at);
    if (at.busy || (at.text !== null && place.contains(document.activeElement) && document.activeElement.matches('input, select'))) {
      return;
    }
    at.busy = true;
    try {
      const reply = await fetch(url, { headers: { Accept: 'application/json' } });
      const text = await reply.text();
      const same = text.replace(/"generated_at":"[^"]*"/, '');
      if (reply.ok && same !== at.text) {
        at.text = same;
        draw(place, JSON.parse(text));
      }
    } catch (e) {
      /* the connection is shown as lost already */
    } finally {
      at.busy = false;
    }
  }

  function drawRequests(place, data) {
    if (data) {
      CaravanReport.requests(place, data, 'Requests');
    } else {
      place.textContent = 'No requests are written down.';
    }
  }

  function refreshAll() {
    document.querySelectorAll('[data-live-report]').forEach((place) => refresh(place, place.getAttribute('data-live-report'), CaravanReport.render));
    document.querySelectorAll('[data-live-requests]').forEach((place) => refresh(place, place.getAttribute('data-live-requests'), drawRequests));
  }

  /* ---- the connection ---- */

  function connection(lost) {
    const sign = document.getElementById('connection');
    if (sign) {
      sign.hidden = !lost;
      sign.textContent = lost ? 'Caravan does not answer; trying again' : '';
    }
  }

  let focused = null;
  let wholeAtFirst = null;

  /** A run's or batch's state, at whose change the page as a whole is another. */
  function whole() {
    const place = document.querySelector('#live [data-whole]');
    return place && place.getAttribute('data-whole');
  }

  document.addEventListener('htmx:sseOpen', () => connection(false));
  document.addEventListener('htmx:sseError', () => connection(true));
  document.addEventListener('htmx:sseMessage', refreshSoon);
  document.addEventListener('htmx:beforeSwap', (event) => {
    const active = document.activeElement;
    focused = active && event.detail.target.contains(active) ? active.id ? '#' + CSS.escape(active.id) : active.getAttribute('href') ? 'a[href="' + CSS.escape(active.getAttribute('href')) + '"]' : null : null;
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    const state = whole();
    if (state !== null && state !== wholeAtFirst) {
      wholeAtFirst = state;
      location.reload(); // what does not move by itself has changed too: facts, files, the report
      return;
    }
    const again = focused && event.detail.target.querySelector(focused);
    if (again) {
      again.focus({ preventScroll: true });
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
    const said = document.getElementById('said');
    try {
      const reply = await fetch(button.getAttribute('data-copy'));
      await navigator.clipboard.writeText(await reply.text());
      said.textContent = 'Copied.';
    } catch (e) {
      said.textContent = 'The browser does not let the page copy: ';
      const link = document.createElement('a');
      link.href = button.getAttribute('data-copy');
      link.textContent = 'open it';
      said.append(link);
    }
  }

  /* ---- the config that is written ---- */

  function goTo(line) {
    const area = document.getElementById('config');
    const lines = area.value.split('\n');
    const from = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    area.focus();
    area.setSelectionRange(from, from + (lines[line - 1] || '').length);
  }

  async function take(file) {
    document.getElementById('config').value = await file.text();
  }

  function submitPage() {
    const area = document.getElementById('config');
    if (!area) {
      return;
    }
    const input = document.getElementById('file');
    input.addEventListener('change', () => input.files[0] && take(input.files[0]));
    area.addEventListener('dragover', (event) => { event.preventDefault(); area.classList.add('drag'); });
    area.addEventListener('dragleave', () => area.classList.remove('drag'));
    area.addEventListener('drop', (event) => {
      area.classList.remove('drag');
      if (event.dataTransfer.files[0]) {
        event.preventDefault();
        take(event.dataTransfer.files[0]);
      }
    });
  }

  /* ---- events of one batch: all that are kept, then those that come; also over a restart of the daemon ---- */

  const EVENTS = ['batch.accepted', 'run.started', 'run.retrying', 'run.finished', 'run.dead-lettered', 'batch.finished'];

  function eventWords(event) {
    const data = event.data;
    const run = data.run ? 'run ' + (data.run_index + 1) + (data.attempt > 1 ? ', attempt ' + data.attempt : '') : '';
    const values = Object.entries(data.sweep || {}).map(([key, value]) => key + ' ' + value).join(', ');
    const cause = [(data.cause || '').replace(/_/g, ' '), data.reason].filter(Boolean).join(': ');
    const counts = Object.entries(data.outcomes || {}).filter(([, n]) => n > 0).map(([name, n]) => n + ' ' + name.replace(/_/g, ' ')).join(', ');
    return [new Date(event.time).toLocaleTimeString('en-GB'), event.type.replace('dev.caravan.', '').replace(/[.-]/g, ' '), run, values,
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
      source.addEventListener('reset', () => { note.textContent = 'Older events are not kept any more.'; });
      EVENTS.forEach((type) => source.addEventListener(type, (message) => {
        const item = document.createElement('li');
        item.textContent = eventWords(JSON.parse(message.data));
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
    wholeAtFirst = whole();
    themeButton();
    submitPage();
    eventsList();
    if (window.CaravanReport) {
      refreshAll();
    }
  });
})();
