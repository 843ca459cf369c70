// Measuring and writing text on the overlay's canvas.
import {boxAround} from "./placing.js";

export const FONT = '"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Source Han Sans SC","Noto Sans CJK SC",system-ui,sans-serif';
const LINE = 1.25;

const fontOf = ({size, weight = 400, italic}) => `${italic ? "italic " : ""}${weight} ${size}px ${FONT}`;

/** {width, height} of lines of text in a style {size, weight, italic}. */
export function measure(context, lines, style) {
  context.font = fontOf(style);
  return {width: Math.max(...lines.map((line) => context.measureText(line).width)), height: lines.length * style.size * LINE};
}

/** The place of a text centred on (x, y). */
export const placeAt = (x, y, {width, height}) => ({x, y, box: boxAround(x, y, width, height)});

/** Write lines of text centred on (x, y), with a halo that parts them from what lies under them. */
export function write(context, lines, x, y, style, colour) {
  context.font = fontOf(style);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = style.halo || 3.5;
  context.strokeStyle = colour(style.halo_token || "label-halo");
  context.fillStyle = colour(style.token || "label");
  lines.forEach((line, i) => {
    const ly = y + (i - (lines.length - 1) / 2) * style.size * LINE;
    context.globalAlpha = 0.9;
    context.strokeText(line, x, ly);
    context.globalAlpha = 1;
    context.fillText(line, x, ly);
  });
}
