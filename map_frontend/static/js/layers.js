// The layer panel: the server wrote its boxes, this file lets them act and keeps them in the address.

/** layers: id -> Leaflet layer. A box is one layer, or one kind of its things (data-field, data-value). */
export function wireLayers({layers, map, onChange}) {
  const boxes = [...document.querySelectorAll("[data-layer]")];
  const presets = [...document.querySelectorAll("[data-preset]")];
  const boxesOf = new Map();
  for (const box of boxes) boxesOf.set(box.dataset.collection, [...(boxesOf.get(box.dataset.collection) || []), box]);
  const isOn = (id) => { const own = boxesOf.get(id); return own ? own.some((box) => box.checked) : true; };
  const absent = new Set(); // layers something else covers for the time being (a base map covers the ground)

  /** What of a layer whose boxes are kinds is shown: null = all. */
  function kindsOf(id) {
    const own = (boxesOf.get(id) || []).filter((box) => box.dataset.field);
    const off = own.filter((box) => !box.checked);
    if (!off.length) return null;
    const hidden = new Set(off.map((box) => box.dataset.value)), field = own[0].dataset.field;
    return (props) => !hidden.has(props[field]);
  }

  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.dataset.layer);
  const isStandard = () => boxes.every((box) => box.checked === box.defaultChecked);

  function apply() {
    for (const [id, layer] of layers) {
      const on = isOn(id) && !absent.has(id);
      layer.setSwitched(kindsOf(id));
      if (on !== map.hasLayer(layer)) layer[on ? "addTo" : "removeFrom"](map);
    }
    const now = chosen().join();
    for (const button of presets) {
      const wanted = button.dataset.preset ? boxes.filter((box) => button.dataset.preset.split(",").includes(box.dataset.layer)).map((box) => box.dataset.layer).join() : null;
      button.setAttribute("aria-pressed", String(wanted === null ? isStandard() : wanted === now));
    }
  }

  /** Switch to the layers named in an address; a collection's own name means all its kinds. Unknown names are left alone. */
  function set(text) {
    const names = new Set((text || "").split(","));
    for (const box of boxes) {
      box.checked = text === undefined || text === null ? box.defaultChecked : names.has(box.dataset.layer) || names.has(box.dataset.collection);
    }
    apply();
  }

  for (const box of boxes) box.addEventListener("change", () => { apply(); onChange(); });
  for (const button of presets) button.addEventListener("click", () => { set(button.dataset.preset || null); onChange(); });
  return {
    apply,
    set,
    isOn,
    /** A thing is to be seen: its layer is on from here, as if its boxes had been ticked; a layer that is on in part stays so. */
    turnOn(id) {
      if (isOn(id)) return;
      for (const box of boxesOf.get(id)) box.checked = true;
      apply();
      onChange();
    },
    /** Leave a layer out while something else stands for it. */
    cover(id, isCovered) { absent[isCovered ? "add" : "delete"](id); apply(); },
    /** How many things each layer has, beside its name. */
    setCounts(counts) {
      for (const mark of document.querySelectorAll("[data-layer-count]")) {
        const n = counts[mark.dataset.layerCount];
        mark.textContent = n === undefined ? "" : n.toLocaleString(document.documentElement.lang);
      }
    },
    /** "parcels,parks" of the boxes that are on, or null when they are as the page gave them. */
    text: () => (isStandard() ? null : chosen().join(",") || "-"),
  };
}
