// One dialog for all pictures of a thing: arrows, Escape, swipe, zoom; panoramas open in a viewer that is loaded only then.
import {fill, make} from "../elements.js";

const SWIPE_PX = 50;

/** pictures: [{kind, screen, large, caption, credit}]; words.text(key, values). Returns {open(index, opener)}. */
export function makeLightbox(pictures, words) {
  let at = 0, opener = null, viewer = null, turn = 0, swipeFrom = null;
  const count = make("span", {"aria-live": "polite"});
  const stage = make("div", {class: "lightbox-stage", tabindex: "0"});
  const text = make("div", {class: "lightbox-text"});
  const button = (key, act) => make("button", {type: "button", onclick: act}, words.text(`gallery.${key}`));
  const previous = button("previous", () => go(at - 1)), next = button("next", () => go(at + 1));
  const zoom = button("zoom", () => setZoom(!stage.classList.contains("is-zoomed"))), close = button("close", () => dialog.close());
  const dialog = make("dialog", {class: "lightbox", "aria-label": words.text("gallery.title")},
    make("div", {class: "lightbox-bar"}, count, zoom, previous, next, close), stage, text);

  function setZoom(on) {
    stage.classList.toggle("is-zoomed", on);
    zoom.setAttribute("aria-pressed", String(on));
  }

  function leaveViewer() {
    if (viewer) viewer.destroy();
    viewer = null;
  }

  function say(picture, note) {
    fill(text, note ? make("span", {class: "lightbox-note", role: "status"}, note) : null,
      make("span", {}, picture.caption), picture.credit ? make("small", {}, picture.credit) : null);
  }

  async function lookAround(picture) {
    const mine = turn;
    fill(stage, make("img", {src: picture.screen, alt: picture.caption}));
    say(picture, words.text("gallery.loading"));
    try {
      const module = await import(document.querySelector("meta[name=panorama]").content);
      const made = await module.makePanorama(picture.large, words);
      if (mine !== turn || !dialog.open) return made.destroy();
      viewer = made;
      fill(stage, viewer.canvas, viewer.heading);
      viewer.start();
      say(picture, "");
      viewer.canvas.focus();
    } catch (error) {
      if (mine !== turn) return;
      stage.classList.add("is-flat");
      fill(stage, make("img", {src: picture.large, alt: picture.caption}));
      say(picture, words.text("gallery.flat"));
      stage.focus();
    }
  }

  function go(index) {
    if (index < 0 || index >= pictures.length) return;
    at = index;
    turn += 1;
    leaveViewer();
    setZoom(false);
    stage.classList.remove("is-flat");
    const picture = pictures[at], isRound = picture.kind === "panorama";
    previous.disabled = at === 0;
    next.disabled = at === pictures.length - 1;
    zoom.hidden = isRound;
    count.textContent = words.text("gallery.of", {n: at + 1, all: pictures.length});
    if (isRound) { lookAround(picture); return; }
    fill(stage, make("img", {src: picture.large, alt: picture.caption, draggable: "false"}));
    say(picture, "");
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const looks = viewer && document.activeElement === viewer.canvas;
    const moves = stage.classList.contains("is-zoomed") || stage.classList.contains("is-flat") || looks;
    const acts = {Home: () => go(0), End: () => go(pictures.length - 1), PageUp: () => go(at - 1), PageDown: () => go(at + 1)};
    if (!moves) Object.assign(acts, {ArrowLeft: () => go(at - 1), ArrowRight: () => go(at + 1)});
    if (!viewer) Object.assign(acts, {"+": () => setZoom(true), "=": () => setZoom(true), "-": () => setZoom(false)});
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  stage.addEventListener("pointerdown", (event) => { swipeFrom = viewer ? null : event.clientX; });
  stage.addEventListener("pointerup", (event) => {
    const moved = swipeFrom === null || stage.classList.contains("is-zoomed") || stage.classList.contains("is-flat") ? 0 : event.clientX - swipeFrom;
    if (Math.abs(moved) > SWIPE_PX) go(at + (moved < 0 ? 1 : -1));
    swipeFrom = null;
  });
  stage.addEventListener("dblclick", () => { if (!viewer) setZoom(!stage.classList.contains("is-zoomed")); });
  dialog.addEventListener("close", () => {
    turn += 1;
    leaveViewer();
    stage.replaceChildren();
    dialog.remove();
    if (opener && opener.isConnected) opener.focus();
  });

  return {
    open(index, from) {
      opener = from;
      document.body.append(dialog);
      dialog.showModal();
      close.focus();
      go(index);
    },
  };
}
