// Things put beside one another: up to four, kept in this browser and in the address (cmp=), so that a link carries them.
const KEPT = "yizhangtu.compare";
export const MOST = 4;

const clean = (entries) => entries.filter((entry) => entry && /^[a-z_]+:./.test(entry.key)).slice(0, MOST);

function stored() {
  try { return clean(JSON.parse(localStorage.getItem(KEPT)) || []); } catch { return []; }
}

/** What the address asks for wins over what was kept; names are known for what was kept. */
function first() {
  const asked = new URLSearchParams(location.search).get("cmp"), kept = stored();
  if (!asked) return kept;
  return clean(asked.split(",").map((key) => kept.find((entry) => entry.key === key) || {key, name: key.split(":").slice(1).join(":")}));
}

/** `onChange(entries, isFull)` is called at once and after each change. */
export function makeCompare(onChange) {
  let entries = first();
  const show = (isFull = false) => {
    for (const button of document.querySelectorAll("[data-compare]")) {
      button.setAttribute("aria-pressed", String(entries.some((entry) => entry.key === button.dataset.compare)));
    }
    onChange(entries, isFull);
  };
  const set = (next) => {
    entries = next;
    try { localStorage.setItem(KEPT, JSON.stringify(entries)); } catch { /* a browser that keeps nothing: the address does */ }
    show();
  };
  return {
    show: () => show(),
    clear: () => set([]),
    toggle({key, name}) {
      if (entries.some((entry) => entry.key === key)) set(entries.filter((entry) => entry.key !== key));
      else if (entries.length >= MOST) show(true);
      else set([...entries, {key, name}]);
    },
  };
}

/** The page that sets them side by side. */
export const compareAddress = (entries, query) => `/compare?ids=${entries.map((entry) => entry.key.split(":").map(encodeURIComponent).join(":")).join(",")}${query ? `&${query}` : ""}`;
