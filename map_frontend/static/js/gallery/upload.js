// Staff's upload: files are sent one by one, each with its progress and, when it is refused, the reason. Without script the form posts.
import {make} from "../elements.js";

function sendOne(form, file, told) {
  return new Promise((resolve) => {
    const body = new FormData(form), request = new XMLHttpRequest();
    body.delete("file");
    body.append("file", file);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) told(Math.round((100 * event.loaded) / event.total)); });
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* a proxy's page */ }
      resolve({ok: request.status < 300, answer});
    });
    request.addEventListener("error", () => resolve({ok: false, answer: null}));
    request.send(body);
  });
}

const reason = (answer, words) => (answer === null ? words.text("gallery.unreachable")
  : (answer.errors || []).map((fault) => [fault.detail, fault.expected].filter(Boolean).join("; ")).join(" ") || answer.detail || answer.title || "");

export function wireUpload(form, words) {
  const list = form.querySelector("[data-progress]"), drop = form.querySelector("[data-drop]"), button = form.querySelector("[type=submit]");

  async function send(files) {
    if (!files.length) return;
    button.disabled = true;
    let kept = 0, failed = 0;
    for (const file of files) {
      const line = make("li", {});
      list.append(line);
      const say = (key, values = {}) => { line.textContent = words.text(`gallery.${key}`, {name: file.name, ...values}); };
      const {ok, answer} = await sendOne(form, file, (percent) => say("sending", {percent}));
      if (ok) say(answer.files && answer.files[0].is_duplicate ? "duplicate" : "sent");
      else { line.className = "is-bad"; say("failed", {reason: reason(answer, words)}); }
      if (ok) kept += 1; else failed += 1;
    }
    button.disabled = false;
    form.querySelectorAll("[type=file]").forEach((input) => { input.value = ""; });
    if (kept && !failed) location.reload();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send([...form.querySelectorAll("[type=file]")].flatMap((input) => [...input.files]));
  });
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("is-over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    send([...event.dataTransfer.files]);
  });
}
