// Labels, marks of plots and the towns' rings on one canvas over the map, with one collision grid for the viewport.
// Redrawn when the map comes to rest, never per tile: a label is never cut by a tile's edge.
import {Taken} from "./collide.js";
import {drawMark} from "./shapes.js";
import {isCoarse} from "./tiles/layer.js";
import {stop} from "./tiles/paint.js";

const FONT = '"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Source Han Sans SC","Noto Sans CJK SC",system-ui,sans-serif';
const MARGIN = 60;

/** Everything of one layer that may carry a mark or a label, one entry per feature: {props, x, y, w, h, paint, id}. */
function anchorsOf(layer, map) {
  const found = new Map(), stretch = map.getZoomScale(map.getZoom(), layer._tileZoom);
  if (layer._tileZoom === undefined || stretch > 1.5 || stretch < 0.66) return found;
  const origin = map.containerPointToLayerPoint([0, 0]).add(map.getPixelOrigin());
  layer.eachTile((canvas, isCurrent) => {
    if (!isCurrent) return;
    const {data, coords} = canvas.tile, side = layer.SIZE * stretch, k = side / data.extent;
    const left = coords.x * side - origin.x, top = coords.y * side - origin.y;
    for (let f = 0; f < data.n; f++) {
      const props = data.props[f];
      if (props.n > 1 || !layer.isShown(props)) continue;
      const b = f * 4, w = data.weight[f] || 1e-6;
      const x1 = left + data.box[b] * k, y1 = top + data.box[b + 1] * k, x2 = left + data.box[b + 2] * k, y2 = top + data.box[b + 3] * k;
      const x = left + data.cx[f] * k, y = top + data.cy[f] * k;
      const key = data.ids[f] < 0 ? props.code : data.ids[f];
      const old = found.get(key);
      if (!old) {
        found.set(key, {props, id: data.ids[f], type: data.type[f], weight: w, x, y, box: [x1, y1, x2, y2]});
      } else if (data.type[f] === 3) {
        const sum = old.weight + w;
        old.x = (old.x * old.weight + x * w) / sum; old.y = (old.y * old.weight + y * w) / sum; old.weight = sum;
        old.box = [Math.min(old.box[0], x1), Math.min(old.box[1], y1), Math.max(old.box[2], x2), Math.max(old.box[3], y2)];
      } else if (w > old.weight) {
        Object.assign(old, {x, y, weight: w});
      }
    }
  });
  return found;
}

/** Break a name in two lines where it is long: Chinese anywhere, else at the blank nearest to the middle. */
function lines(text, limit = 12) {
  if (text.length <= limit) return [text];
  const middle = text.length / 2;
  if (/\s/.test(text)) {
    let best = -1;
    for (let i = 0; i < text.length; i++) if (text[i] === " " && Math.abs(i - middle) < Math.abs(best - middle)) best = i;
    return best > 0 ? [text.slice(0, best), text.slice(best + 1)] : [text];
  }
  return [text.slice(0, Math.ceil(middle)), text.slice(Math.ceil(middle))];
}

export function makeOverlay(L, map, env) {
  const canvas = L.DomUtil.create("canvas", "overlay leaflet-zoom-hide", map.getPane("labels"));
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  let pixel = 1, rings = [], due = 0, written = new Map();

  function writeText(text, x, y, {size, weight = 400, token = "label"}) {
    context.font = `${weight} ${size}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    context.strokeStyle = env.colour("label-halo");
    context.fillStyle = env.colour(token);
    text.forEach((line, i) => {
      const ly = y + (i - (text.length - 1) / 2) * size * 1.25;
      context.globalAlpha = 0.9;
      context.strokeText(line, x, ly);
      context.globalAlpha = 1;
      context.fillText(line, x, ly);
    });
  }

  function textBox(text, x, y, size, weight) {
    context.font = `${weight || 400} ${size}px ${FONT}`;
    const w = Math.max(...text.map((line) => context.measureText(line).width)) / 2 + 2, h = (text.length * size * 1.25) / 2 + 1;
    return [x - w, y - h, x + w, y + h];
  }

  function drawRing(ring) {
    const {x, y, r, parts, total, name} = ring;
    context.beginPath(); context.arc(x, y, r + 1.5, 0, 7); context.fillStyle = env.colour("surface"); context.fill();
    let from = -Math.PI / 2;
    for (const [token, count] of parts) {
      const to = from + (count / total) * 2 * Math.PI;
      context.beginPath(); context.arc(x, y, r - 3, from, to);
      context.lineWidth = 6; context.lineCap = "butt"; context.strokeStyle = env.colour(token); context.stroke();
      from = to;
    }
    context.font = `700 ${r > 20 ? 15 : 13}px ${FONT}`;
    context.textAlign = "center"; context.textBaseline = "middle";
    context.fillStyle = env.colour("ink");
    context.fillText(String(total), x, y + 0.5);
    if (ring.label) writeText([name], ring.label[0], ring.label[1], {size: 12, weight: 600});
  }

  /** Rings as near as 46 px become one: the larger keeps its place. */
  function mergedRings() {
    const placed = [];
    for (const town of env.towns()) {
      const p = map.latLngToContainerPoint([town.lat, town.lon]);
      const near = placed.find((other) => Math.hypot(other.x - p.x, other.y - p.y) < 46);
      if (near) { near.towns.push(town); near.total += town.n; } else placed.push({x: p.x, y: p.y, total: town.n, towns: [town]});
    }
    return placed.map((ring) => {
      const sums = new Map();
      for (const town of ring.towns) for (const [code, count] of Object.entries(town.by)) sums.set(code, (sums.get(code) || 0) + count);
      const parts = env.statusOrder().filter(([code]) => sums.get(code)).map(([code, token]) => [token, sums.get(code)]);
      const name = ring.towns.length > 1 ? env.words.text("map.towns_merged", {name: ring.towns[0].name, n: ring.towns.length, more: ring.towns.length - 1}) : ring.towns[0].name;
      return {...ring, parts, name, r: Math.min(30, 15 + Math.sqrt(ring.total))};
    });
  }

  function place() {
    const size = map.getSize();
    pixel = Math.min(devicePixelRatio || 1, isCoarse() ? 1.5 : 2);
    canvas.width = size.x * pixel; canvas.height = size.y * pixel;
    canvas.style.width = `${size.x}px`; canvas.style.height = `${size.y}px`;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    context.setTransform(pixel, 0, 0, pixel, 0, 0);
    return size;
  }

  /** Write the name of one thing where there is room for it. */
  function label(w, zoom, taken) {
    const {label: how, props, paint, box} = w;
    if (zoom < how.min_zoom || zoom > how.max_zoom || zoom < (paint.min_zoom || 0)) return;
    const name = env.words.isEnglish && props.name_en ? props.name_en : props[how.field];
    if (!name || (env.showsTowns() && w.layer.spec.group === "ground")) return;
    const text = lines(String(name), env.words.isEnglish ? 22 : 12), half = (text.length * how.size * 1.25) / 2;
    const r = w.markRadius || (w.type === 1 ? stop(paint.radius || [[0, 5]], zoom) : 0);
    const middle = (box[0] + box[2]) / 2;
    // A plot much narrower than its name stays without.
    if (w.type === 3 && !how.beside) {
      const [x1, , x2] = textBox(text, 0, 0, how.size, how.weight);
      if (x2 - x1 > (box[2] - box[0]) * 1.6) return;
    }
    const places = how.beside ? [[middle, box[1] - half - 3], [middle, box[3] + half + 3], [w.x, w.y]] : [[w.x, r ? w.y + r + 4 + half : w.y]];
    const isWay = w.type === 2;
    if (isWay && (written.get(name) || []).some(([x, y]) => Math.hypot(x - w.x, y - w.y) < 320)) return;
    const place = places.find(([x, y]) => taken.tryTake(textBox(text, x, y, how.size, how.weight)));
    if (!place) return;
    writeText(text, place[0], place[1], how);
    if (isWay) written.set(name, [...(written.get(name) || []), place]);
  }

  function draw() {
    due = 0;
    written = new Map(); // a road's name is not repeated within sight of itself
    const size = place(), taken = new Taken(), ringsOnly = new Taken(), zoom = map.getZoom(), wanted = [];
    rings = env.showsTowns() ? mergedRings() : [];
    for (const ring of rings) for (const grid of [taken, ringsOnly]) grid.take([ring.x - ring.r, ring.y - ring.r, ring.x + ring.r, ring.y + ring.r]);
    for (const layer of env.layers()) {
      for (const anchor of anchorsOf(layer, map).values()) {
        if (anchor.x < -MARGIN || anchor.y < -MARGIN || anchor.x > size.x + MARGIN || anchor.y > size.y + MARGIN) continue;
        wanted.push({...anchor, layer, paint: layer.style.paintOf(anchor.props), label: layer.spec.label});
      }
    }
    // Points stand in their tiles already: nothing may be written over them.
    for (const w of wanted) {
      if (w.type !== 1 || !w.paint.shape || zoom < (w.paint.min_zoom || 0)) continue;
      const r = stop(w.paint.radius || [[0, 4]], zoom);
      taken.take([w.x - r, w.y - r, w.x + r, w.y + r]);
    }
    for (const ring of rings) {
      const box = ([x, y]) => textBox([ring.name], x, y, 12, 600);
      const places = [[0, ring.r + 10], [0, -ring.r - 10], [ring.r + 34, 0], [-ring.r - 34, 0]].map(([dx, dy]) => [ring.x + dx, ring.y + dy]);
      // A ring without a name says nothing: rather than that, its name may cover a point.
      ring.label = places.find((at) => taken.isFree(box(at))) || places.find((at) => ringsOnly.isFree(box(at)));
      if (ring.label) for (const grid of [taken, ringsOnly]) grid.take(box(ring.label));
    }
    const labelled = [...wanted].sort((a, b) => ((b.label && b.label.rank) || 0) - ((a.label && a.label.rank) || 0) || b.weight - a.weight);
    for (const w of labelled) if (w.label && w.label.beside) label(w, zoom, taken);
    wanted.sort((a, b) => (b.paint.rank || 0) - (a.paint.rank || 0) || b.weight - a.weight);
    for (const w of wanted) {
      const {paint} = w;
      const isPlot = w.type === 3 && paint.mark && paint.shape;
      if (paint.mark_if && !(Number(w.props[paint.mark_if]) > 0)) continue;
      if (!isPlot || zoom < (paint.mark_min_zoom || 0) || zoom > (paint.mark_max_zoom ?? 99)) continue;
      const r = stop(paint.radius || [[0, 5]], zoom);
      // A mark would hide a plot smaller than itself only where the plot could not be seen anyway.
      if (taken.tryTake([w.x - r - 1, w.y - r - 1, w.x + r + 1, w.y + r + 1])) {
        drawMark(context, paint.shape, w.x, w.y, r, env.colour(paint.mark), env.colour("surface"));
        w.markRadius = r;
      }
    }
    for (const w of labelled) if (w.label && !w.label.beside) label(w, zoom, taken);
    rings.forEach(drawRing);
    canvas.dataset.drawn = String(wanted.length + rings.length);
  }

  const later = () => { if (!due) due = requestAnimationFrame(draw); };
  map.on("moveend zoomend resize", later);
  return {
    redraw: later,
    /** The towns' ring under a container point, or null. */
    ringAt: (point) => rings.find((ring) => Math.hypot(ring.x - point.x, ring.y - point.y) <= ring.r + 2) || null,
  };
}
