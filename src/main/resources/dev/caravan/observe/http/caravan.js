/* What a reader does on a page: theme, copying, buttons and the config editor. No inline handlers, no eval, no HTML built from text. */
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

  /* ---- copying ---- */

  async function copy(button) {
    const notice = document.getElementById('notice');
    try {
      const response = await fetch(button.getAttribute('data-copy'));
      if (!response.ok) {
        notice.textContent = 'Nothing was copied: ' + await window.CaravanLive.problem(response.text(), response.status);
        return;
      }
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

  /* ---- buttons whose request failed: htmx shows replies of status 200 only ---- */

  function say(event, message) {
    const target = event.detail.target;
    if (target && event.detail.requestConfig.verb !== 'get') {
      const text = document.createElement('p');
      text.className = 'cv-bad';
      text.textContent = message;
      target.replaceChildren(text);
    }
  }

  document.addEventListener('htmx:responseError', async (event) => {
    const xhr = event.detail.xhr;
    say(event, 'Not done: ' + await window.CaravanLive.problem(xhr.responseText, xhr.status));
  });
  document.addEventListener('htmx:sendError', (event) => say(event, 'Caravan is not responding. Try again when it does.'));

  document.addEventListener('DOMContentLoaded', () => {
    themeButton();
    submitPage();
  });
})();
