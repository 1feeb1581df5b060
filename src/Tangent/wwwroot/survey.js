/* Shows surveys on web pages; collect.js fetches it where there are some: docs/surveys.md. */
(function (win, doc) {
  "use strict";
  var script = doc.currentScript, api = win.tangent;
  if (!script || !api || !api.visitor) return;
  var key = new URL(script.src).searchParams.get("key"), base = new URL("v1/surveys", script.src).href, language = (doc.documentElement.lang || navigator.language || "").slice(0, 2);
  var busy, waiting = [], track = api.track;

  function say(part, body) {
    // A text body needs no preflight.
    return fetch(base + part + "?lang=" + language, { method: "POST", body: JSON.stringify(body), credentials: "omit" });
  }
  function fits(pattern) {
    var whole = pattern[0] === "/" ? location.pathname : location.host + location.pathname;
    return pattern.slice(-1) === "*" ? whole.indexOf(pattern.slice(0, -1)) === 0 : whole === pattern;
  }
  function ask(survey) {
    // One at a time; who has not agreed, or not any more, is not asked.
    var visitor = api.visitor(survey.cookieless);
    if (busy || survey.done || !visitor || survey.paths.length && !survey.paths.some(fits)) return;
    busy = survey.done = 1;
    say("/" + survey.code + "/asks", { writeKey: key, anonymousId: visitor, cookieless: !api.visitor(), language: language }).then(function (answer) {
      if (answer.status !== 200) throw 0;
      return answer.json();
    }).then(show).catch(function () { busy = 0; });
  }
  function listen(survey) {
    if (survey.trigger === "seconds") setTimeout(function () { ask(survey); }, survey.seconds * 1000);
    else if (survey.trigger === "exit") doc.addEventListener("mouseout", function (e) { if (!e.relatedTarget && e.clientY <= 0) ask(survey); });
    else waiting.push(survey);
  }
  api.track = function (name) {
    track.apply(api, arguments);
    waiting.forEach(function (survey) { if (survey.event === name) setTimeout(function () { ask(survey); }, survey.seconds * 1000); });
  };

  var styles = ":host{all:initial}*{box-sizing:border-box;font:inherit;color:inherit}.box{--ink:#182433;--paper:#fff;--line:#8494a7;--soft:#556476;--main:#1d5fae;--on:#fff;--bad:#b3261e;position:fixed;z-index:2147483000;inset-block-end:16px;inset-inline-end:16px;inline-size:min(420px,calc(100vw - 32px));max-block-size:calc(100vh - 32px);overflow:auto;padding:20px;border:1px solid var(--line);border-radius:12px;background:var(--paper);color:var(--ink);font:16px/1.45 system-ui,sans-serif;box-shadow:0 8px 40px rgba(0,0,0,.28)}h2{margin:0 44px 8px 0;font-size:18px;font-weight:600}h2:focus{outline:0}p{margin:0 0 12px}fieldset{margin:0 0 16px;padding:0;border:0;min-inline-size:0}legend,.label{display:block;margin-bottom:6px;padding:0;font-weight:600}.scale{display:grid;grid-template-columns:repeat(auto-fit,minmax(44px,1fr));gap:4px}.scale label{position:relative}.scale input{position:absolute;inset:0;opacity:0;inline-size:100%;block-size:100%;margin:0;cursor:pointer}.scale span{display:grid;place-items:center;min-block-size:44px;border:1px solid var(--line);border-radius:8px}.scale input:checked+span{background:var(--main);border-color:var(--main);color:var(--on);font-weight:600}.scale input:focus-visible+span,button:focus-visible,textarea:focus-visible,.option input:focus-visible{outline:3px solid var(--main);outline-offset:2px}.ends{display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 12px;margin-top:4px;font-size:14px;color:var(--soft)}.option{display:flex;gap:10px;align-items:center;min-block-size:44px}.option input{inline-size:20px;block-size:20px;accent-color:var(--main);margin:0}textarea{display:block;inline-size:100%;min-block-size:80px;margin-bottom:12px;padding:8px;border:1px solid var(--line);border-radius:8px;background:transparent;resize:vertical}.fault{color:var(--bad);margin:6px 0 0}button{cursor:pointer;border:1px solid transparent;border-radius:8px;background:none}.send{inline-size:100%;min-block-size:44px;background:var(--main);color:var(--on);font-weight:600}.close{position:absolute;inset-block-start:12px;inset-inline-end:12px;inline-size:44px;block-size:44px;font-size:24px;line-height:1}@media(prefers-color-scheme:dark){.box{--ink:#eef2f6;--paper:#1b232d;--line:#8494a7;--soft:#b5c0cc;--main:#8ab8f0;--on:#10202f;--bad:#ffb4ab}}";

  function make(tag, attributes, text) {
    var element = doc.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { element.setAttribute(name, attributes[name]); });
    if (text) element.textContent = text;
    return element;
  }
  function choice(type, question, value, text, chosen) {
    var label = make("label", { "class": "option" }), input = make("input", { type: type, name: question.key, value: value });
    input.checked = chosen;
    label.append(input, make("span", {}, text));
    return label;
  }
  function words(question, name, label, value) {
    var id = "t-" + name, area = make("textarea", { id: id, name: name, maxlength: 10000 });
    area.value = value || "";
    return [make("label", { "class": "label", "for": id }, label), area];
  }
  function field(question) {
    var set = make("fieldset", { "data-key": question.key }), needed = question.required ? " *" : "";
    if (question.kind === "text") {
      words(question, question.key, question.text + needed, question.said).forEach(function (part) { set.append(part); });
      return set;
    }
    set.append(make("legend", {}, question.text + needed));
    if (question.highest) {
      var scale = set.appendChild(make("div", { "class": "scale" }));
      for (var n = question.lowest; n <= question.highest; n++) {
        var label = choice("radio", question, n, n + (question.kind === "rating" ? " ★" : ""), question.values.indexOf("" + n) >= 0);
        label.className = "";
        scale.append(label);
      }
      if (question.low || question.high) {
        var ends = set.appendChild(make("div", { "class": "ends" }));
        ends.append(make("span", {}, question.lowest + " – " + question.low), make("span", {}, question.highest + " – " + question.high));
      }
    }
    (question.options || []).forEach(function (option) {
      set.append(choice(question.kind === "choice" ? "radio" : "checkbox", question, option.key, option.text, question.values.indexOf(option.key) >= 0));
    });
    if (question.comment) words(question, "c." + question.key, question.comment, question.said).forEach(function (part) { set.append(part); });
    return set;
  }

  function show(page) {
    var before = doc.activeElement, host = doc.createElement("div"), root = host.attachShadow({ mode: "open" });
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    // A sheet of its own: the page's policy for styles allows it, and the page's styles do not reach in.
    root.adoptedStyleSheets = [sheet];
    var box = root.appendChild(make("section", { "class": "box", role: "dialog", "aria-labelledby": "title" }));
    doc.body.appendChild(host);

    function close() {
      var inside = root.activeElement;
      host.remove();
      doc.removeEventListener("keydown", leave);
      busy = 0;
      // Back to where the visitor was.
      if (inside && before && before.focus) before.focus();
    }
    function leave(e) { if (e.key === "Escape") close(); }
    doc.addEventListener("keydown", leave);

    function send(form) {
      var answers = {};
      page.questions.forEach(function (question) {
        var all = [].filter.call(form.elements, function (e) { return e.name === question.key && (e.type === "textarea" || e.checked); });
        var comment = form.elements["c." + question.key];
        answers[question.key] = { values: all.map(function (e) { return e.value; }), comment: comment ? comment.value : "" };
      });
      form.querySelector(".send").disabled = true;
      say("/answers", { token: page.token, page: page.page, version: page.version, language: language, answers: answers }).then(function (answer) {
        if (answer.status !== 200 && answer.status !== 422) throw 0;
        return answer.json().then(function (said) { answer.status === 200 ? draw(said) : refuse(form, said.faults); });
      }).catch(function () { refuse(form, {}); });
    }
    function refuse(form, faults) {
      form.querySelector(".send").disabled = false;
      [].forEach.call(form.querySelectorAll(".fault"), function (e) { e.remove(); });
      [].forEach.call(form.querySelectorAll("fieldset"), function (set, i) {
        var fault = faults[set.getAttribute("data-key")];
        set.removeAttribute("aria-describedby");
        if (!fault) return;
        set.setAttribute("aria-describedby", "fault-" + i);
        set.append(make("p", { "class": "fault", id: "fault-" + i }, fault));
      });
      if (!form.querySelector(".fault")) form.append(make("p", { "class": "fault", role: "alert" }, page.words.later));
      else form.querySelector(".fault").closest("fieldset").querySelector("input,textarea").focus();
    }
    function draw(next) {
      var first = !box.firstChild;
      page = next;
      box.textContent = "";
      box.setAttribute("lang", page.language);
      var title = make("h2", { id: "title", tabindex: "-1" }, page.title), x = make("button", { "class": "close", type: "button", "aria-label": page.words.close }, "×");
      x.addEventListener("click", close);
      box.append(title, x);
      if (page.done) box.append(make("p", { role: "status" }, page.thanks));
      else {
        if (page.intro) box.append(make("p", {}, page.intro));
        var form = make("form", { novalidate: "" });
        page.questions.forEach(function (question) { form.append(field(question)); });
        form.append(make("button", { "class": "send" }, page.last ? page.words.send : page.words.next));
        form.addEventListener("submit", function (e) { e.preventDefault(); send(form); });
        box.append(form);
      }
      // Who is writing something is not taken away from it; the dialog is announced by its label when it is reached.
      if (!first || !before || !/^(input|textarea|select)$/i.test(before.tagName) && !before.isContentEditable) title.focus();
    }
    draw(page);
  }

  // Nothing is fetched for whom nothing is sent; whoever agrees later is listened to from then on.
  var begun;
  function begin() {
    if (begun || !api.visitor(1)) return;
    begun = 1;
    fetch(base + "?key=" + encodeURIComponent(key), { credentials: "omit" }).then(function (answer) { return answer.json(); }).then(function (answer) { answer.items.forEach(listen); }).catch(Boolean);
  }
  ["optIn", "consent"].forEach(function (name) {
    var original = api[name];
    api[name] = function () { original.apply(api, arguments); begin(); };
  });
  begin();
})(window, document);
