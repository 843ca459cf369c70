// What this reader looked for lately, kept in this browser only.
const KEY = "yzt.search.recent", MOST = 6;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : [];
  } catch { return []; }
}

function write(list) {
  try { if (list.length) localStorage.setItem(KEY, JSON.stringify(list)); else localStorage.removeItem(KEY); } catch { /* a browser that keeps nothing */ }
}

export const recent = {
  all: read,
  keep(query) { write([query, ...read().filter((one) => one !== query)].slice(0, MOST)); },
  forget() { write([]); },
};
