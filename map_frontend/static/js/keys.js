// Keyboard: Escape closes, "/" goes to the search box, "l" to the layers. Single letters only outside fields.
export function wireKeys({card, layerPanel}) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (card.isOpen()) { card.close(); event.preventDefault(); } else if (layerPanel.open) { layerPanel.open = false; layerPanel.querySelector("summary").focus(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,select,textarea,[contenteditable]")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector("[data-search-open]").click();
    } else if (event.key === "l") {
      layerPanel.open = true;
      layerPanel.querySelector("summary").focus();
    }
  });
}
