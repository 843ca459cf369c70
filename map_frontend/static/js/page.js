// What every page without a map shares: the theme button. All else works without script.
import {wireTheme} from "./theme.js";

wireTheme(() => {});
document.documentElement.dataset.ready = "1";
