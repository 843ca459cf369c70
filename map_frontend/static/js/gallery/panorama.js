// 全景: an equirectangular picture on the inside of a sphere, drawn by one fragment shader. Loaded only when one is opened.
import {make} from "../elements.js";

const VERTEX = "attribute vec2 p; varying vec2 v; void main() { v = p; gl_Position = vec4(p, 0.0, 1.0); }";
const FRAGMENT = `precision highp float;
varying vec2 v; uniform sampler2D picture; uniform vec2 lens; uniform vec2 turn;
const float PI = 3.141592653589793;
void main() {
  vec3 d = normalize(vec3(v.x * lens.x, v.y * lens.y, 1.0));
  float c = cos(turn.y), s = sin(turn.y);
  d = vec3(d.x, d.y * c + d.z * s, d.z * c - d.y * s);
  float lon = atan(d.x, d.z) + turn.x, lat = asin(clamp(d.y, -1.0, 1.0));
  gl_FragColor = texture2D(picture, vec2(fract(lon / (2.0 * PI) + 0.5), 0.5 - lat / PI));
}`;
const NAMES = ["north", "east", "south", "west"];
const RADIAN = Math.PI / 180, STEP_DEG = 6, PITCH_MAX_DEG = 85, VIEW = {start: 80, min: 30, max: 110};

async function load(href, most) {
  const image = new Image();
  image.src = href;
  await image.decode();
  if (image.naturalWidth <= most) return image;
  const canvas = make("canvas", {width: most, height: most / 2});
  canvas.getContext("2d").drawImage(image, 0, 0, most, most / 2);
  return canvas;
}

function program(gl) {
  const made = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error("the shader does not link");
  gl.useProgram(made);
  return made;
}

/** The middle of the picture is north. Rejects where there is no WebGL or the picture cannot be read. */
export async function makePanorama(href, words) {
  const canvas = make("canvas", {tabindex: "0", role: "img", "aria-label": words.text("gallery.look"), "data-panorama": true});
  const heading = make("p", {class: "lightbox-heading", "aria-live": "polite"});
  const gl = canvas.getContext("webgl", {antialias: false, preserveDrawingBuffer: true});
  if (!gl) throw new Error("no WebGL");
  const image = await load(href, gl.getParameter(gl.MAX_TEXTURE_SIZE));
  const made = program(gl), lens = gl.getUniformLocation(made, "lens"), turn = gl.getUniformLocation(made, "turn");
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 3, -1, -1, 3]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(gl.getAttribLocation(made, "p"));
  gl.vertexAttribPointer(gl.getAttribLocation(made, "p"), 2, gl.FLOAT, false, 0, 0);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB, gl.RGB, gl.UNSIGNED_BYTE, image);
  for (const [name, value] of [[gl.TEXTURE_MIN_FILTER, gl.LINEAR], [gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE], [gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE]]) {
    gl.texParameteri(gl.TEXTURE_2D, name, value);
  }

  let yaw = 0, pitch = 0, view = VIEW.start, waiting = false, from = null;
  const fingers = new Map();
  let spread = 0;

  function draw() {
    waiting = false;
    const width = Math.max(1, Math.round(canvas.clientWidth * Math.min(devicePixelRatio, 2))), height = Math.max(1, Math.round(canvas.clientHeight * Math.min(devicePixelRatio, 2)));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
    gl.viewport(0, 0, width, height);
    const side = Math.tan((view * RADIAN) / 2), long = Math.max(width, height);
    gl.uniform2f(lens, (side * width) / long, (side * height) / long);
    gl.uniform2f(turn, yaw * RADIAN, pitch * RADIAN);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const degrees = Math.round((yaw + 360) % 360) % 360;
    const name = words.text(`gallery.${NAMES[Math.round(degrees / 90) % 4]}`);
    heading.textContent = words.text("gallery.heading", {degrees, name});
    canvas.dataset.yaw = String(degrees);
  }
  function ask() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }
  function look(yawBy, pitchBy, viewBy = 0) {
    yaw = (yaw + yawBy + 360) % 360;
    pitch = Math.max(-PITCH_MAX_DEG, Math.min(PITCH_MAX_DEG, pitch + pitchBy));
    view = Math.max(VIEW.min, Math.min(VIEW.max, view + viewBy));
    ask();
  }

  canvas.addEventListener("keydown", (event) => {
    const move = {ArrowLeft: [-STEP_DEG, 0], ArrowRight: [STEP_DEG, 0], ArrowUp: [0, STEP_DEG], ArrowDown: [0, -STEP_DEG],
      "+": [0, 0, -STEP_DEG], "=": [0, 0, -STEP_DEG], "-": [0, 0, STEP_DEG]}[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    look(...move);
  });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); look(0, 0, Math.sign(event.deltaY) * 4); }, {passive: false});
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    from = [event.clientX, event.clientY];
    spread = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 2) {
      const [[ax, ay], [bx, by]] = [...fingers.values()], now = Math.hypot(ax - bx, ay - by);
      if (spread) look(0, 0, (spread - now) / 6);
      spread = now;
      return;
    }
    const perPixel = view / Math.max(canvas.clientWidth, canvas.clientHeight, 1);
    look((from[0] - event.clientX) * perPixel, (event.clientY - from[1]) * perPixel);
    from = [event.clientX, event.clientY];
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, (event) => { fingers.delete(event.pointerId); spread = 0; const left = [...fingers.values()][0]; if (left) from = left; });

  const sized = new ResizeObserver(ask);
  return {
    canvas,
    heading,
    start() { sized.observe(canvas); draw(); },
    destroy() {
      sized.disconnect();
      const lose = gl.getExtension("WEBGL_lose_context");
      if (lose) lose.loseContext();
      canvas.remove();
    },
  };
}
