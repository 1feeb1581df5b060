// Columns of a file are dragged onto the field they stand for. The selects under their names do the same, by keyboard and by touch, and are what is sent.
const selectsOf = form => [...form.querySelectorAll("select[name=field]")];
const isField = name => name !== "" && name !== "-";
const columnOf = select => select.parentElement.querySelector("[data-column]").dataset.column;

function show(form) {
  for (const target of form.querySelectorAll("[data-field]")) {
    const taken = selectsOf(form).filter(select => select.value === target.dataset.field).map(columnOf);
    target.querySelector("[data-taken]").textContent = taken.join(", ");
    target.classList.toggle("is-taken", taken.length > 0);
    target.classList.toggle("is-twice", isField(target.dataset.field) && taken.length > 1);
  }
}

function say(form, select) {
  show(form);
  form.querySelector("[data-chosen]").textContent = `${columnOf(select)}: ${select.selectedOptions[0].textContent}`;
}

// What is dropped takes the field from the column that had it. A choice in a select does not: on the way to it the keyboard passes others.
function drop(form, select, field) {
  if (isField(field)) for (const other of selectsOf(form)) if (other !== select && other.value === field) other.value = "";
  select.value = field;
  say(form, select);
}

function wire(form) {
  let dragged;
  for (const select of selectsOf(form)) {
    const label = select.parentElement.querySelector("[data-column]");
    label.draggable = true;
    select.addEventListener("change", () => say(form, select));
    label.addEventListener("dragstart", e => {
      dragged = select;
      e.dataTransfer.effectAllowed = "move";
      e.dataTransfer.setData("text/plain", label.dataset.column);
      form.classList.add("is-dragging");
    });
    label.addEventListener("dragend", () => {
      dragged = undefined;
      form.classList.remove("is-dragging");
    });
  }
  for (const target of form.querySelectorAll("[data-field]")) {
    target.addEventListener("dragover", e => {
      if (!dragged) return;
      e.preventDefault();
      target.classList.add("is-over");
    });
    target.addEventListener("dragleave", () => target.classList.remove("is-over"));
    target.addEventListener("drop", e => {
      target.classList.remove("is-over");
      if (!dragged) return;
      e.preventDefault();
      drop(form, dragged, target.dataset.field);
    });
  }
  show(form);
}

export function dragColumns() {
  for (const form of document.querySelectorAll("form[data-mapping]")) if (form.querySelector("[data-field]")) wire(form);
}
