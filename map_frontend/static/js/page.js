// What every page without a map shares: the theme button. All else works without script.
import {wireTheme} from "./theme.js";

wireTheme(() => {});
for (const form of document.querySelectorAll("form[data-send-on-change]")) form.addEventListener("change", () => form.requestSubmit());
document.documentElement.dataset.ready = "1";
