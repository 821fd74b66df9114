// The board works without this file; with it a job's progress is live and menus close by Escape.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.querySelectorAll("form").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      form.querySelectorAll("button").forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    });
  });
  window.addEventListener("pageshow", function (event) {
    if (!event.persisted) return; // come back to by the browser's button: the form may be sent again
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(function (button) { button.removeAttribute("aria-disabled"); });
    });
  });
  document.querySelectorAll("table.grid").forEach(function (grid) {
    var steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    grid.addEventListener("keydown", function (event) { // from day to day and person to person; Tab works as ever
      var step = steps[event.key], cell = event.target.closest("td");
      if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      var row = cell.parentNode.rowIndex, column = cell.cellIndex, next;
      do {
        row += step[0];
        column += step[1];
        next = grid.rows[row] && grid.rows[row].cells[column];
      } while (next && !next.querySelector("a"));
      if (!next) return;
      event.preventDefault();
      next.querySelector("a").focus();
    });
  });
  var live = document.querySelector("[data-events]");
  if (live && window.EventSource) {
    var bar = live.querySelector("progress"), words = live.querySelector("[data-words]");
    var source = new EventSource(live.dataset.events);
    source.onmessage = function (message) {
      var news = JSON.parse(message.data);
      if (news.state === "done" || news.state === "failed") { source.close(); location.reload(); return; }
      if (bar && news.total) { bar.max = news.total; bar.value = news.done; }
      if (words) words.textContent = news.words;
    };
  }
})();
