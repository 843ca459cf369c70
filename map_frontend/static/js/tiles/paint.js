// Draws one decoded tile on a canvas. Grouped by style, filled in paths of at most 200 shapes: one path per style for
// a whole tile costs the software raster six times as much.
import {drawMark} from "../shapes.js";
import {AREA, LINE, POINT} from "./decode.js";
import {hatchPattern} from "./hatch.js";

const SHAPES_PER_PATH = 200;
const SMALL_PX = 2.5;

/** The value at `zoom` of [[zoom, value], ...], straight lines between. */
export function stop(stops, zoom) {
  let previous = stops[0];
  for (const next of stops) {
    if (zoom <= next[0]) {
      const span = next[0] - previous[0];
      return span ? previous[1] + ((zoom - previous[0]) / span) * (next[1] - previous[1]) : next[1];
    }
    previous = next;
  }
  return previous[1];
}

function trace(context, data, f, scale, close) {
  for (let ring = data.ringOf[f]; ring < data.ringOf[f + 1]; ring++) {
    const from = ring === 0 ? 0 : data.ringEnd[ring - 1], to = data.ringEnd[ring], p = data.points;
    context.moveTo(p[from * 2] * scale, p[from * 2 + 1] * scale);
    for (let i = from + 1; i < to; i++) context.lineTo(p[i * 2] * scale, p[i * 2 + 1] * scale);
    if (close) context.closePath();
  }
}

function inPaths(context, data, members, scale, close, draw) {
  for (let start = 0; start < members.length; start += SHAPES_PER_PATH) {
    context.beginPath();
    const end = Math.min(start + SHAPES_PER_PATH, members.length);
    for (let i = start; i < end; i++) trace(context, data, members[i], scale, close);
    draw();
  }
}

function paintAreas(context, data, group, env) {
  const {scale, zoom, colour} = env, {paint} = group;
  const small = [], large = [];
  for (const f of group.areas) {
    const b = f * 4;
    const isSmall = (data.box[b + 2] - data.box[b]) * scale < SMALL_PX && (data.box[b + 3] - data.box[b + 1]) * scale < SMALL_PX;
    (isSmall ? small : large).push(f);
  }
  if (paint.fill) {
    context.fillStyle = colour(paint.fill);
    context.globalAlpha = paint.fill_alpha === undefined ? 1 : paint.fill_alpha;
    inPaths(context, data, large, scale, true, () => context.fill("nonzero"));
    context.globalAlpha = Math.max(context.globalAlpha, 0.8);
    for (const f of small) {
      const b = f * 4;
      context.fillRect(data.box[b] * scale, data.box[b + 1] * scale,
        Math.max(1, (data.box[b + 2] - data.box[b]) * scale), Math.max(1, (data.box[b + 3] - data.box[b + 1]) * scale));
    }
    context.globalAlpha = 1;
  }
  if (paint.hatch) {
    context.fillStyle = hatchPattern(context, colour(paint.hatch), env.pixel, paint.hatch_form);
    inPaths(context, data, large, scale, true, () => context.fill("nonzero"));
  }
  if (paint.line && zoom >= (paint.line_min_zoom || 0)) {
    context.strokeStyle = colour(paint.line);
    context.lineWidth = stop(paint.line_width || [[0, 1]], zoom) * env.pixel;
    context.setLineDash((paint.dash || []).map((d) => d * env.pixel));
    inPaths(context, data, large, scale, true, () => context.stroke());
    context.setLineDash([]);
  }
}

function strokeUnder(context, data, group, env, token, width) {
  context.strokeStyle = env.colour(token);
  context.lineWidth = width * env.pixel;
  inPaths(context, data, group.areas, env.scale, true, () => context.stroke());
}

function dashOf(dashes, props, base) {
  return (dashes && dashes.patterns[props[dashes.field]]) || base || [];
}

function paintLines(context, data, groups, env) {
  context.lineJoin = context.lineCap = "round";
  for (const {paint, lines} of groups) {
    if (!lines.length || !paint.halo) continue;
    context.strokeStyle = env.colour(paint.halo);
    context.lineWidth = (stop(paint.line_width || [[0, 1]], env.zoom) + paint.halo_width) * env.pixel;
    inPaths(context, data, lines, env.scale, false, () => context.stroke());
  }
  for (const isCasing of [true, false]) {
    for (const {paint, lines} of groups) {
      if (!lines.length || !(isCasing ? paint.casing : paint.line)) continue;
      const width = stop(paint.line_width || [[0, 1]], env.zoom);
      const byDash = new Map();
      for (const f of lines) {
        const dash = dashOf(env.dashes, data.props[f], paint.dash);
        const key = dash.join();
        if (!byDash.has(key)) byDash.set(key, {dash, members: []});
        byDash.get(key).members.push(f);
      }
      for (const {dash, members} of byDash.values()) {
        // What does not stand there yet has no casing: only dashes in the casing's colour.
        if (isCasing && dash.length) continue;
        context.strokeStyle = env.colour(isCasing || (dash.length && paint.casing) ? paint.casing : paint.line);
        context.lineWidth = (width + (isCasing ? paint.casing_width || 0 : 0)) * env.pixel;
        context.lineCap = dash.length ? "butt" : "round";
        context.setLineDash(dash.map((d) => d * env.pixel));
        inPaths(context, data, members, env.scale, false, () => context.stroke());
      }
    }
  }
  context.setLineDash([]);
}

function paintPoints(context, data, group, env) {
  const {paint, points} = group;
  const colour = env.colour(paint.mark || paint.fill), halo = env.colour("surface");
  const radius = stop(paint.radius || [[0, 4]], env.zoom) * env.pixel;
  for (const f of points) {
    const many = data.props[f].n;
    const r = many > 1 ? radius * Math.min(2, 0.7 + Math.log10(many) / 2) : radius;
    for (let ring = data.ringOf[f]; ring < data.ringOf[f + 1]; ring++) {
      for (let i = ring === 0 ? 0 : data.ringEnd[ring - 1]; i < data.ringEnd[ring]; i++) {
        drawMark(context, paint.shape || "dot", data.points[i * 2] * env.scale, data.points[i * 2 + 1] * env.scale, r, colour, halo, env.dashes && env.dashes.patterns[data.props[f][env.dashes.field]] ? data.props[f][env.dashes.field] : null);
      }
    }
  }
}

/** Cells that stand for many things: the more, the darker. */
function paintCells(context, data, members, env, token) {
  context.fillStyle = env.colour(token);
  for (const f of members) {
    const b = f * 4;
    context.globalAlpha = Math.min(0.85, 0.25 + Math.log10(1 + data.props[f].n) * 0.22);
    context.fillRect(data.box[b] * env.scale, data.box[b + 1] * env.scale,
      (data.box[b + 2] - data.box[b]) * env.scale, (data.box[b + 3] - data.box[b + 1]) * env.scale);
  }
  context.globalAlpha = 1;
}

/** Sort the features of a tile into one group per paint, in the order of the layer's cases. */
function group(data, style, zoom, isShown) {
  const groups = new Map();
  for (const code of [...Object.keys(style.cases), "*"]) groups.set(code, {paint: style.cases[code] || style.other, areas: [], lines: [], points: []});
  const cells = [];
  for (let f = 0; f < data.n; f++) {
    if (!isShown(f)) continue;
    if (data.props[f].n !== undefined && data.type[f] === AREA) { cells.push(f); continue; }
    const entry = groups.get(style.caseOf(data.props[f]));
    if (zoom < (entry.paint.min_zoom || 0)) continue;
    if (data.type[f] === AREA) entry.areas.push(f);
    else if (data.type[f] === LINE) entry.lines.push(f);
    else if (data.type[f] === POINT) entry.points.push(f);
  }
  return {groups: [...groups.values()], cells};
}

/**
 * Draw `data` on `canvas`, whose side is `size` CSS pixels at `pixel` device pixels each.
 * env: {style, zoom, colour(token), isShown(index)}.
 */
export function paintTile(canvas, data, size, pixel, env) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  const scale = (size * pixel) / data.extent;
  const {groups, cells} = group(data, env.style, env.zoom, env.isShown);
  const full = {...env, scale, pixel, dashes: env.style.dashes};
  if (cells.length) paintCells(context, data, cells, full, env.style.other.mark || env.style.other.line || env.style.other.fill);
  for (const g of groups) if (g.paint.halo && g.areas.length) strokeUnder(context, data, g, full, g.paint.halo, g.paint.halo_width);
  for (const g of groups) if (g.paint.casing && g.areas.length) strokeUnder(context, data, g, full, g.paint.casing, g.paint.casing_width * 2);
  for (const g of groups) if (g.areas.length) paintAreas(context, data, g, full);
  paintLines(context, data, groups, full);
  // Points that yield stand on the overlay, which knows what there is room for.
  for (const g of groups) if (g.points.length && !g.paint.yields && (g.paint.shape || g.paint.mark)) paintPoints(context, data, g, full);
}
