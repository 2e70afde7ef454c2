/* The list of events of one batch: kept ones first, then new ones; continues after a restart of the daemon. */
(function () {
  'use strict';

  const EVENTS = ['batch.accepted', 'run.started', 'run.retrying', 'run.finished', 'run.dead-lettered', 'batch.held', 'batch.finished', 'batch.compared'];

  function eventText(event) {
    const data = event.data;
    const run = data.run ? 'run ' + (data.run_index + 1) + (data.attempt > 1 ? ', attempt ' + data.attempt : '') : '';
    const values = Object.entries(data.sweep || {}).map(([key, value]) => key + ' ' + value).join(', ');
    const cause = [(data.cause || '').replace(/_/g, ' '), data.reason].filter(Boolean).join(': ');
    const counts = Object.entries(data.outcomes || {}).filter(([, n]) => n > 0).map(([name, n]) => n + ' ' + name.replace(/_/g, ' ')).join(', ');
    // the clock of the daemon's host, as everywhere on the page
    return [event.time.slice(11, 19), event.type.replace('dev.caravan.', '').replace(/[.-]/g, ' '), run, values,
      (data.outcome || '').replace(/_/g, ' '), cause, counts, data.sentence || data.message].filter(Boolean).join(' · ');
  }

  function followEvents(list) {
    const note = list.parentElement.querySelector('[data-events-note]');
    const batch = encodeURIComponent(list.getAttribute('data-events'));
    const seen = new Set(); // after a reset events come again
    window.CaravanLive.follow((last) => '/api/v1/events?after=' + (last || 0) + '&batch=' + batch, EVENTS.concat('reset'), (type, message) => {
      if (type === 'reset') {
        note.textContent = 'Older events are no longer available.';
        return;
      }
      const event = JSON.parse(message.data);
      if (!seen.has(event.id)) {
        seen.add(event.id);
        const item = document.createElement('li');
        item.textContent = eventText(event);
        list.append(item);
      }
    }, () => {});
  }

  function eventsList() {
    const list = document.querySelector('[data-events]');
    if (list) {
      list.closest('details').addEventListener('toggle', () => followEvents(list), { once: true });
    }
  }

  document.addEventListener('DOMContentLoaded', eventsList);
})();
