// What the reader wants listed (kind, filters, order, whole county), as it stands in the address. The server reads the same.
import {writeAddress} from "./address.js";

const VERSION = "2"; // of the address, as map_frontend/screen/address.py counts it

export function makeScreen(config) {
  const {parameters, kinds, first} = config.screen;
  const now = () => new URLSearchParams(location.search);
  const pick = (names, query = now()) => {
    const kept = new URLSearchParams();
    for (const name of names) for (const value of query.getAll(name)) if (value) kept.append(name, value);
    return kept;
  };
  return {
    kind() { const k = now().get("k"); return kinds[k] ? k : first; },
    about: (key) => kinds[key],
    order() { const o = now().get("o"), known = kinds[this.kind()].orders; return known.some(([key]) => key === o) ? o : known[0][0]; },
    isWhole: () => now().get("w") === "all",
    values: () => pick(parameters),
    hasFilters() { return [...this.values().keys()].length > 0; },
    /** The whole of it, to be asked of the server. */
    query: () => pick([...parameters, "k", "o", "w"]),
    /** What narrows the things of one collection on the map, as text; "" when nothing does. */
    of(collection) {
      const names = new Set(Object.values(kinds).filter((kind) => kind.collection === collection).flatMap((kind) => kind.parameters));
      return pick(parameters.filter((name) => names.has(name))).toString();
    },
    change(values, {push = true} = {}) {
      const next = {...values, c: null};
      const left = parameters.some((name) => (name in next ? next[name] : now().get(name)));
      next.v = left || next.o || next.w ? VERSION : null;
      if (next.k === first) next.k = null;
      writeAddress(next, {push});
    },
    clear() {
      const before = Object.fromEntries(this.values());
      this.change(Object.fromEntries(parameters.map((name) => [name, null])));
      return before;
    },
  };
}
