/* Tangent's tracker: docs/collect.md. */
(function (win, doc, nav) {
  "use strict";
  var script = doc.currentScript, calls = win.tangent || [];
  if (!script || calls.optIn && !calls.push) return;
  var option = function (name, other) { return script.getAttribute("data-" + name) || other; };
  var key = option("key", ""), host = option("host", new URL(script.src).origin) + "/v1/", address = host + "batch", before = option("before-consent", "nothing");
  var asked = nav.globalPrivacyControl || nav.doNotTrack === "1" || win.doNotTrack === "1";
  var place = "tangent", mine = place + ".q." + newId(), queue = [], busy, fails = 0, timer, shown;

  // given: ids and the queue are stored; cookieless: the id lives as long as the page; nothing: events wait in memory; count: nobody did it; refused: they are dropped.
  var stored = read(place), state = stored === "out" ? "refused" : stored ? "given" : asked ? "nothing" : before;
  var who = state === "given" && stored || {};

  function newId() {
    var bytes = crypto.getRandomValues(new Uint8Array(16)), id = "";
    for (var i = 0; i < 16; i++) id += (bytes[i] + 256).toString(16).slice(1);
    return id;
  }
  function id() { return who.id = who.id || newId(); }
  function read(name) { try { return JSON.parse(localStorage.getItem(name)); } catch (e) { return null; } }
  function write(name, value) {
    try { value ? localStorage.setItem(name, JSON.stringify(value)) : localStorage.removeItem(name); } catch (e) { /* memory is enough */ }
  }
  function keep() {
    if (state === "given") { write(place, who); write(mine, queue.length ? queue : null); }
  }
  function bare(url) { return (url || "").split(/[?#]/)[0]; }

  function context() {
    var campaign = {}, query = new URLSearchParams(location.search), agent = nav.userAgent;
    ["name", "source", "medium", "term", "content"].forEach(function (part) {
      var value = query.get("utm_" + (part === "name" ? "campaign" : part));
      if (value) campaign[part] = value;
    });
    return {
      channel: "web", locale: nav.language, campaign: campaign,
      page: { path: location.pathname, url: bare(location.href), title: doc.title, referrer: bare(doc.referrer) },
      device: { type: /iPad|Tablet|Android(?!.*Mobile)/.test(agent) ? "tablet" : /Mobi/.test(agent) ? "mobile" : "desktop" },
      library: { name: "collect.js" },
      bot: nav.webdriver || /bot|crawl|spider|headless/i.test(agent) ? true : undefined
    };
  }
  function add(event) {
    if (state === "refused") return;
    if (state === "count") {
      // No second try: it would count twice.
      event.properties = undefined;
      event.context = { channel: "web", page: { path: location.pathname }, campaign: { name: context().campaign.name } };
      event.traits || fetch(host + "count", { method: "POST", body: JSON.stringify({ writeKey: key, batch: [event] }), credentials: "omit", keepalive: true }).catch(Boolean);
      return;
    }
    event.anonymousId = id();
    if (who.user) event.userId = who.user;
    event.messageId = newId();
    event.timestamp = new Date().toISOString();
    event.context = context();
    queue.push(event);
    if (queue.length > 500) queue.shift();
    keep();
    later(fails ? 0 : 300);
  }
  function later(wait) { if (!timer && wait && state !== "nothing") timer = setTimeout(send, wait); }

  // As many as one request may hold.
  function parcel() {
    var size = 0, count = 0;
    while (count < queue.length && count < 50 && (size += JSON.stringify(queue[count]).length * 2) < 60000 || !count) count++;
    return queue.slice(0, count);
  }
  function body(events) { return JSON.stringify({ writeKey: key, batch: events, sentAt: new Date().toISOString() }); }
  function drop(events) { queue = queue.filter(function (event) { return events.indexOf(event) < 0; }); }

  function send() {
    timer = 0;
    if (busy || !queue.length || state === "nothing" || state === "refused") return;
    busy = 1;
    // Meanwhile the queue may lose any of them: the page is left, or there are too many.
    var sent = parcel();
    // A text body needs no preflight; the server reads JSON under any type.
    fetch(address, { method: "POST", body: body(sent), credentials: "omit" }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw 0;
      // Taken, or refused for good.
      drop(sent);
      fails = busy = 0;
      keep();
      if (queue.length) later(1);
    }).catch(function () {
      busy = 0;
      later(Math.min(60000, 1000 * Math.pow(2, fails++)) * (1 + Math.random()) / 2);
    });
  }
  function leave() {
    // Where sending failed, the stored queue is for the next page. What is on its way may come twice: the server knows its message ids.
    while (queue.length && state !== "nothing" && !fails && nav.onLine !== false && nav.sendBeacon) {
      var sent = parcel();
      if (!nav.sendBeacon(address, body(sent))) break;
      drop(sent);
    }
    keep();
  }
  function seen() {
    if (location.pathname === shown) return;
    shown = location.pathname;
    api.page();
  }

  var api = {
    page: function (name, properties) { add({ type: "page", name: name, properties: properties || {} }); },
    track: function (name, properties) { add({ type: "track", event: name, properties: properties || {} }); },
    identify: function (user, traits) {
      // Without an id: traits of whoever sits here.
      if (typeof user === "object") { traits = user || traits; user = ""; }
      if (user || user === 0) {
        if (who.user && who.user !== "" + user) api.reset();
        who.user = "" + user;
      }
      add({ type: "identify", traits: traits || {} });
    },
    /* Somebody else. */
    reset: function () { who = {}; keep(); },
    /* Any: cookieless, too. */
    visitor: function (any) { return (state === "given" || any && state === "cookieless") && id(); },
    optIn: function () {
      if (state === "refused") write(place);
      state = "given";
      // What other pages left when the connection was lost.
      try {
        Object.keys(localStorage).forEach(function (name) {
          if (name.indexOf(place + ".q.") || name === mine) return;
          queue = (read(name) || []).concat(queue);
          write(name);
        });
      } catch (e) { /* none */ }
      id();
      keep();
      later(1);
    },
    optOut: function () {
      api.consent();
      state = "refused";
      write(place, "out");
    },
    consent: function (word) {
      if (word === "granted") return api.optIn();
      try { Object.keys(localStorage).forEach(function (name) { if (!name.indexOf(place + ".q.")) write(name); }); } catch (e) { /* none */ }
      write(place);
      queue = [];
      who = {};
      state = before === "count" && !asked ? before : "refused";
    }
  };
  win.tangent = api;
  if (state === "given") api.optIn();
  if (option("page-views") !== "off") {
    ["pushState", "replaceState"].forEach(function (name) {
      var original = history[name];
      history[name] = function () {
        original.apply(history, arguments);
        // The page's title comes after its address.
        setTimeout(seen);
      };
    });
    addEventListener("popstate", function () { setTimeout(seen); });
    addEventListener("pageshow", function (e) { if (e.persisted) api.page(); });
    if (doc.prerendering) doc.addEventListener("prerenderingchange", seen, { once: true });
    else seen();
  }
  addEventListener("online", function () { fails = 0; clearTimeout(timer); timer = 0; later(1); });
  addEventListener("pagehide", leave);
  doc.addEventListener("visibilitychange", function () { if (doc.visibilityState === "hidden") leave(); });
  [].forEach.call(calls, function (call) { api[call[0]] && api[call[0]].apply(api, call[1]); });
})(window, document, navigator);
