(function () {
  "use strict";
  var form = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var rows = Array.prototype.map.call(document.querySelectorAll("#requirements tr.r"), function (row) {
    return { row: row, text: (row.textContent + Array.prototype.map.call(row.querySelectorAll("[title]"), function (e) { return " " + e.title; }).join("")).toLowerCase() };
  });
  var groups = document.querySelectorAll("#requirements tbody");

  function apply() {
    var rfc = form.elements.rfc.value;
    var level = form.elements.level.value;
    var outcome = form.elements.outcome.value;
    var words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var count = 0;
    rows.forEach(function (r) {
      var d = r.row.dataset;
      var visible = [rfc === "" || d.rfc === rfc, level === "" || d.level === level, outcome === "" || d.outcome === outcome]
        .concat(words.map(function (w) { return r.text.indexOf(w) !== -1; }))
        .every(Boolean);
      r.row.hidden = !visible;
      count += visible ? 1 : 0;
    });
    groups.forEach(function (g) { g.hidden = g.querySelector("tr.r:not([hidden])") === null; });
    shown.textContent = count === rows.length ? "all " + count : count + " of " + rows.length;
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  // a link to a requirement that the filter hides shows all again
  window.addEventListener("hashchange", function () {
    var row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (row !== null) { if (row.hidden) { form.reset(); } setTimeout(function () { row.scrollIntoView({ block: "center" }); }, 1); }
  });
  // outcomes at the top lead to their lines
  document.querySelectorAll("#tiles li").forEach(function (tile) {
    tile.classList.add("button");
    tile.tabIndex = 0;
    tile.setAttribute("role", "button");
    function go() {
      form.reset();
      form.elements.outcome.value = tile.dataset.outcome;
      setTimeout(apply, 1);
      document.getElementById("matrix").scrollIntoView();
    }
    tile.addEventListener("click", go);
    tile.addEventListener("keydown", function (e) { if (e.key === "Enter" || e.key === " ") { e.preventDefault(); go(); } });
  });
  apply();
}());
