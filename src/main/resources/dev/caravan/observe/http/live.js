/* What keeps a page up to date: its streams of events, the live part and the charts. */
(function () {
  'use strict';

  const RETRY_MILLIS = 2000;
  const SILENCE_MILLIS = 40000; // the server says that it is there every 15 s
  const LOOK_MILLIS = 5000;
  const SIGNED_OUT = 401;

  /** What went wrong, from the text of a problem document. */
  async function problem(text, status) {
    try {
      return JSON.parse(await text).detail || 'status ' + status;
    } catch (e) {
      return 'status ' + status;
    }
  }

  /* ---- the connection ---- */

  let isLost = false;
  let stale = ''; // why the live part cannot be read again

  function drawConnection() {
    const indicator = document.getElementById('connection');
    if (indicator) {
      indicator.textContent = isLost ? 'Caravan is not responding; reconnecting…' : stale && 'This page is out of date: ' + stale;
      indicator.hidden = !indicator.textContent;
    }
  }

  function connection(lost) {
    isLost = lost;
    drawConnection();
  }

  const reopens = []; // of each stream that is followed

  /**
   * Follows a stream of events while the page is visible. A browser opens only six connections to a host: pages in
   * background tabs that kept theirs would keep others from loading. `urlAfter` makes the URL from the last id seen.
   */
  function follow(urlAfter, types, receive, lost) {
    let source = null;
    let timer = 0;
    let last = '';

    function close() {
      clearTimeout(timer);
      if (source) {
        source.close();
        source = null;
      }
    }

    function open() {
      if (source || document.hidden) {
        return;
      }
      source = new EventSource(urlAfter(last));
      source.addEventListener('open', () => lost(false));
      source.addEventListener('error', () => {
        const refused = source && source.readyState === EventSource.CLOSED; // the browser does not try again
        lost(true, refused);
        if (refused) {
          close();
          timer = setTimeout(open, RETRY_MILLIS);
        }
      });
      types.forEach((type) => source.addEventListener(type, (message) => {
        last = message.lastEventId || last;
        receive(type, message);
      }));
    }

    document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
    open();
    reopens.push(() => {
      close();
      open();
    });
  }

  let heardAt = Date.now();

  /** A connection that died in silence, such as while the laptop was asleep, looks open for many minutes. */
  function reopenAfterSilence() {
    if (document.hidden) {
      heardAt = Date.now();
    } else if (Date.now() - heardAt > SILENCE_MILLIS) {
      heardAt = Date.now();
      reopens.forEach((reopen) => reopen());
    }
  }

  /* ---- charts ---- */

  const states = new Map();

  const EDIT_MILLIS = 10000;
  let touchedAt = 0;
  ['focusin', 'input', 'keydown'].forEach((type) => document.addEventListener(type, () => { touchedAt = Date.now(); }));

  /** Whether the reader fills in a field of a chart, or of the headline, which is drawn with it and elsewhere. */
  function isEdited(element) {
    const active = document.activeElement;
    return active.matches('input, select') && (element.contains(active) || active.closest('[data-headline]') !== null)
      && Date.now() - touchedAt < EDIT_MILLIS;
  }

  /** Draws anew; the field that had the focus has it again. */
  function redraw(element, data, draw) {
    const id = document.activeElement.id;
    draw(element, data);
    const field = id && document.getElementById(id);
    if (field && field !== document.activeElement) {
      field.focus({ preventScroll: true });
    }
  }

  async function refresh(element, url, draw, isChange) {
    const state = states.get(element) || { text: null, busy: false, due: false };
    states.set(element, state);
    state.due = state.due || isChange;
    if (state.busy || (state.text !== null && isEdited(element))) {
      setTimeout(refreshDue, EDIT_MILLIS);
      return; // what is due is read when the reply is there, the focus has left or nothing is typed
    }
    state.busy = true;
    state.due = false;
    try {
      const response = await fetch(url, { headers: { Accept: 'application/json' } });
      const text = await response.text();
      const content = text.replace(/"generated_at":"[^"]*"/, '');
      if (response.ok && content !== state.text) {
        state.text = content;
        redraw(element, JSON.parse(text), draw);
      }
    } catch (e) {
      /* the connection indicator already shows it */
    } finally {
      state.busy = false;
      refreshDue();
    }
  }

  function drawRequests(element, data) {
    if (data) {
      CaravanReport.requests(element, data, 'Requests');
    } else {
      element.textContent = 'No request data.';
    }
  }

  function refreshAll(isChange) {
    const each = (name, draw) => document.querySelectorAll('[' + name + ']')
      .forEach((element) => refresh(element, element.getAttribute(name), draw, isChange));
    each('data-live-report', (element, data) => CaravanReport.render(element, data));
    each('data-live-requests', drawRequests);
  }

  let timer = 0;
  let isChangeDue = false;

  function refreshSoon(isChange) {
    isChangeDue = isChangeDue || isChange;
    timer = timer || setTimeout(() => {
      const due = isChangeDue;
      timer = 0;
      isChangeDue = false;
      refreshAll(due);
    }, 50);
  }

  function refreshDue() {
    if ([...states].some(([element, state]) => state.due && !state.busy && !isEdited(element))) {
      refreshSoon(true);
    }
  }

  document.addEventListener('focusout', () => setTimeout(refreshDue, 0)); // when the focus is where it goes

  /* ---- the live part ---- */

  let loadedPageState = null;
  let kept = { focused: null, opened: [], scrolled: [] };

  /* Of the run or batch as the whole page shows it; when it changes, the whole page must be reloaded. */
  function pageState() {
    const element = document.querySelector('#live [data-page-state]');
    return element && element.getAttribute('data-page-state');
  }

  function selector(element) {
    const name = ['id', 'href', 'aria-labelledby', 'aria-label'].find((each) => element.getAttribute(each));
    return name ? '[' + name + '="' + CSS.escape(element.getAttribute(name)) + '"]' : '';
  }

  /** Finds the element that takes this one's place: several may have the same link. */
  function placeOf(target, element) {
    const css = element && target.contains(element) ? selector(element) : '';
    const at = css ? [...target.querySelectorAll(css)].indexOf(element) : -1;
    return () => (at < 0 ? null : target.querySelectorAll(css)[at] || target.querySelector(css));
  }

  document.addEventListener('htmx:beforeSwap', (event) => {
    const target = event.detail.target;
    kept = {
      focused: placeOf(target, document.activeElement),
      opened: [...target.querySelectorAll('details[open][id]')].map((details) => details.id),
      scrolled: [...target.querySelectorAll('[role=region]')].filter((each) => each.scrollLeft || each.scrollTop)
        .map((each) => ({ find: placeOf(target, each), left: each.scrollLeft, top: each.scrollTop })) };
  });

  document.addEventListener('htmx:afterSwap', (event) => {
    const state = pageState();
    if (event.detail.target.id === 'live' && state !== null && state !== loadedPageState) {
      loadedPageState = state;
      location.reload(); // parts that are not live have changed too: facts, files, the report
      return;
    }
    kept.opened.map((id) => document.getElementById(id)).filter(Boolean).forEach((details) => { details.open = true; });
    kept.scrolled.forEach((each) => {
      const region = each.find();
      if (region) {
        region.scrollTo(each.left, each.top);
      }
    });
    const focused = kept.focused && kept.focused();
    if (focused) {
      focused.focus({ preventScroll: true });
    }
  });

  document.addEventListener('htmx:afterRequest', async (event) => {
    const xhr = event.detail.xhr;
    if (xhr.status === SIGNED_OUT) {
      location.reload(); // leads to the sign-in page
    } else if (event.detail.target && event.detail.target.id === 'live' && xhr.status) {
      stale = event.detail.successful ? '' : await problem(xhr.responseText, xhr.status);
      drawConnection();
    }
  });

  function followPage() {
    const live = document.querySelector('#live[data-follow]');
    if (live) {
      follow(() => live.getAttribute('data-follow'), ['changed', 'progress', 'alive'], (type) => {
        heardAt = Date.now();
        if (type !== 'alive') {
          htmx.trigger(live, 'changed');
          refreshSoon(type === 'changed');
        }
      }, (lost, refused) => {
        connection(lost);
        if (refused) {
          htmx.trigger(live, 'changed'); // its reply tells why: the token may have changed
        }
      });
      setInterval(reopenAfterSilence, LOOK_MILLIS);
    }
  }

  window.CaravanLive = { problem: problem, follow: follow };

  document.addEventListener('DOMContentLoaded', () => {
    loadedPageState = pageState();
    followPage();
    if (window.CaravanReport) {
      refreshAll(true);
    }
  });
})();
