// The buttons of the page: zoom, whole county, copy the link, print, the header's menu.
/** On a phone the header's tools are a menu behind one button. */
function wireMenu() {
  const button = document.querySelector("[data-menu]"), tools = document.getElementById("tools");
  if (!button) return;
  const set = (open) => { tools.classList.toggle("is-open", open); button.setAttribute("aria-expanded", String(open)); };
  button.hidden = false;
  tools.classList.add("is-menu");
  button.addEventListener("click", () => set(!tools.classList.contains("is-open")));
  document.addEventListener("click", (event) => { if (!button.contains(event.target) && !(tools.contains(event.target) && !event.target.closest("[data-do]"))) set(false); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && tools.classList.contains("is-open")) { set(false); button.focus(); event.stopImmediatePropagation(); } }, {capture: true});
}

export function wireCommands({map, home, words}) {
  wireMenu();
  const on = (name, act) => { for (const button of document.querySelectorAll(`[data-do="${name}"]`)) { button.hidden = false; button.addEventListener("click", () => act(button)); } };
  on("zoom-in", () => map.zoomIn(1));
  on("zoom-out", () => map.zoomOut(1));
  on("home", home);
  on("print", () => window.print());
  on("copy", async (button) => {
    const said = document.querySelector("[data-said]");
    try { await navigator.clipboard.writeText(location.href); said.textContent = words.text("copied"); } catch { said.textContent = location.href; }
    button.classList.add("is-done");
    setTimeout(() => { said.textContent = ""; button.classList.remove("is-done"); }, 2500);
  });
}
