// What every page without a map shares: the theme button, grids by arrow keys, printing. All else works without script.
import {wireGrids} from "./grid.js";
import {wireTheme} from "./theme.js";

wireTheme(() => {});
wireGrids();
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const form of document.querySelectorAll("form[data-send-on-change]")) form.addEventListener("change", () => form.requestSubmit());
document.documentElement.dataset.ready = "1";
