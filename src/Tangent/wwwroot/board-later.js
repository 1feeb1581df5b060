// The far columns of a large board come after its first picture: those that come into sight at once, the others while the browser has nothing else to do.
const idle = window.requestIdleCallback?.bind(window) ?? (act => setTimeout(act, 200));

export function loadLater(board) {
  const state = board.state, first = Number(state?.dataset.later), size = Number(state?.dataset.chunk);
  if (!first) return;
  const columns = board.steps.length, asked = new Map();
  // Whoever fetches the whole board meanwhile has all of it.
  const isOld = () => board.state !== state;

  // Whether the columns from here on are there.
  const load = at => {
    if (!asked.has(at)) asked.set(at, fetchFrom(at).catch(() => asked.delete(at) && false));
    return asked.get(at);
  };

  const fetchFrom = async at => {
    if (isOld()) return true;
    const answer = await fetch(`${board.address}/board?${board.place.dataset.view}&column=${at}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    // What others changed meanwhile is fetched as always: these cells say nothing of the board's version.
    if (!isOld()) for (const t of fresh.querySelectorAll("template")) board.fill(board.cellAt(t.dataset.step, t.dataset.row), t.innerHTML);
    return true;
  };

  const seen = new IntersectionObserver(entries => {
    for (const e of entries) if (e.isIntersecting && e.target.cellIndex > first) load(first + Math.floor((e.target.cellIndex - 1 - first) / size) * size);
  }, { root: board.place, rootMargin: "0px 100% 0px 100%" });
  for (const th of [...board.table.tHead.rows[1].cells].slice(first + 1)) seen.observe(th);

  const rest = async at => {
    if (at >= columns || isOld()) {
      state.dataset.complete = "true";
      return seen.disconnect();
    }
    // Offline, or the server starts again: it is asked for once more.
    if (!await load(at)) return setTimeout(() => rest(at), 5000);
    idle(() => rest(at + size), { timeout: 2000 });
  };
  idle(() => rest(first), { timeout: 2000 });
}

// The place of an open editor is gone: what was written stays to be read and copied.
export function strand(board) {
  const { editor, page } = board, box = document.createElement("div"), says = document.createElement("p");
  box.className = "alert alert-warning map-stranded";
  box.setAttribute("role", "alert");
  says.textContent = board.place.dataset.gone;
  box.append(says, editor);
  board.place.before(box);
  new MutationObserver((_, watch) => { if (!box.querySelector(".map-editor")) { watch.disconnect(); box.remove(); } }).observe(box, { childList: true });
  (editor.querySelector("textarea, input:not([type=hidden])") ?? page).focus({ preventScroll: true });
}

// Cancel leaves what was written; the page with all fields gets it.
export function leave(board, e) {
  const { editor } = board, all = e.target.closest("[data-all]");
  if (!all) return board.close(true);
  if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || !board.isTouched()) return;
  e.preventDefault();
  editor.append(document.querySelector("input[name=__RequestVerificationToken]").cloneNode());
  editor.action = all.dataset.all;
  editor.submit();
}
