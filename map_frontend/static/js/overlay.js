// Labels, marks of plots, the towns' rings and the wheels of firms on one canvas over the map, with one collision grid for the viewport.
// Redrawn when the map comes to rest, never per tile: a label is never cut by a tile's edge.
import {Taken} from "./collide.js";
import {anchorsOf, holds, partsOf} from "./labels/anchors.js";
import {inLines, shortName} from "./labels/naming.js";
import {besideMark, placeLabels} from "./labels/placing.js";
import {drawRing, ringOf} from "./labels/rings.js";
import {FONT, measure, placeAt, write} from "./labels/text.js";
import {setOut, townGroups} from "./labels/towns.js";
import {besidePark, drawWheel, meets, parksInView, wheelOf} from "./labels/wheels.js";
import {drawMark} from "./shapes.js";
import {isCoarse} from "./tiles/layer.js";
import {stop} from "./tiles/paint.js";

const POINT = 1, WAY = 2, AREA = 3;
const RING_NAME = {size: 12, weight: 600, halo: 4.5};

/**
 * env: {colour, words, layers(), towns(), showsTowns(), firms(), chainMark(code), statusOrder(), groundLabels(), covered(),
 * onDrawn({shown, rings, wheels})}: `firms` are the places {towns, parks} whose industry structure is shown, `covered` the boxes of panels
 * over the map, `shown` is layer id -> codes of the paints in view.
 */
export function makeOverlay(L, map, env) {
  const canvas = L.DomUtil.create("canvas", "overlay leaflet-zoom-hide", map.getPane("labels"));
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  let groups = [], rings = [], wheels = [], due = 0, drawn = {labels: [], marks: [], rings: [], wheels: []};

  function fitCanvas() {
    const size = map.getSize(), pixel = Math.min(devicePixelRatio || 1, isCoarse() ? 1.5 : 2);
    canvas.width = size.x * pixel; canvas.height = size.y * pixel;
    canvas.style.width = `${size.x}px`; canvas.style.height = `${size.y}px`;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    context.setTransform(pixel, 0, 0, pixel, 0, 0);
    return size;
  }

  /** Words of one thing's label: its name in the reader's language, short, with the state of what does not stand there yet. */
  function wordsOf({props, layer, label: how}) {
    const {dashes} = layer.style;
    const name = how.field === "name" && env.words.isEnglish && props.name_en ? props.name_en : props[how.field];
    if (!name) return null;
    const state = dashes && dashes.patterns[props[dashes.field]] ? env.words.code(dashes.code_list, props[dashes.field]) : null;
    const short = shortName(name, layer.spec.id);
    return state ? env.words.text("map.named_state", {name: short, state}) : short;
  }

  /** What `placeLabels` needs of one thing, or null when it carries no name at this zoom. */
  function wish(thing, zoom, size) {
    const {label: how, paint, box, type, layer} = thing;
    if (!how || zoom < how.min_zoom || zoom > (how.max_zoom ?? 99) || zoom < (paint.min_zoom || 0)) return null;
    if (type === POINT && paint.yields && !thing.stands) return null; // a name without its mark would name nothing
    const isGround = layer.spec.group === "ground";
    if (isGround && (env.showsTowns() || groups.some(({codes}) => codes.includes(thing.props.code)))) return null; // named with its ring or wheel
    const text = wordsOf(thing);
    if (!text) return null;
    const lines = inLines(text, env.words.isEnglish ? 22 : 12), extent = measure(context, lines, how);
    const r = thing.stands ? thing.stands.r : 0, middle = (box[0] + box[2]) / 2, half = extent.height / 2;
    const at = (x, y) => placeAt(x, y, extent);
    let places;
    if (isGround) places = () => partsOf(thing, size).filter((part, i) => i === 0 || part.width > extent.width).map(({x, y}) => at(x, y));
    else if (type === AREA && how.beside) places = [1, 2].flatMap((row) => [at(middle, box[1] - (2 * row - 1) * (half + 3)), at(middle, box[3] + (2 * row - 1) * (half + 3))]).concat([at(thing.x, thing.y)]);
    else if (type === AREA && how.inside) places = () => [...(r ? [] : [at(thing.x, thing.y)]), ...besideMark(thing.x, thing.y, r || half, extent.width, extent.height)].filter((p) => holds(thing, p.box));
    else if (type === WAY || type === AREA) places = [at(thing.x, thing.y)];
    else places = besideMark(thing.x, thing.y, r, extent.width, extent.height);
    return {text, lines, style: how, rank: how.rank || 0, weight: thing.weight, apart: isGround ? Infinity : type === WAY ? 320 : 160, places};
  }

  function groundWishes() {
    return env.groundLabels().map(({text, lat, lng, style}) => {
      const lines = [text], p = map.latLngToContainerPoint([lat, lng]);
      return {text, lines, style, rank: style.rank, apart: Infinity, places: [placeAt(p.x, p.y, measure(context, lines, style))]};
    });
  }

  /** The towns' rings of plots and wheels of firms, side by side where a town has both. */
  function townEmblems(towns) {
    const plots = env.showsTowns() ? env.towns() : [];
    return townGroups(plots, towns, map, env.words).map((group) => setOut(group,
      group.plots.length ? ringOf(group.plots, group.name, env.statusOrder()) : null,
      group.firms.length ? wheelOf(group.firms, group.name) : null));
  }

  const boxOf = ({x, y, r}) => [x - r - 2, y - r - 2, x + r + 2, y + r + 2];

  /** Take the ground under every emblem and its name; one without a name says nothing, so its name may cover a point. */
  function placeTowns(taken, emblemsOnly) {
    for (const emblem of [...rings, ...wheels]) for (const grid of [taken, emblemsOnly]) grid.take(boxOf(emblem));
    for (const group of groups) {
      const {width, height} = measure(context, [group.name], RING_NAME), places = besideMark(group.x, group.y, group.r - 1, width, height, group.across - 1);
      group.label = places.find(({box}) => taken.isFree(box)) || places.find(({box}) => emblemsOnly.isFree(box));
      if (group.label) for (const grid of [taken, emblemsOnly]) grid.take(group.label.box);
    }
  }

  /** Wheels of parks where there is room beside them; the park's name goes with it unless it stands there already. */
  function placeParks(parks, things, taken, standing, allows) {
    for (const {place, at, box} of parksInView(parks, map)) {
      const wheel = wheelOf([place], shortName(place.name, place.collection));
      const spot = besidePark(box, wheel.r).find((one) => allows(one) && taken.isFree(one.box));
      if (!spot) continue;
      taken.take(spot.box);
      const shape = things.find(({layer, props}) => layer.spec.id === place.collection && props.code === place.code);
      Object.assign(wheel, {x: spot.x, y: spot.y});
      wheel.foot = meets(wheel, at, box, shape && ((x, y) => holds(shape, [x, y, x, y])));
      wheels.push(wheel);
      if (standing.some(({text}) => text === wheel.name)) continue;
      const {width, height} = measure(context, [wheel.name], RING_NAME);
      wheel.label = besideMark(wheel.x, wheel.y, wheel.r, width, height).find((one) => allows(one) && taken.tryTake(one.box));
    }
  }

  const stateOf = ({layer: {style: {dashes}}, props}) => (dashes && dashes.patterns[props[dashes.field]] ? props[dashes.field] : null);

  /** Marks that stand where there is room: of plots, and of points that yield. */
  function placeMarks(things, zoom, taken) {
    const marks = [];
    for (const thing of things) {
      const {paint, type} = thing;
      if (!paint.shape || !paint.mark || !(type === AREA || (type === POINT && paint.yields))) continue;
      if (paint.mark_if && !(Number(thing.props[paint.mark_if]) > 0)) continue;
      if (zoom < (paint.mark_min_zoom || 0) || zoom > (paint.mark_max_zoom ?? 99) || zoom < (paint.min_zoom || 0)) continue;
      const r = stop(paint.radius || [[0, 5]], zoom), box = [thing.x - r - 1, thing.y - r - 1, thing.x + r + 1, thing.y + r + 1];
      // A mark would hide a plot smaller than itself only where the plot could not be seen anyway.
      if (!taken.tryTake(box)) continue;
      thing.stands = {r};
      marks.push({box, draw: () => drawMark(context, paint.shape, thing.x, thing.y, r, env.colour(paint.mark), env.colour("surface"), stateOf(thing), paint.letter ? {letter: paint.letter, ink: env.colour("seal-ink")} : null)});
    }
    return marks;
  }

  /** layer id -> the paints (codes) that are on the screen, and "status:<code>" for what does not stand there yet. */
  function paintsIn(things, zoom) {
    const shown = new Map();
    for (const thing of things) {
      if (zoom < (thing.paint.min_zoom || 0)) continue;
      const id = thing.layer.spec.id;
      if (!shown.has(id)) shown.set(id, new Set());
      shown.get(id).add(thing.layer.style.caseOf(thing.props));
      if (stateOf(thing)) shown.get(id).add(`status:${stateOf(thing)}`);
    }
    return shown;
  }

  function draw() {
    due = 0;
    const size = fitCanvas(), taken = new Taken(), emblemsOnly = new Taken(), zoom = map.getZoom();
    const things = env.layers().flatMap((layer) => anchorsOf(layer, map).map((anchor) => ({...anchor, layer, paint: layer.style.paintOf(anchor.props), label: layer.spec.label})));
    const firms = env.firms();
    groups = townEmblems(firms.towns);
    [rings, wheels] = ["ring", "wheel"].map((kind) => groups.map((group) => group[kind]).filter(Boolean));
    // Points that do not yield stand in their tiles already: nothing may be written over them.
    const standing = [];
    for (const thing of things) {
      if (thing.type !== POINT || !thing.paint.shape || thing.paint.yields || zoom < (thing.paint.min_zoom || 0)) continue;
      const r = stop(thing.paint.radius || [[0, 4]], zoom);
      thing.stands = {r};
      standing.push([thing.x - r, thing.y - r, thing.x + r, thing.y + r]);
    }
    for (const box of standing) taken.take(box);
    placeTowns(taken, emblemsOnly);
    const wishes = (of) => of.map((thing) => wish(thing, zoom, size)).filter(Boolean);
    for (const box of env.covered()) taken.take(box); // no name half under a panel
    const isWhole = ({box}) => box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y;
    const first = things.filter(({label: how}) => how && how.beside);
    const labels = placeLabels(wishes(first), taken, isWhole);
    placeParks(firms.parks, things, taken, labels, isWhole);
    things.sort((a, b) => (b.paint.rank || 0) - (a.paint.rank || 0) || b.weight - a.weight);
    const marks = placeMarks(things, zoom, taken);
    labels.push(...placeLabels([...groundWishes(), ...wishes(things.filter(({label: how}) => how && !how.beside))], taken, isWhole));
    for (const mark of marks) mark.draw();
    for (const {lines, place, style} of labels) write(context, lines, place.x, place.y, style, env.colour);
    for (const ring of rings) drawRing(context, ring, env.colour, FONT);
    for (const wheel of wheels) {
      drawWheel(context, wheel, {colour: env.colour, marks: env.chainMark, unit: env.words.text("structure.unit", {n: wheel.total}), font: FONT});
    }
    const named = [...groups, ...wheels].filter(({label}) => label);
    for (const {name, label} of named) write(context, [name], label.x, label.y, RING_NAME, env.colour);
    const labelOf = (name) => named.find((one) => one.name === name)?.label.box || null;
    drawn = {
      labels: labels.map(({text, place, style}) => ({text, box: place.box, token: style.token})),
      marks: [...marks.map(({box}) => box), ...standing],
      rings: rings.map(({x, y, r, name}) => ({name, box: [x - r, y - r, x + r, y + r], label: labelOf(name)})),
      wheels: wheels.map(({x, y, r, name, key, total, parts}) => ({key, name, total, parts, box: [x - r, y - r, x + r, y + r], label: labelOf(name)})),
    };
    canvas.dataset.drawn = String(things.length + rings.length + wheels.length);
    env.onDrawn({shown: paintsIn(things, zoom), rings, wheels});
  }

  const later = () => { if (!due) due = requestAnimationFrame(draw); };
  map.on("moveend zoomend resize", later);
  return {
    redraw: later,
    /** The towns' ring under a container point, or null. */
    ringAt: (point) => rings.find((ring) => Math.hypot(ring.x - point.x, ring.y - point.y) <= ring.r + 2) || null,
    /** The wheel of firms under a container point, or null. */
    wheelAt: (point) => wheels.find((wheel) => Math.hypot(wheel.x - point.x, wheel.y - point.y) <= wheel.r + 2) || null,
    /** What stands on the canvas now: boxes of labels, marks, rings and wheels in container pixels. */
    drawn: () => drawn,
  };
}
