// Keyboard: Escape closes, "/" goes to the search, else to the list, "l" to the layers. Single letters only outside fields.
export function wireKeys({card, layerPanel, filters, measure}) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (filters.isOpen()) { filters.close(); event.preventDefault(); } else if (measure.isOn()) { measure.end(); event.preventDefault(); } else if (card.isOpen()) { card.close(); event.preventDefault(); } else if (layerPanel.open) { layerPanel.open = false; layerPanel.querySelector("summary").focus(); }
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
