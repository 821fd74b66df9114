"use strict";
(function () {
  var words = JSON.parse(document.getElementById("words").textContent);
  var press = document.getElementById("press"), said = document.getElementById("said");
  var form = document.getElementById("reason-form"), reason = document.getElementById("reason");
  var store = "giliran " + location.pathname, here = location.pathname + location.search;
  var queue = [], failure = "", sending = false;
  var since = Number(document.body.getAttribute("data-kept")), isKept = since > 0, read = since || Date.now();

  try { queue = JSON.parse(localStorage.getItem(store)) || []; } catch (e) { queue = []; }
  function keep() { try { localStorage.setItem(store, JSON.stringify(queue)); } catch (e) { /* held in memory */ } }
  function say(text, bad) { said.textContent = text; said.className = bad ? "bad" : ""; }
  function mark() {
    var bytes = new Uint8Array(16);
    crypto.getRandomValues(bytes);
    return Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  function add(entry) {
    entry.client_id = mark();
    entry.taken_at = Date.now();
    queue.push(entry);
    keep();
    send();
  }
  function later() {
    say(words.queued.replace("{}", queue.length), true);
  }
  function send() {
    if (sending || !queue.length) { return; }
    sending = true;
    say(words.sending);
    var entry = queue[0], body = Object.assign({}, entry, { sent_at: Date.now() });
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, 20000);
    fetch(here, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      signal: stop.signal, credentials: "omit", cache: "no-store"
    }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429) { throw new Error(String(answer.status)); }
      if (answer.status === 404) { sending = false; say(words.ended, true); return null; }
      return answer.json().then(function (told) {
        queue = queue.filter(function (one) { return one.client_id !== entry.client_id; });
        keep();
        sending = false;
        say(told.said, !told.stored);
        if (told.stored && !queue.length) { refresh(); }
        send();
        return null;
      });
    }).catch(function () { sending = false; later(); tell(); }).finally(function () { clearTimeout(timer); press.disabled = false; });
  }
  function refresh() {
    fetch(here, { credentials: "omit", cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      var now = new DOMParser().parseFromString(text, "text/html");
      if (!now.getElementById("today")) { return; }
      read = Number(now.body.getAttribute("data-kept")) || Date.now();
      isKept = now.body.hasAttribute("data-kept");
      ["today", "state", "call", "entries", "day", "requests"].forEach(function (id) {
        var old = document.getElementById(id), fresh = now.getElementById(id);
        if (old && fresh) { old.replaceWith(fresh); }
      });
      watch();
      tell();
    }).catch(tell); /* what is shown stays */
  }
  function isPast() {
    return Date.now() - read > Number(document.getElementById("today").getAttribute("data-left")) * 1000;
  }
  function tell() {
    var past = isPast(), kept = document.getElementById("kept"), when = new Date(read);
    document.body.className = past ? "past" : "";
    kept.hidden = !isKept && !past;
    if (kept.hidden) { return; }
    try {
      when = when.toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
    } catch (e) { when = when.toLocaleString(); }
    kept.textContent = words[past ? "past" : "kept"].replace("{}", when);
  }
  function ask(why) {
    failure = why;
    press.disabled = false;
    say(words[why], true);
    reason.focus();
  }
  function watch() {
    document.querySelectorAll("form[data-queue]").forEach(function (one) {
      one.removeAttribute("data-queue");
      one.addEventListener("submit", function (event) {
        event.preventDefault();
        var entry = {};
        new FormData(one).forEach(function (value, key) { if (key !== "client_id") { entry[key] = value; } });
        if (entry.what === "answer") { one.hidden = true; }
        one.reset();
        add(entry);
      });
    });
  }
  press.hidden = false;
  press.addEventListener("click", function () {
    if (!navigator.geolocation) { ask("unsupported"); return; }
    press.disabled = true;
    say(words.locating);
    navigator.geolocation.getCurrentPosition(function (found) {
      var at = found.coords;
      add({ latitude: at.latitude, longitude: at.longitude, accuracy: at.accuracy, reason: reason.value });
      reason.value = "";
    }, function (error) {
      ask({ 1: "denied", 2: "unavailable", 3: "timeout" }[error.code] || "unavailable");
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 0 });
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (!reason.value.trim()) { say(words.empty, true); reason.focus(); return; }
    add({ failure: failure, reason: reason.value });
    reason.value = "";
  });
  watch();
  function again() { if (queue.length) { send(); } else if (isKept || isPast()) { refresh(); } }
  addEventListener("online", again);
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible" && !sending) { if (queue.length) { send(); } else { refresh(); } }
  });
  setInterval(again, 15000);
  tell();
  again();
  if (navigator.serviceWorker) {
    addEventListener("load", function () {
      navigator.serviceWorker.register("/checkin-worker.js", { scope: location.pathname }).catch(function () { /* goes without */ });
    });
  }
})();
