// The live tail of a source: rows from server-sent events while the page is open and in front.
const MOST_ROWS = 100;

function follow(card) {
  const state = card.querySelector("[data-tail-state]"), pause = card.querySelector("[data-tail-pause]");
  const rows = card.querySelector("tbody"), area = card.querySelector(".tail-rows"), empty = card.querySelector("[data-tail-empty]");
  // A page whose source has never sent anything waits for it; else whoever wants to see starts it.
  let stream = null, wanted = card.dataset.auto === "true" || location.hash === "#tail";

  function say(name) {
    state.textContent = state.dataset[name];
    state.className = "mark" + (name === "on" ? " mark-good" : name === "lost" ? " mark-unsure" : "");
  }
  function show(e) {
    const row = card.querySelector(`template[data-tail-${e.outcome}]`).content.firstElementChild.cloneNode(true);
    const parts = {
      time: new Date(e.received).toLocaleTimeString(document.documentElement.lang), name: e.name || e.type, who: e.identifier,
      detail: e.detail, body: e.body, count: e.count.toLocaleString(document.documentElement.lang),
    };
    for (const cell of row.querySelectorAll("[data-part]")) cell.textContent = parts[cell.dataset.part];
    rows.prepend(row);
    while (rows.childElementCount > MOST_ROWS) rows.lastElementChild.remove();
    area.hidden = false;
    empty.hidden = true;
  }
  function open() {
    if (stream || !wanted) return;
    stream = new EventSource(card.dataset.tail);
    stream.addEventListener("begin", () => say("on"));
    stream.addEventListener("event", e => show(JSON.parse(e.data)));
    stream.addEventListener("error", () => say("lost"));
    pause.textContent = pause.dataset.stop;
  }
  function close() {
    stream?.close();
    stream = null;
    say("off");
    pause.textContent = pause.dataset.go;
  }

  pause.addEventListener("click", () => {
    wanted = !stream;
    if (wanted) open();
    else close();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}

export function followTails() {
  for (const card of document.querySelectorAll("[data-tail]")) follow(card);
}
