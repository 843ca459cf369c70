// What can be done with a thing: copy its address, share it where the device can, print it, put it beside others.

/** Say in a few words that it is done, where every reader hears it; the button shows it too. */
function say(button, text) {
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = text;
  else button.dataset.said = text;
  button.classList.add("is-done");
  setTimeout(() => { if (said && said.textContent === text) said.textContent = ""; delete button.dataset.said; button.classList.remove("is-done"); }, 2500);
}

/** Wire the buttons inside a thing told by the server; `words` may be null on a page, whose buttons carry their own. */
export function wireActions(root, words, compare) {
  const thing = root.matches("[data-thing]") ? root : root.querySelector("[data-thing]");
  const url = thing.dataset.share, title = thing.dataset.name;
  for (const button of root.querySelectorAll("[data-act]")) {
    const act = button.dataset.act;
    if (act === "share" && !navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (act === "print") return window.print();
      if (act === "share") { try { await navigator.share({title, url}); } catch { /* the reader changed their mind */ } return undefined; }
      try { await navigator.clipboard.writeText(url); say(button, button.dataset.done || words.text("copied")); } catch { say(button, url); }
      return undefined;
    });
  }
  for (const button of root.querySelectorAll("[data-compare]")) {
    button.hidden = false;
    button.addEventListener("click", () => compare.toggle({key: button.dataset.compare, name: button.dataset.name}));
  }
  compare.show();
}
