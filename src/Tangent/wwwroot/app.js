// Wires the pages: charts, menus, forms that send themselves, messages, copying. Everything it does is an addition: forms and links work without it.
import { openBoards } from "./board.js";
import { drawCharts } from "./charts.js";
import { dragColumns } from "./columns.js";
import "./picture.js";
import { followTails } from "./tail.js";
import { showUploads } from "./upload.js";

const body = document.body;
document.documentElement.classList.add("scripted");

function say(text) {
  const alert = document.createElement("div");
  alert.className = "alert alert-danger";
  alert.textContent = text;
  document.getElementById("toasts")?.append(alert);
  setTimeout(() => alert.remove(), 8000);
}

// htmx: the token of the page's forms goes with every change; a refusal becomes a message.
body.addEventListener("htmx:configRequest", e => {
  const token = document.querySelector("input[name=__RequestVerificationToken]");
  if (token && e.detail.verb !== "get") e.detail.headers["X-CSRF-TOKEN"] = token.value;
});
body.addEventListener("htmx:responseError", e => {
  let text = body.dataset.error;
  try {
    const problem = JSON.parse(e.detail.xhr.responseText);
    text = problem.detail || problem.title || text;
  } catch { /* not a problem document: the general text stands */ }
  say(text);
});
body.addEventListener("htmx:sendError", () => say(body.dataset.offline));

// A line at the top while a page or a part of it is under way; what answers at once does not flicker.
let waiting, underWay = 0;
function wait(begins) {
  underWay = Math.max(0, underWay + (begins ? 1 : -1));
  clearTimeout(waiting);
  if (underWay > 0) waiting = setTimeout(() => document.documentElement.classList.add("waiting"), 200);
  else document.documentElement.classList.remove("waiting");
}
body.addEventListener("htmx:beforeRequest", () => wait(true));
body.addEventListener("htmx:afterRequest", () => wait(false));
addEventListener("beforeunload", () => { wait(true); setTimeout(() => wait(false), 10_000); });
addEventListener("pageshow", () => { underWay = 0; wait(false); });

// Menus close by a click elsewhere and by Escape.
document.addEventListener("click", e => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
});
document.addEventListener("keydown", e => {
  if (e.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.addEventListener("change", e => {
  const form = e.target.closest("form[data-autosubmit]");
  // A date that is being typed reports changes with half a year; only whole ones are sent.
  if (form && form.checkValidity() && !(e.target.type === "date" && e.target.value && e.target.value < "1900")) form.requestSubmit();
});
// What is chosen becomes a line of the text it is for.
document.addEventListener("change", e => {
  const text = e.target.value && e.target.dataset.addTo && document.querySelector(e.target.dataset.addTo);
  if (!text) return;
  text.value = (text.value.trimEnd() + "\n" + e.target.value).trimStart();
  e.target.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
// A table's search and order apply at once.
let finding;
document.addEventListener("input", e => {
  if (!e.target.matches(".table-find")) return;
  clearTimeout(finding);
  finding = setTimeout(() => e.target.form?.requestSubmit(), 250);
});
document.addEventListener("change", e => {
  if (e.target.matches(".table-tools select")) e.target.form.requestSubmit();
});
document.addEventListener("submit", e => {
  if (e.target.matches(".preferences")) e.target.elements.namedItem("returnUrl").value = location.pathname + location.search;
  // Empty fields stay out of the address, so that a link sent to somebody is short.
  if (e.target.method === "get") for (const field of e.target.elements) if (field.name && field.value === "" && field.tagName !== "BUTTON") { field.disabled = true; field.dataset.leftOut = ""; }
  const question = e.target.dataset.confirm;
  if (!question || confirm(question)) return;
  e.preventDefault();
  e.stopPropagation();
}, true); // while capturing: before htmx sees it
document.addEventListener("click", async e => {
  const button = e.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
  const label = button.querySelector("[data-copied]");
  if (label) {
    const before = label.textContent;
    label.textContent = label.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 2000);
  }
});
// Fields disabled for a short address come back when the browser returns to the page as it was.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method=get] [data-left-out]")) { field.disabled = false; delete field.dataset.leftOut; }
});

function explore() {
  const place = document.getElementById("api-explorer");
  if (!place || place.dataset.ready) return;
  place.dataset.ready = "loading";
  const chosen = document.documentElement.dataset.bsTheme;
  document.documentElement.classList.toggle("dark-mode", chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  const script = document.createElement("script");
  script.src = place.dataset.swagger;
  script.addEventListener("load", () => SwaggerUIBundle({ url: place.dataset.document, dom_id: "#api-explorer", defaultModelsExpandDepth: 0, onComplete: () => {
    // Swagger UI leaves this field without a name.
    document.getElementById("servers")?.setAttribute("aria-label", "Server");
    place.dataset.ready = "true";
  } }));
  document.head.append(script);
}

drawCharts(document);
explore();
followTails();
showUploads();
dragColumns();
openBoards();
body.addEventListener("htmx:load", e => {
  drawCharts(e.detail.elt);
  // What was opened before htmx was there to load it.
  for (const summary of e.detail.elt.querySelectorAll("details[open] > summary[hx-get]")) htmx.trigger(summary, "late");
});
