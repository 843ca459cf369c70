// The pictures of a thing wherever it is shown: asked of /v1, built as figures, opened in the lightbox.
import {make} from "../elements.js";
import {makeLightbox} from "./lightbox.js";

/** Wire links that carry a picture (server's own, or those built here) to one lightbox. */
export function wire(root, words) {
  const links = [...root.querySelectorAll("[data-picture]")];
  if (!links.length) return;
  const box = makeLightbox(links.map((link) => ({kind: link.dataset.kind, screen: link.dataset.screen, large: link.href,
    caption: link.dataset.caption, credit: link.dataset.credit})), words);
  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    box.open(index, link);
  }));
}

function figure(picture, index, words) {
  const caption = (words.isEnglish ? picture.caption_en || picture.caption : picture.caption || picture.caption_en) || words.text(`gallery.kind.${picture.kind}`);
  const credit = [picture.taken_on, picture.place, picture.author, picture.licence].filter(Boolean).join(" · ");
  const {thumb, screen, panorama} = picture.sizes, isRound = picture.kind === "panorama";
  return make("li", {}, make("figure", {},
    make("a", {class: "gallery-link", href: (isRound && panorama ? panorama : screen).href, "data-picture": index, "data-kind": picture.kind,
      "data-screen": screen.href, "data-caption": caption, "data-credit": credit},
      make("img", {src: index ? thumb.href : screen.href, width: screen.width_px, height: screen.height_px, alt: caption, loading: index ? "lazy" : null}),
      isRound ? make("span", {class: "badge gallery-round"}, words.text("gallery.kind.panorama")) : null,
      picture.is_drawn ? make("span", {class: "badge sample gallery-drawn"}, words.text("gallery.drawn")) : null),
    make("figcaption", {}, caption, make("small", {}, credit))));
}

/**
 * Put the pictures of a thing at the head of `element`; what stands there (a drawn plot) steps back when there are any.
 * Resolves to how many there are; without an answer of the server the element stays as it is.
 */
export async function mountGallery(element, {collection, code, county, words, signal}) {
  const query = county ? `?county=${encodeURIComponent(county)}` : "";
  const answer = await fetch(`/v1/${collection}/${encodeURIComponent(code)}/pictures${query}`, {signal});
  if (!answer.ok) return 0;
  const pictures = (await answer.json()).pictures.filter((picture) => !picture.is_withdrawn);
  if (!pictures.length) return 0;
  const row = make("ul", {class: "gallery-row is-small"}, pictures.map((picture, index) => figure(picture, index, words)));
  element.prepend(row);
  element.classList.add("has-pictures");
  wire(row, words);
  return pictures.length;
}

/** Covers of many things for a list: code -> {href, caption, pictures, has_panorama}; a thing without one is not in it. */
export async function covers(collection, codes, {county, signal} = {}) {
  const query = new URLSearchParams({collection, codes: codes.join(",")});
  if (county) query.set("county", county);
  const answer = await fetch(`/v1/pictures/covers?${query}`, {signal});
  return answer.ok ? answer.json() : {};
}

/** Mount a gallery on every `[data-gallery]` (data-collection, data-code) that stands in `root` or comes into it later. */
export function watchGalleries(root, {words, county}) {
  const mounted = new WeakSet();
  const look = () => {
    for (const element of root.querySelectorAll("[data-gallery]")) {
      if (mounted.has(element)) continue;
      mounted.add(element);
      const {collection, code} = element.dataset;
      mountGallery(element, {collection, code, county, words}).catch(() => { /* no answer: the drawn plot stays */ });
    }
  };
  new MutationObserver(look).observe(root, {childList: true, subtree: true});
  look();
}
