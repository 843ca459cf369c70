// The buttons of the map: zoom, whole county, copy the link, print.
export function wireCommands({map, home, words}) {
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
