/* The community board as a page: turns the pages, follows the ledger's changes, glides what moves.
   Plain and old-fashioned on purpose: televisions have browsers of ten years ago. */
(function () {
  "use strict";
  var root = document.documentElement, body = document.body, board = document.getElementById("board");
  var night = document.getElementById("night"), orbit = document.getElementById("orbit");
  var scope = body.getAttribute("data-scope"), language = body.getAttribute("data-language");
  var version = body.getAttribute("data-version");
  var still = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var GLIDE = "transform .6s cubic-bezier(.33, 1, .68, 1)", SLOWEST_MS = 60000, SOONEST_MS = 500, UNHEARD_MS = 15000;
  var schedule = null, place = 0, round = 0, shown = "", turned = 0, ahead = 0;
  var known = 0, asking = false, again = false, asked = 0, timer = 0;
  var source = null, since = null, wait = 1000, turn = 0, live = false;

  function all(selector, within) { return Array.prototype.slice.call((within || board).querySelectorAll(selector)); }
  function one(selector) { return board.querySelector(selector); }
  function now() { return new Date(Date.now() + ahead); }
  function two(number) { return (number < 10 ? "0" : "") + number; }
  /* The town's clock, wherever the television thinks it is. */
  function town(at) { return new Date(at.getTime() + 8 * 3600000); }
  function time(at) { var t = town(at); return two(t.getUTCHours()) + ":" + two(t.getUTCMinutes()); }

  /* --- type that has room ------------------------------------------------------------------ */
  function fit(within) {
    all(".tabs", within).forEach(function (tabs) {
      for (var size = 40; size >= 32 && tabs.offsetParent; size -= 2) {
        tabs.style.fontSize = size / 100 + "rem";
        if (tabs.scrollWidth <= tabs.clientWidth + 1) { return; }
      }
    });
    all(".fit", within).forEach(function (box) {
      if (box.offsetParent) { fit_one(box); }
    });
  }

  /* The first of several ways to say it that has room, as large as it goes. */
  function fit_one(box) {
    var sizes = box.getAttribute("data-sizes").split(" "), options = box.getAttribute("data-options");
    if (box.getAttribute("data-wrap")) { box.style.whiteSpace = "nowrap"; }
    if (options) {
      options = JSON.parse(options);
      box.style.fontSize = sizes[sizes.length - 1] / 100 + "rem";
      for (var o = 0; o < options.length; o++) {
        box.textContent = options[o];
        if (has_room(box)) { break; }
      }
    }
    for (var n = 0; n < sizes.length; n++) {
      box.style.fontSize = sizes[n] / 100 + "rem";
      if (has_room(box)) { return; }
    }
    if (box.getAttribute("data-wrap")) { box.style.whiteSpace = "normal"; }
  }

  function has_room(box) {
    /* Glyphs of this face are higher than their lines: what they stand out is no lack of room. */
    if (box.getAttribute("data-lines")) { return box.scrollHeight <= box.clientHeight + .2 * parseFloat(getComputedStyle(box).fontSize); }
    return box.scrollWidth <= box.clientWidth + 1;
  }

  function resize() {
    var tall = window.innerHeight > window.innerWidth;
    var scale = Math.min(window.innerWidth / (tall ? 1080 : 1920), window.innerHeight / (tall ? 1920 : 1080));
    root.style.fontSize = 100 * scale + "px";
    root.className = tall ? "tall" : "";
    fit();
  }

  /* --- which page -------------------------------------------------------------------------- */
  function step() { return schedule.steps[place % schedule.steps.length]; }
  function key() { var keys = step().keys; return keys[round % keys.length]; }

  function following() {
    place += 1;
    if (place >= schedule.steps.length) { place = 0; round += 1; }
    turned = Date.now();
    show(true);
  }

  function show(turning) {
    var wanted = key();
    if (!one('[data-key="' + wanted + '"]')) { wanted = schedule.steps[0].keys[0]; }
    all("[data-key], [data-for]").forEach(function (part) {
      part.hidden = (part.getAttribute("data-key") || part.getAttribute("data-for")) !== wanted;
    });
    var page = one('[data-key="' + wanted + '"]');
    var deeds = page.className.indexOf("deeds") > 0;
    one(".latest").hidden = deeds;
    one(".first").hidden = !deeds;
    one(".legend").hidden = !/ (resident|cadre|unit|building)$/.test(page.className.replace(" turning", ""));
    one("aside").className = one(".hanging") ? "hanging-there" : "";
    if (turning && wanted !== shown && !still) {
      page.classList.remove("turning");
      void page.offsetWidth;
      page.classList.add("turning");
    }
    shown = wanted;
    bars(page);
    tick();
    fit();
  }

  function bars(page) {
    all(".bar", page).forEach(function (bar) {
      var posted = bar.getAttribute("data-posted"), total = bar.getAttribute("data-total");
      bar.querySelector(".posted").style.width = posted + "%";
      bar.querySelector(".pending").style.width = total + "%";
      bar.querySelector(".posted").className = +total > +posted ? "posted meets" : "posted";
    });
  }

  /* --- what moves -------------------------------------------------------------------------- */
  function places() {
    var found = {};
    all("[data-row]").forEach(function (row) {
      if (row.offsetParent) { found[row.getAttribute("data-row")] = { box: row.getBoundingClientRect(), bar: bar_of(row) }; }
    });
    return found;
  }

  function bar_of(row) {
    var bar = row.querySelector(".bar");
    return bar && { posted: bar.querySelector(".posted").style.width, total: bar.querySelector(".pending").style.width };
  }

  function glide(before) {
    if (still) { return; }
    var moved = [];
    all("[data-row]").forEach(function (row) {
      if (!row.offsetParent) { return; }
      var was = before[row.getAttribute("data-row")], is = row.getBoundingClientRect(), bar = bar_of(row), x = 0, y = 0;
      if (was) { y = was.box.top - is.top; } else if (row.tagName === "P") { x = window.innerWidth - is.left; } else { y = window.innerHeight - is.top; }
      if (bar && was && was.bar) { row.querySelector(".posted").style.width = was.bar.posted; row.querySelector(".pending").style.width = was.bar.total; }
      if (x || y) { row.style.transform = "translate(" + x + "px," + y + "px)"; }
      moved.push(row);
    });
    void board.offsetWidth;
    moved.forEach(function (row) { row.style.transition = GLIDE; row.style.transform = ""; });
    all("main section").forEach(function (page) { if (!page.hidden) { bars(page); } });
  }

  /* --- what is new ------------------------------------------------------------------------- */
  function ask() {
    if (asking) { again = true; return; }
    clearTimeout(timer);
    var rest = asked + SOONEST_MS - Date.now();
    if (rest > 0) { timer = setTimeout(ask, rest); return; }
    asking = true;
    asked = Date.now();
    var request = new XMLHttpRequest();
    request.open("GET", "/board/" + scope + "/pages?lang=" + language + "&at=" + known + "&minute=" + Math.floor(Date.now() / SLOWEST_MS));
    request.timeout = 10000;
    request.onload = function () {
      asking = false;
      if (request.status === 200) { take(request.responseText, request); } else { away(); }
      more();
    };
    request.onerror = request.ontimeout = function () { asking = false; away(); more(); };
    request.send();
  }

  function more() { if (again) { again = false; ask(); } }

  function take(text, from) {
    var before = places(), fresh = new DOMParser().parseFromString(text, "text/html");
    if (!fresh.getElementById("data")) { return; }
    board.innerHTML = "";
    while (fresh.body.firstChild) { board.appendChild(document.adoptNode(fresh.body.firstChild)); }
    schedule = JSON.parse(document.getElementById("data").getAttribute("data-schedule"));
    /* What was kept is old: its clock says nothing, but since when there is no network. */
    if (from.getResponseHeader("X-Kept")) {
      if (since === null) { since = live ? now() : new Date(schedule.now); }
    } else {
      live = true;
      ahead = schedule.now - Date.now();
      since = null;
    }
    var was = shown;
    show(false);
    if (was === shown) { glide(before); }
    connection();
  }

  function listen() {
    if (source) { source.close(); }
    source = new EventSource("/board/" + scope + "/changes");
    source.addEventListener("hello", function (event) {
      if (event.data !== version) { location.reload(); return; }
      wait = 1000;
      ask();
    });
    source.addEventListener("change", function (event) { known = +event.data; ask(); });
    source.onerror = function () {
      /* Whether there is no network, or only no place for one more, the pages tell. */
      ask();
      /* A refusal ends the source for good; it is begun anew, ever more seldom. */
      if (source.readyState === 2) { setTimeout(listen, wait); wait = Math.min(30000, wait * 2); }
    };
  }

  function away() { if (since === null) { since = now(); } connection(); }

  function connection() {
    var cut = one(".cut");
    if (!cut) { return; }
    var off = since !== null && now() - since > 5000;
    body.classList[off ? "add" : "remove"]("offline");
    cut.hidden = !off;
    if (off) { cut.textContent = document.getElementById("data").getAttribute("data-cut-off").replace("{time}", time(since)); }
  }

  /* --- the clock, messages, the night ------------------------------------------------------- */
  function within(first, last, clock) {
    if (first < last) { return first <= clock && clock < last; }
    return clock >= first || clock < last;
  }

  function tick() {
    var at = now(), clock = time(at), urgent = false;
    all(".clock").forEach(function (box) { box.textContent = clock; });
    all(".urgent").forEach(function (message) {
      var on = +message.getAttribute("data-from") <= at.getTime() && at.getTime() < +message.getAttribute("data-until");
      if (message.hidden === on) { message.hidden = !on; fit(message); }
      urgent = urgent || on;
    });
    var dim = schedule.dim, dark = !urgent && dim[0] !== dim[1] && within(dim[0], dim[1], clock);
    night.style.opacity = dark ? dim[2] / 100 : 0;
  }

  var minute = "";
  setInterval(function () {
    if (!schedule) { ask(); return; }
    tick();
    connection();
    if (Date.now() - turned >= step().seconds * 1000) { following(); }
    if (time(now()) !== minute) { minute = time(now()); ask(); }
    if (source.readyState !== 1 && Date.now() - asked > UNHEARD_MS) { ask(); }
  }, 1000);
  setInterval(function () {
    turn += 1;
    var angle = 2 * Math.PI * turn / 16;
    orbit.style.transform = "translate(" + Math.round(8 * Math.sin(angle)) + "px," + (8 - Math.round(8 * Math.cos(angle))) + "px)";
  }, 120000);
  window.addEventListener("resize", resize);
  if (document.fonts && document.fonts.ready) { document.fonts.ready.then(function () { fit(); }); }
  function keep() {
    if (!navigator.serviceWorker) { return; }
    navigator.serviceWorker.register("/board/keep.js").then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (registration) {
      var addresses = [location.href];
      all("link, script", document).forEach(function (part) { addresses.push(part.href || part.src); });
      ["regular", "bold", "rare-regular", "rare-bold"].forEach(function (face) { addresses.push("/fonts/linli-" + face + ".otf"); });
      addresses.push("/board/" + scope + "/pages?lang=" + language);
      registration.active.postMessage(addresses);
    })["catch"](function () {});
  }

  turned = Date.now();
  resize();
  keep();
  ask();
  listen();
}());
