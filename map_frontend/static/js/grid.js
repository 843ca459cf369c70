// A table that is a grid: one stop of the tab key, arrows move between its links and cells, Home and End within a row,
// Control with them to the first and the last. Enter follows the link under the focus, as everywhere.
const MOVES = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};

/** The place a cell keeps the focus at: its link, else itself. */
function stop(cell) {
  return cell.querySelector("a") ?? cell;
}

function wire(table) {
  const rows = [...table.rows].map((row) => [...row.cells]);
  const all = rows.flat();
  for (const cell of all) stop(cell).tabIndex = -1;
  let at = all.find((cell) => cell.classList.contains("is-set")) ?? rows[1]?.[0] ?? all[0];
  if (!at) return;
  stop(at).tabIndex = 0;

  const go = (cell, moves) => {
    stop(at).tabIndex = -1;
    at = cell;
    stop(at).tabIndex = 0;
    if (moves) stop(at).focus();
  };
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td, th");
    if (cell && cell !== at) go(cell, false);
  });
  table.addEventListener("keydown", (event) => {
    const row = rows.findIndex((cells) => cells.includes(at));
    const column = rows[row].indexOf(at);
    let next = null;
    if (event.key in MOVES) {
      const [down, across] = MOVES[event.key];
      next = rows[row + down]?.[column + across] ?? null;
    } else if (event.key === "Home" || event.key === "End") {
      const line = event.ctrlKey ? rows[event.key === "Home" ? 0 : rows.length - 1] : rows[row];
      next = event.key === "Home" ? line[0] : line[line.length - 1];
    } else {
      return;
    }
    event.preventDefault();
    if (next) go(next, true);
  });
}

/** Every grid of the page. */
export function wireGrids() {
  for (const table of document.querySelectorAll("[data-grid]")) wire(table);
}
