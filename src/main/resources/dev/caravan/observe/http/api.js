/* What the scripts of pages ask the API, and how they write its ids and times. */
(function () {
  'use strict';

  const BUSY = 503; // others are being served: comparisons take turns
  const RETRY_SECONDS = 10; // unless the reply says when

  /** Writes times in the zone of the host, as all pages do; in that of the browser when it does not know that zone. */
  function clockOf(zone) {
    const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' };
    try {
      return new Intl.DateTimeFormat('sv-SE', Object.assign({ timeZone: zone || undefined }, fields));
    } catch (e) {
      return new Intl.DateTimeFormat('sv-SE', fields);
    }
  }

  function batchLink(id) {
    return '/batches/' + id.split('/').map(encodeURIComponent).join('/');
  }

  /** The reply; asks again while others are being served and it is still wanted. */
  async function fetchInTurn(url, signal, isWanted, onWait) {
    for (;;) {
      const response = await fetch(url, { headers: { Accept: 'application/json' }, signal });
      if (response.status !== BUSY || !isWanted()) {
        return response;
      }
      onWait();
      const seconds = Number(response.headers.get('Retry-After')) || RETRY_SECONDS;
      await new Promise((done) => { setTimeout(done, 1000 * seconds); });
      if (!isWanted()) {
        return response;
      }
    }
  }

  async function fetchJson(url) {
    return contentOf(await fetch(url, { headers: { Accept: 'application/json' } }));
  }

  async function contentOf(response) {
    const content = await response.json();
    if (!response.ok) {
      throw new Error(content.detail || 'status ' + response.status);
    }
    return content;
  }

  window.CaravanApi = { clockOf: clockOf, batchLink: batchLink, fetchInTurn: fetchInTurn, fetchJson: fetchJson, contentOf: contentOf };
})();
