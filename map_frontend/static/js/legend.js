// The legend: the server wrote every line there can be; this file shows those whose things are on the screen now.

export function makeLegend() {
  const panel = document.querySelector("[data-legend-panel]");
  const lines = [...panel.querySelectorAll("[data-legend]")], groups = [...panel.querySelectorAll("[data-legend-group]")];
  const ringLine = panel.querySelector("[data-legend-rings]"), wheelLine = panel.querySelector("[data-legend-structure]"), empty = panel.querySelector("[data-legend-empty]");

  return {
    panel,
    /** `shown`: layer id -> codes of the paints in view; `rings`: the towns' rings, which stand for plots; `wheels`: firms by chain. */
    show({shown, rings, wheels}) {
      const statuses = new Set(rings.flatMap((ring) => ring.parts.map(([, , code]) => code || "*")));
      const chains = new Set(wheels.flatMap(({parts}) => parts.map(([chain]) => chain || "*")));
      for (const line of lines) {
        const {legend: layer, paint} = line.dataset, codes = shown.get(layer);
        line.hidden = !((codes && codes.has(paint)) || (layer === "parcels" && statuses.has(paint)) || (layer === "enterprises" && chains.has(paint)));
      }
      for (const group of groups) group.hidden = [...group.querySelectorAll("[data-legend]")].every((line) => line.hidden);
      ringLine.hidden = rings.length === 0;
      wheelLine.hidden = wheels.length === 0;
      empty.hidden = rings.length > 0 || wheels.length > 0 || groups.some((group) => !group.hidden);
    },
  };
}
