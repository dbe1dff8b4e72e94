//<![CDATA[
(function () {
  "use strict";
  var form = document.getElementById("filter");
  var shown = document.getElementById("shown");
  var dialog = document.getElementById("open");
  var tables = { requirements: document.getElementById("requirements"), cases: document.getElementById("cases") };
  var FIRST = 3;
  var LETTERS = /^[PFIAENOUM]$/;
  var targets = Array.prototype.map.call(document.querySelectorAll("#folders li"), function (li) {
    return { name: li.textContent, folder: li.dataset.folder };
  });
  var rows = {};
  var rowOf = {};
  Object.keys(tables).forEach(function (kind) {
    rows[kind] = Array.prototype.map.call(tables[kind].querySelectorAll("tr[data-p]"), function (tr) {
      var cells = Array.prototype.slice.call(tr.cells, FIRST);
      var row = { kind: kind, id: tr.cells[0].textContent, tr: tr, cells: cells, letters: cells.map(function (td) { return td.textContent; }) };
      rowOf[row.id] = row;
      tr.row = row;
      return row;
    });
  });

  // ---- filter

  function apply() {
    var e = form.elements;
    var words = e.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    var kind = e.rows.value;
    var count = 0;
    tables.requirements.hidden = kind !== "requirements";
    tables.cases.hidden = kind !== "cases";
    rows[kind].forEach(function (r) {
      var d = r.tr.dataset;
      if (words.length > 0 && r.text === undefined) { r.text = (r.tr.textContent + " " + (d.q || "")).toLowerCase(); }
      var visible = (e.rfc.value === "" || d.r === e.rfc.value)
        && (e.level.value === "" || d.l === e.level.value)
        && (!e.differs.checked || d.d === "1")
        && (e.outcome.value === "" || (e.of.value === "" ? r.letters.indexOf(e.outcome.value) !== -1 : r.letters[e.of.value] === e.outcome.value))
        && words.every(function (w) { return r.text.indexOf(w) !== -1; });
      r.tr.hidden = !visible;
      count += visible ? 1 : 0;
    });
    Array.prototype.forEach.call(tables[kind].tBodies, function (b) { b.hidden = b.querySelector("tr[data-p]:not([hidden])") === null; });
    shown.textContent = (count === rows[kind].length ? "all " + count : count + " of " + rows[kind].length) + " " + kind;
    document.documentElement.style.setProperty("--bar", (form.offsetHeight - 1) + "px");
    remember();
  }

  function show(kind, text) {
    form.reset();
    form.elements.rows.value = kind;
    form.elements.text.value = text;
    apply();
  }

  // ---- the address holds what is shown, so that it can be passed on

  function remember() {
    var state = new URLSearchParams();
    new FormData(form).forEach(function (value, key) { if (value !== "" && !(key === "rows" && value === "requirements") && !(key === "of" && form.elements.outcome.value === "")) { state.set(key, value); } });
    if (dialog.open) { state.set("open", dialog.dataset.id); state.set("at", targets[dialog.dataset.at].name); }
    history.replaceState(null, "", state.toString() === "" ? location.pathname + location.search : "#" + state);
  }

  function recall() {
    var state = new URLSearchParams(location.hash.slice(1));
    form.reset();
    state.forEach(function (value, key) {
      var element = form.elements[key];
      if (element === undefined) { return; }
      if (element.type === "checkbox") { element.checked = value === "1"; } else { element.value = value; }
    });
    var row = rowOf[state.get("open")];
    var at = targets.findIndex(function (t) { return t.name === state.get("at"); });
    apply();
    if (row !== undefined) { open(row, Math.max(0, at)); }
  }

  // ---- what lies behind a cell

  var unpacked = {};
  function packet(number) {
    if (unpacked[number] === undefined) {
      var packed = atob(document.querySelectorAll("script.packet")[number].textContent.trim());
      var bytes = new Uint8Array(packed.length);
      for (var i = 0; i < packed.length; i++) { bytes[i] = packed.charCodeAt(i); }
      unpacked[number] = new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
    }
    return unpacked[number];
  }
  function behind(row) {
    return packet(row.tr.dataset.p).then(function (rowsOfPacket) { return rowsOfPacket[row.id]; });
  }

  function make(name, text, className) {
    var element = document.createElement(name);
    if (text !== undefined) { element.textContent = text; }
    if (className !== undefined) { element.className = className; }
    return element;
  }
  function button(text, action) {
    var element = make("button", text, "plain");
    element.type = "button";
    element.addEventListener("click", action);
    return element;
  }
  function link(target, path, text) {
    var element = make("a", text);
    element.href = target.folder + "/" + path;
    return element;
  }

  function side(row, at, here, details) {
    var target = targets[at];
    var box = make("section", undefined, "side" + (at === here ? " here" : ""));
    var head = box.appendChild(make("h3"));
    head.appendChild(make("span", row.letters[at], "sample " + row.cells[at].className));
    head.appendChild(document.createTextNode(target.name));
    if (!details) { box.classList.add("short"); box.appendChild(make("p", "not in the run of this target")); return Promise.resolve(box); }
    if (details.finding) { box.appendChild(make("p", details.finding + (details.code ? " [" + details.code + "]" : ""))); }
    if (details.reason) { box.appendChild(make("p", "Known: " + details.reason, "reason")); }
    (details.remarks || []).forEach(function (remark) { box.appendChild(make("p", "Seen: " + remark)); });
    if (details.text) { box.appendChild(make("pre", details.text)); }
    var its = rowOf[details.decidingCase];
    if (its !== undefined) {
      var rests = box.appendChild(make("p", "Rests on "));
      rests.appendChild(button(its.id, function () { open(its, at); }));
    }
    var evidence = its === undefined ? Promise.resolve(row.kind === "cases" ? details : undefined) : behind(its).then(function (all) { return all[at]; });
    return evidence.then(function (e) {
      if (!e) { box.classList.add("short"); return box; }
      var links = make("p");
      [[e.capture, "capture"], [e.ladder, "ladder"], [e.page, "case report"]].forEach(function (l) {
        if (l[0]) { links.append(links.childNodes.length > 0 ? " · " : "", link(target, l[0], l[1])); }
      });
      box.appendChild(links);
      if (e.svg) {
        var picture = make("img");
        picture.alt = "ladder diagram of " + (its || row).id + " on " + target.name;
        picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(e.svg);
        box.appendChild(picture);
      } else if (!details.text) { box.classList.add("short"); }
      return box;
    });
  }

  function casesOf(requirement) {
    return rows.cases.filter(function (r) { return r.tr.dataset.q.split(" ").indexOf(requirement) !== -1; });
  }

  function listed(row) {
    var place = document.getElementById("open-cases");
    place.textContent = "";
    if (row.kind !== "requirements") { return; }
    var its = casesOf(row.id);
    if (its.length === 0) { return; }
    var table = make("table", undefined, "mini");
    var head = table.appendChild(make("tr"));
    head.appendChild(make("th", its.length === 1 ? "its case" : "its " + its.length + " cases"));
    targets.forEach(function (t) { head.appendChild(make("th", t.name)); });
    its.slice(0, 60).forEach(function (r) {
      var tr = table.appendChild(make("tr"));
      tr.row = r;
      tr.appendChild(make("th", r.id));
      r.cells.forEach(function (td) {
        var copy = tr.appendChild(make("td", td.textContent, td.className));
        copy.tabIndex = 0;
      });
    });
    place.appendChild(table);
    if (its.length > 60) { place.appendChild(make("p", "and " + (its.length - 60) + " more")); }
    place.appendChild(button("Show its cases in the matrix", function () { dialog.close(); show("cases", row.id); }));
  }

  function open(row, at) {
    dialog.dataset.id = row.id;
    dialog.dataset.at = at;
    document.getElementById("open-title").textContent = row.id + ", " + row.tr.cells[1].textContent;
    document.getElementById("open-text").textContent = row.tr.cells[2].textContent;
    var related = document.getElementById("open-related");
    related.textContent = "";
    (row.tr.dataset.q || "").split(" ").filter(Boolean).forEach(function (id, i) {
      related.append(i === 0 ? "Judges " : ", ");
      related.append(rowOf[id] === undefined ? id : button(id, function () { open(rowOf[id], at); }));
    });
    listed(row);
    var place = document.getElementById("open-targets");
    if (!dialog.open) { dialog.showModal(); }
    remember();
    // the one that was asked for comes first
    var order = [at].concat(targets.map(function (t, i) { return i; }).filter(function (i) { return i !== at; }));
    behind(row).then(function (details) {
      return Promise.all(order.map(function (i) { return side(row, i, at, details[i]); }));
    }).then(function (boxes) {
      if (dialog.dataset.id === row.id) { place.replaceChildren.apply(place, boxes); place.scrollLeft = 0; dialog.scrollTop = 0; }
    }).catch(function () {
      place.textContent = "This browser cannot unpack what lies behind the cells; matrix.json and the results folders have it.";
    });
  }

  function step(by) {
    var row = rowOf[dialog.dataset.id];
    var all = rows[row.kind].filter(function (r) { return !r.tr.hidden || r === row; });
    var next = all[all.indexOf(row) + by];
    if (next !== undefined) { focus(next.cells[dialog.dataset.at]); open(next, Number(dialog.dataset.at)); }
  }

  // ---- cells: one of them can be reached by Tab, the others from it by arrows

  var current;
  function focus(cell) {
    if (current !== undefined) { current.removeAttribute("tabindex"); }
    current = cell;
    current.tabIndex = 0;
    if (!dialog.open) { current.focus(); }
  }
  function cellOf(event) {
    var td = event.target.closest("td");
    return td !== null && LETTERS.test(td.textContent) && td.parentNode.row !== undefined ? td : undefined;
  }
  function place(td) { return td.parentNode.row.cells.length - (td.parentNode.cells.length - td.cellIndex); }

  function onClick(event) {
    var td = cellOf(event);
    if (td === undefined) { return; }
    if (!dialog.open) { focus(td); }
    open(td.parentNode.row, place(td));
  }
  function onKey(event) {
    var td = cellOf(event);
    if (td === undefined) { return; }
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(td.parentNode.row, place(td)); return; }
    var row = td.parentNode.row;
    var visible = rows[row.kind].filter(function (r) { return !r.tr.hidden; });
    var at = visible.indexOf(row);
    var moved = { ArrowUp: visible[at - 1], ArrowDown: visible[at + 1], PageUp: visible[Math.max(0, at - 15)], PageDown: visible[Math.min(visible.length - 1, at + 15)] }[event.key];
    var next = moved !== undefined ? moved.cells[place(td)]
      : { ArrowLeft: row.cells[place(td) - 1], ArrowRight: row.cells[place(td) + 1], Home: row.cells[0], End: row.cells[row.cells.length - 1] }[event.key];
    if (next !== undefined) { event.preventDefault(); focus(next); }
  }

  Object.keys(tables).forEach(function (kind) {
    tables[kind].addEventListener("click", onClick);
    tables[kind].addEventListener("keydown", onKey);
    if (rows[kind].length > 0) { rows[kind][0].cells[0].tabIndex = 0; }
  });
  document.getElementById("open-cases").addEventListener("click", onClick);
  document.getElementById("open-cases").addEventListener("keydown", function (event) { if (event.key === "Enter") { onClick(event); } });
  document.getElementById("close").addEventListener("click", function () { dialog.close(); });
  document.getElementById("up").addEventListener("click", function () { step(-1); });
  document.getElementById("down").addEventListener("click", function () { step(1); });
  dialog.addEventListener("click", function (event) { if (event.target === dialog) { dialog.close(); } });
  dialog.addEventListener("close", function () { remember(); if (current !== undefined && !current.parentNode.hidden) { current.focus(); } });
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(apply, 0); });
  window.addEventListener("hashchange", recall);
  recall();
}());
//]]>
