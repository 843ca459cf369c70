// Which towns share one emblem: those too near to one another on the screen. An emblem is a ring of plots, a wheel of firms, or both.

/** Emblems nearer than this many pixels become one: the larger keeps its place. */
const MERGE_WITHIN = 46;
/** A ring and a wheel side by side need more room. */
const PAIR = {across: 116, down: 68};

const isNearAlone = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < MERGE_WITHIN;
const isNearAsPair = (a, b) => Math.abs(a.x - b.x) < PAIR.across && Math.abs(a.y - b.y) < PAIR.down;

/**
 * [{x, y, name, codes, plots: [town], firms: [place]}] at the present view. `plots` and `firms` are towns {code, name, lon, lat, n}, each the
 * largest first; a group stands at the place of its first.
 */
export function townGroups(plots, firms, map, words) {
  const isNear = plots.length && firms.length ? isNearAsPair : isNearAlone, groups = [], byCode = new Map();
  for (const [kind, towns] of [["plots", plots], ["firms", firms]]) {
    for (const town of towns) {
      let group = byCode.get(town.code);
      if (!group) {
        const p = map.latLngToContainerPoint([town.lat, town.lon]);
        group = groups.find((other) => isNear(other, p));
        if (!group) groups.push(group = {x: p.x, y: p.y, names: [], codes: [], plots: [], firms: []});
        group.names.push(town.name);
        group.codes.push(town.code);
        byCode.set(town.code, group);
      }
      group[kind].push(town);
    }
  }
  return groups.map(({names, ...group}) => {
    const n = names.length, [name] = names;
    return {...group, name: n > 1 ? words.text("map.towns_merged", {name, n, more: n - 1}) : name};
  });
}

/** A group with its ring (of `radius`) and its wheel in place: side by side where it has both. */
export function setOut(group, ring, wheel) {
  const shift = ring && wheel ? [-(ring.r + 2), wheel.r + 2] : [0, 0];
  if (ring) Object.assign(ring, {x: group.x + shift[0], y: group.y});
  if (wheel) Object.assign(wheel, {x: group.x + shift[1], y: group.y});
  const both = [ring, wheel].filter(Boolean);
  return {...group, ring, wheel, r: Math.max(...both.map(({r}) => r)), across: ring && wheel ? ring.r + wheel.r + 2 : both[0].r};
}
