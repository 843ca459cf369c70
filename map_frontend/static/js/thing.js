// A thing's page: theme, and the buttons that need a script. All else works without.
import {wireActions} from "./drawer/actions.js";
import {makeCompare} from "./drawer/compare.js";
import {wireTheme} from "./theme.js";

wireTheme(() => {});
const compare = makeCompare(() => {});
wireActions(document.querySelector("[data-thing]"), null, compare);
document.documentElement.dataset.ready = "1";
