// Forms that send a large file show how far it is; without this they send it all the same.
function send(form, e) {
  if (e.defaultPrevented || !form.checkValidity()) return;
  e.preventDefault();
  const bar = form.querySelector("progress"), note = form.querySelector("[data-upload-note]"), button = form.querySelector("button:not([type=button])"), cancel = form.querySelector("[data-upload-cancel]");
  const request = new XMLHttpRequest();
  const end = () => { bar.hidden = cancel.hidden = true; button.disabled = false; note.textContent = ""; };
  const fail = text => {
    end();
    note.textContent = text || form.dataset.failed;
    note.classList.add("bad");
  };
  request.upload.addEventListener("progress", p => {
    if (!p.lengthComputable) return;
    bar.max = p.total;
    bar.value = p.loaded;
    const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" }).format(p.loaded / p.total);
    note.textContent = form.dataset.sent.replace("{0}", percent);
  });
  request.addEventListener("load", () => {
    // A redirect was followed: where it led is the page of the file.
    if (request.status < 400) location.href = request.responseURL;
    else fail(new DOMParser().parseFromString(request.responseText, "text/html").querySelector(".alert-danger span")?.textContent);
  });
  request.addEventListener("error", () => fail());
  request.addEventListener("abort", end);
  cancel.onclick = () => request.abort();
  note.classList.remove("bad");
  bar.hidden = cancel.hidden = false;
  button.disabled = true;
  request.open("POST", form.action);
  request.send(new FormData(form));
}

export function showUploads() {
  for (const form of document.querySelectorAll("form[data-upload]")) form.addEventListener("submit", e => send(form, e));
}
