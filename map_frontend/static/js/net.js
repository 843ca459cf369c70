// Whether there is a network: a banner while there is none, and a fresh look when it is back.
export function watchNetwork({words, onBack}) {
  const line = document.querySelector("[data-net-line]");
  let isOff = false;
  function set(off) {
    if (off === isOff) return;
    isOff = off;
    line.hidden = !off;
    line.textContent = off ? words.text("net.offline") : "";
    document.documentElement.toggleAttribute("data-offline", off);
    if (!off) onBack();
  }
  addEventListener("offline", () => set(true));
  addEventListener("online", () => set(false));
  if (navigator.onLine === false) set(true);
  return {isOff: () => isOff, lost: () => { if (navigator.onLine === false) set(true); }};
}
