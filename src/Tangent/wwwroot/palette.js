// The palette (Ctrl+K): searches while typing, arrow keys choose, Enter opens. The list comes from the server as HTML.
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-text");
const list = document.getElementById("palette-found");
const pages = list?.innerHTML;
let waiting, asked = 0;

async function find() {
  const turn = ++asked;
  // Before anything is typed: the pages, which came with this one.
  if (!input.value.trim()) { list.innerHTML = pages; choose(options()[0]); return; }
  const here = new URLSearchParams(location.search);
  here.set("q", input.value.trim());
  const answer = await fetch("/search?" + here, { headers: { "HX-Request": "true" } });
  // An answer that was overtaken by a later one is not shown.
  if (turn !== asked || !answer.ok) return;
  list.innerHTML = await answer.text();
  choose(options()[0]);
}

const options = () => [...list.querySelectorAll("[role=option]")];
const chosen = () => list.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) { input.removeAttribute("aria-activedescendant"); return; }
  option.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  find();
}

if (dialog) {
  document.addEventListener("keydown", e => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "k") { e.preventDefault(); open(); }
  });
  document.addEventListener("click", e => {
    if (e.target.closest("[data-palette]")) { e.preventDefault(); open(); }
    else if (e.target === dialog || e.target.closest("[data-close-palette]")) dialog.close();
  });
  // What was found for other letters is neither opened by Enter (which searches instead) nor shown any more.
  input.addEventListener("input", () => { asked++; choose(); clearTimeout(waiting); waiting = setTimeout(find, 80); });
  input.addEventListener("keydown", e => {
    const all = options(), at = all.indexOf(chosen());
    if (e.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (e.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (e.key === "Enter" && chosen()) chosen().click();
    else return;
    e.preventDefault();
  });
}
