"use strict";
/* Keeps the page of one link for when there is no network. Its scope is that one link, so it never sees another's. */
(function () {
  var here = new URL(registration.scope).pathname, mine = "giliran " + here + " ", name = mine + VERSION;
  var PATIENCE = 5000; /* milliseconds for which a page waits for the network before the kept one is shown */

  function key(address) {
    var language = address.searchParams.get("lang");
    return here + (language ? "?lang=" + language : "");
  }
  function keep(address, answer) {
    var headers = new Headers(answer.headers);
    ["content-length", "content-encoding"].forEach(function (one) { headers.delete(one); });
    return Promise.all([caches.open(name), answer.text()]).then(function (both) {
      var marked = both[1].replace("<body>", '<body data-kept="' + Date.now() + '">');
      return both[0].put(key(address), new Response(marked, { headers: headers }));
    });
  }
  function forget() {
    return caches.delete(name).then(function () { return registration.unregister(); });
  }
  function kept(address) {
    return caches.open(name).then(function (cache) {
      return cache.match(key(address)).then(function (found) {
        return found || cache.match(here, { ignoreSearch: true });
      });
    });
  }
  function load(event, request, address) {
    return fetch(request).then(function (answer) {
      var type = answer.headers.get("content-type") || "";
      if (answer.ok && type.indexOf("text/html") === 0) { event.waitUntil(keep(address, answer.clone())); }
      if (answer.status === 404) { event.waitUntil(forget()); }
      return answer;
    });
  }
  function open(event, address) {
    var network = load(event, event.request, address).then(function (answer) {
      var later = answer.status >= 500 || answer.status === 429;
      return later ? kept(address).then(function (found) { return found || answer; }) : answer;
    }).catch(function () {
      return kept(address).then(function (found) { return found || Response.error(); });
    });
    var late = new Promise(function (done) { setTimeout(done, PATIENCE); }).then(function () {
      return kept(address);
    }).then(function (found) { return found || network; });
    event.waitUntil(network);
    return Promise.race([network, late]);
  }
  addEventListener("install", function (event) {
    event.waitUntil(clients.matchAll({ includeUncontrolled: true, type: "window" }).then(function (windows) {
      var addresses = windows.map(function (one) { return new URL(one.url); });
      var address = addresses.find(function (one) { return one.pathname === here; }) || new URL(here, location);
      return fetch(key(address), { cache: "no-store", credentials: "omit" }).then(function (answer) {
        if (!answer.ok) { throw new Error(String(answer.status)); }
        return keep(address, answer);
      });
    }).then(function () { return skipWaiting(); }));
  });
  addEventListener("activate", function (event) {
    event.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.filter(function (one) { return one.indexOf(mine) === 0 && one !== name; })
        .map(function (one) { return caches.delete(one); }));
    }).then(function () { return clients.claim(); }));
  });
  addEventListener("fetch", function (event) {
    var address = new URL(event.request.url);
    if (event.request.method !== "GET" || address.origin !== location.origin || address.pathname !== here) { return; }
    event.respondWith(event.request.mode === "navigate" ? open(event, address) : load(event, event.request, address));
  });
})();
