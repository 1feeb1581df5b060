// A journey map: edited in its cells by mouse and by keyboard, and kept up to date while others edit it.
// What changed comes from the server as finished cells; an open editor and the focus stay where they are.
import { leave, loadLater, strand } from "./board-later.js";
const PART = /\/(stage|step|lane|card)\/([\w-]+)(\?.*)?$/;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

// What a link of the board stands for.
function partOf(element) {
  const link = element?.closest?.("a[href]");
  const match = link?.getAttribute("href").match(PART);
  return match && { link, part: match[1], id: match[2], query: match[3] ?? "", isNew: match[2] === "new", address: link.getAttribute("href").slice(0, -(match[3]?.length ?? 0) || undefined) };
}

const lanesOf = table => table.querySelector(".map-lanes").rows; // what the data say stands in rows of its own
const byHref = (root, href) => [...root.querySelectorAll("a[href]")].find(a => a.getAttribute("href") === href);

class Board {
  constructor(place) {
    this.place = place;
    this.page = place.closest("main");
    this.address = place.dataset.board;
    this.says = this.page.querySelector("[data-board-says]");
    this.here = this.page.querySelector("[data-board-here]");
    this.canEdit = this.page.querySelector("[data-board-adds]") !== null;
    this.pulse = this.editor = this.opener = this.next = null;
    this.remember();
    this.watch();
    if (this.canEdit) this.wire();
    place.dataset.ready = "true";
  }

  get state() { return this.place.querySelector(".map-state"); }
  get version() { return Number(this.state.dataset.version); }
  get table() { return this.place.querySelector(".map-table"); }
  get steps() { return [...this.table.tHead.rows[1].cells].slice(1).map(th => th.dataset.step ?? ""); }
  rows() { return this.table ? [this.table.tHead.rows[1], ...lanesOf(this.table)] : []; }

  // The server's text of every cell: what was opened in a cell is no difference.
  remember() {
    this.sent = new Map();
    for (const row of this.rows()) for (const cell of row.cells) this.sent.set(cell, cell.innerHTML);
  }

  watch() {
    const open = () => {
      if (this.stream || document.hidden) return;
      this.stream = new EventSource(this.place.dataset.live);
      this.stream.addEventListener("map", e => this.told(JSON.parse(e.data)));
      this.stream.onerror = () => this.stream?.readyState === EventSource.CLOSED && (close(), setTimeout(open, 15_000));
    };
    const close = () => { this.stream?.close(); this.stream = null; };
    // A browser has six connections for all its tabs: only the one in front holds one, and catches up when it comes back.
    document.addEventListener("visibilitychange", () => document.hidden ? close() : open());
    for (const [name, act] of [["pagehide", close], ["pageshow", open]]) addEventListener(name, act);
    open();
  }

  told({ version, pulse, here }) {
    const names = here.map(name => name || this.place.dataset.somebody);
    this.here.hidden = names.length === 0;
    this.here.querySelector("span").textContent = names.join(", ");
    const pulsed = this.pulse !== null && pulse !== this.pulse;
    this.pulse = pulse;
    if (version > this.version || pulsed) this.pull(pulsed);
  }

  // One question at a time: what is told meanwhile is asked for afterwards.
  async pull(whole = false) {
    this.wanted = { whole: whole || this.wanted?.whole };
    if (this.pulling) return this.pulling;
    this.pulling = (async () => {
      while (this.wanted) {
        const all = this.wanted.whole;
        this.wanted = null;
        const answer = await fetch(`${this.address}/board?${this.place.dataset.view}${all ? "" : `&since=${this.version}`}`, { headers: { "HX-Request": "true" } });
        if (answer.status === 404) return location.reload();
        if (answer.ok && !answer.redirected) this.take(new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".map-state"));
      }
    })().catch(() => { /* offline: the stream tells of the version again */ }).finally(() => { this.pulling = null; });
    return this.pulling;
  }

  take(fresh) {
    if (!fresh || Number(fresh.dataset.version) < this.version) return;
    const focused = this.place.contains(document.activeElement) && !this.editor?.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const table = fresh.querySelector(".map-table"), templates = fresh.querySelectorAll("template");
    if (table && this.table && this.isShapedLike(table)) this.eachCell(table, (cell, now) => this.fill(cell, now.innerHTML));
    else if (table || fresh.querySelector(".empty-state")) this.replace(fresh);
    else for (const t of templates) this.fill(this.cellAt(t.dataset.step, t.dataset.row), t.innerHTML);
    const changed = Number(fresh.dataset.version) !== this.version;
    for (const name of ["version", "undo", "redo"]) this.state.dataset[name] = fresh.dataset[name];
    const share = fresh.querySelector("[data-share]"), shown = this.state.querySelector("[data-share]");
    if (share && shown) shown.innerHTML = share.innerHTML;
    this.enable();
    if (focused) byHref(this.place, focused)?.focus({ preventScroll: true });
    if (changed) document.body.dispatchEvent(new Event("map-changed"));
  }

  isShapedLike(table) {
    const shape = t => [...t.tHead.rows[0].cells].map(c => c.dataset.stage + c.colSpan + c.textContent).concat([...t.tHead.rows[1].cells].map(c => c.dataset.step ?? ""), [...lanesOf(t)].map(r => r.dataset.row)).join();
    return shape(table) === shape(this.table);
  }

  eachCell(table, visit) {
    const rows = [table.tHead.rows[1], ...lanesOf(table)];
    this.rows().forEach((row, i) => [...row.cells].forEach((cell, j) => visit(cell, rows[i].cells[j])));
  }

  cellAt(step, row) {
    const at = this.steps.indexOf(step) + 1;
    return at > 0 ? this.rows().find(r => r.dataset.row === row)?.cells[at] : null;
  }

  // Everything in the cell but the editor becomes new; the editor is not touched, so that nobody loses a letter.
  fill(cell, html) {
    if (!cell || this.sent.get(cell) === html) return;
    this.sent.set(cell, html);
    if (!this.editor || this.editor.parentNode !== cell) {
      cell.innerHTML = html;
      return;
    }
    for (const node of [...cell.childNodes]) if (node !== this.editor) node.remove();
    const parts = document.createRange().createContextualFragment(html);
    const opener = byHref(parts, this.opener);
    const after = opener ? [...parts.childNodes].slice([...parts.childNodes].indexOf(opener) + 1) : [];
    if (opener) opener.hidden = true;
    this.editor.before(...[...parts.childNodes].filter(n => !after.includes(n)));
    this.editor.after(...after);
  }

  // Columns or rows came, went or moved.
  replace(fresh) {
    const editor = this.editor && this.place.contains(this.editor) ? this.editor : null;
    const focused = editor?.contains(document.activeElement) ? document.activeElement : null;
    const selection = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
    const { scrollLeft, scrollTop } = this.place;
    const figures = this.state.querySelector("[data-figures]")?.getAttribute("hx-get");
    this.state.replaceWith(document.importNode(fresh, true));
    if (figures) this.state.querySelector("[data-figures]")?.setAttribute("hx-get", figures);
    this.remember();
    window.htmx?.process(this.state);
    [this.place.scrollLeft, this.place.scrollTop] = [scrollLeft, scrollTop];
    if (!editor) return;
    const opener = byHref(this.place, this.opener);
    if (!opener) return strand(this);
    opener.hidden = true;
    opener.after(editor);
    focused?.focus({ preventScroll: true });
    try { if (selection?.[0] !== null && selection) focused.setSelectionRange(...selection); } catch { /* a select has no selection */ }
  }

  enable() {
    for (const [name, can] of [["undo", this.state.dataset.undo], ["redo", this.state.dataset.redo]]) {
      const button = this.page.querySelector(`[data-board-${name}] button`);
      if (button) button.disabled = can !== "true";
    }
  }

  wire() {
    this.page.addEventListener("click", e => this.clicked(e));
    this.page.addEventListener("keydown", e => this.pressed(e));
    document.addEventListener("keydown", e => this.takeBack(e));
    this.page.addEventListener("htmx:afterRequest", e => this.answered(e));
    this.page.addEventListener("htmx:afterSwap", e => { if (e.detail.elt?.matches?.(".map-editor")) this.focusEditor(e.detail.elt); });
    this.place.addEventListener("dragstart", e => this.drag(e));
    this.place.addEventListener("dragover", e => this.dragOver(e));
    this.place.addEventListener("drop", e => this.drop(e));
    this.place.addEventListener("dragend", () => this.endDrag());
  }

  clicked(e) {
    if (e.target.closest("[data-close], [data-all]")) return leave(this, e);
    if (e.button !== 0 || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.target.closest(".map-editor")) return;
    const part = partOf(e.target);
    if (!part || !part.link.closest("[data-board], [data-board-adds]")) return;
    e.preventDefault();
    this.open(part.link);
  }

  async open(link) {
    if (this.editor) {
      if (!this.isTouched()) this.close();
      else {
        this.next = link.getAttribute("href");
        return this.editor.requestSubmit();
      }
    }
    const { address, query } = partOf(link);
    const answer = await fetch(`${address}/editor${query}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return this.pull();
    // The link may have been drawn anew while the answer was on its way: it is looked for when all is there.
    const html = await answer.text(), href = link.getAttribute("href"), place = link.isConnected ? link : byHref(this.page, href);
    if (!place || this.editor) return;
    this.opener = href;
    place.insertAdjacentHTML("afterend", html);
    place.hidden = true;
    window.htmx.process(place.nextElementSibling);
    this.focusEditor(place.nextElementSibling);
  }

  focusEditor(editor) {
    this.editor = editor.isConnected ? editor : this.page.querySelector(".map-editor");
    const field = this.editor?.querySelector("textarea, input:not([type=hidden])");
    field?.focus();
    field?.select?.();
  }

  isTouched() {
    return [...this.editor.elements].some(f => f.tagName === "SELECT" ? [...f.options].some(o => o.selected !== o.defaultSelected) && f.selectedIndex !== Math.max(0, [...f.options].findIndex(o => o.defaultSelected)) : f.type !== "hidden" && "defaultValue" in f && f.value !== f.defaultValue);
  }

  close(focus = false) {
    this.editor?.remove();
    this.editor = null;
    const opener = byHref(this.page, this.opener ?? "");
    if (opener) opener.hidden = false;
    if (focus) opener?.focus();
  }

  async answered(e) {
    const form = e.target.closest?.(".map-editor, [data-board-undo], [data-board-redo]");
    if (!form || e.detail.xhr.status !== 204) return;
    if (form === this.editor) this.close(true);
    await this.pull();
    const next = this.next && byHref(this.page, this.next);
    this.next = null;
    if (next) this.open(next);
  }

  pressed(e) {
    if (e.target.closest(".map-editor")) return this.pressedInEditor(e);
    const part = partOf(e.target);
    if (!this.place.contains(e.target)) return;
    if (ARROWS[e.key] && part && e.altKey && !part.isNew) this.moveByKey(e, part);
    else if (ARROWS[e.key] && e.target !== this.place && !e.altKey && !e.ctrlKey && !e.metaKey && !e.shiftKey) this.walk(e);
    else if (e.key === "Delete" && part?.part === "card" && !part.isNew) {
      e.preventDefault();
      this.post(`${part.address}/removal`, {});
    }
  }

  pressedInEditor(e) {
    if (e.key === "Escape") {
      e.preventDefault();
      e.stopPropagation();
      this.close(true);
    } else if (e.key === "Enter" && e.target.tagName === "TEXTAREA" && !e.shiftKey && !e.isComposing) {
      e.preventDefault();
      this.editor.requestSubmit();
    }
  }

  takeBack(e) {
    if (!(e.ctrlKey || e.metaKey) || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = e.key.toLowerCase(), redo = key === "y" || (key === "z" && e.shiftKey);
    if (key !== "z" && key !== "y") return;
    e.preventDefault();
    const button = this.page.querySelector(`[data-board-${redo ? "redo" : "undo"}] button`);
    if (!button.disabled) button.form.requestSubmit();
  }

  // Arrows go from cell to cell, up and down through the cards of one.
  walk(e) {
    const [dx, dy] = ARROWS[e.key], cell = e.target.closest("td, th"), row = cell?.parentElement;
    if (!row) return;
    const inCell = [...cell.querySelectorAll("a")], within = inCell[inCell.indexOf(e.target.closest("a")) + dy];
    if (dy && within) {
      e.preventDefault();
      return within.focus();
    }
    const rows = [...this.table.rows];
    let to = cell;
    do {
      const nextRow = rows[rows.indexOf(to.parentElement) + dy];
      to = dx ? (dx > 0 ? to.nextElementSibling : to.previousElementSibling) : nextRow?.cells[Math.min(to.cellIndex, nextRow.cells.length - 1)];
    } while (to && !to.querySelector("a"));
    const links = to?.querySelectorAll("a");
    if (!links) return;
    e.preventDefault();
    links[dy < 0 ? links.length - 1 : 0].focus();
  }

  async moveByKey(e, { part, id, link, address }) {
    const [dx, dy] = ARROWS[e.key], across = part === "stage" || part === "step";
    e.preventDefault();
    if (part !== "card") {
      if (across ? !dx : !dy) return;
      await this.post(`${address}/move`, { back: dx + dy < 0 });
    } else {
      const place = dx ? this.beside(link, dx) : this.above(link, dy);
      if (!place) return;
      await this.post(`${address}/place`, place);
    }
    byHref(this.place, link.getAttribute("href"))?.focus();
    this.says.textContent = "";
    this.says.textContent = `${this.place.dataset.moved} ${this.where(byHref(this.place, link.getAttribute("href")), id)}`;
  }

  where(link) {
    const cell = link?.closest("td, th");
    if (!cell) return "";
    const row = cell.parentElement, step = this.table.tHead.rows[1].cells[cell.cellIndex];
    return cell.tagName === "TD" ? `${(step?.querySelector("a") ?? step)?.textContent.trim()}, ${row.cells[0].textContent.trim()}` : link.textContent.trim();
  }

  beside(link, dx) {
    const cell = link.closest("td");
    const steps = this.steps;
    let at = cell.cellIndex - 1 + dx;
    while (at >= 0 && at < steps.length && !steps[at]) at += dx;
    return steps[at] ? { step: steps[at], lane: cell.parentElement.dataset.row, before: "" } : null;
  }

  above(link, dy) {
    const cell = link.closest("td"), cards = this.cardsIn(cell), at = cards.findIndex(c => c.link === link);
    const step = this.steps[cell.cellIndex - 1], lane = cell.parentElement.dataset.row;
    if (cards[at + dy]) return { step, lane, before: (dy < 0 ? cards[at - 1] : cards[at + 2])?.id ?? "" };
    const row = dy < 0 ? cell.parentElement.previousElementSibling : cell.parentElement.nextElementSibling;
    if (!row || !this.isLane(row)) return null;
    return { step, lane: row.dataset.row, before: dy < 0 ? "" : this.cardsIn(row.cells[cell.cellIndex])[0]?.id ?? "" };
  }

  isLane(row) { return row.dataset.row && !["step", "touchpoint", "emotion"].includes(row.dataset.row) && row.closest(".map-lanes") !== null; }

  cardsIn(cell) { return [...cell.querySelectorAll("a.map-card")].map(partOf); }

  async post(address, values) {
    await window.htmx.ajax("POST", address, { source: this.place, swap: "none", values });
    await this.pull();
  }

  drag(e) {
    const part = partOf(e.target);
    if (!part || part.isNew || !this.table?.contains(part.link)) return;
    this.dragged = part;
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", part.link.textContent.trim());
    this.place.classList.add("is-dragging");
  }

  // Where it would come to stand: a cell and which side of what stands there.
  target(e) {
    const cell = e.target.closest?.("td, th"), row = cell?.parentElement, { part, id } = this.dragged;
    if (!row || !this.table.contains(cell)) return null;
    const half = (element, along) => { const r = element.getBoundingClientRect(); return along ? e.clientX > r.left + r.width / 2 : e.clientY > r.top + r.height / 2; };
    const step = this.steps[cell.cellIndex - 1], stages = [...this.table.tHead.rows[0].cells].slice(1);
    const stageOf = column => { let at = 0; for (const th of stages) { at += th.colSpan; if (column < at) return th; } };
    if (part === "card") {
      if (!this.isLane(row) || !step) return null;
      const cards = this.cardsIn(cell), over = cards.find(c => c.link.contains(e.target)), at = cards.indexOf(over);
      const before = over ? (half(over.link, false) ? cards[at + 1] : over) : null;
      if (before?.id === id) return { mark: cell, end: true, place: null };
      return { mark: over?.link ?? cell, end: !over || half(over.link, false), place: { step, lane: row.dataset.row, before: before?.id ?? "" } };
    }
    if (part === "lane") {
      if (!this.isLane(row)) return null;
      const end = half(row, false), next = end ? row.nextElementSibling : row;
      return { mark: row, end, place: { before: next?.dataset.row ?? "" } };
    }
    const inHead = row === this.table.tHead.rows[0], stage = inHead ? cell : cell.cellIndex > 0 ? stageOf(cell.cellIndex - 1) : null;
    if (!stage?.dataset.stage) return null;
    if (part === "stage") {
      const end = half(stage, true), next = end ? stage.nextElementSibling : stage;
      return { mark: stage, end, place: { before: next?.dataset.stage ?? "" } };
    }
    if (inHead || !step) return { mark: stage, end: true, place: { stage: stage.dataset.stage, before: "" } };
    const end = half(cell, true), after = this.steps[cell.cellIndex];
    const head = this.table.tHead.rows[1].cells[cell.cellIndex];
    return { mark: head, end, place: { stage: stage.dataset.stage, before: !end ? step : stageOf(cell.cellIndex) === stage ? after : "" } };
  }

  dragOver(e) {
    if (!this.dragged) return;
    const target = this.target(e);
    this.unmark();
    if (!target) return;
    e.preventDefault();
    target.mark.classList.add("is-over", target.end ? "is-over-end" : "is-over-start");
  }

  async drop(e) {
    if (!this.dragged) return;
    const target = this.target(e), { address } = this.dragged;
    e.preventDefault();
    this.endDrag();
    if (target?.place && !address.endsWith(`/${target.place.before}`)) await this.post(`${address}/place`, target.place);
  }

  unmark() { for (const m of this.place.querySelectorAll(".is-over")) m.classList.remove("is-over", "is-over-start", "is-over-end"); }

  endDrag() {
    this.unmark();
    this.dragged = null;
    this.place.classList.remove("is-dragging");
  }
}

export function openBoards() {
  for (const place of document.querySelectorAll("[data-board]")) loadLater(new Board(place));
}
