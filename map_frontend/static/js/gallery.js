// A thing's page: its figures open in the lightbox; staff's upload gets its progress.
import {wire} from "./gallery/gallery.js";
import {wireUpload} from "./gallery/upload.js";

const section = document.querySelector("[data-gallery-page]");
const catalogue = JSON.parse(section.dataset.words);
const words = {
  text: (key, values = {}) => (catalogue[key] || key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? "")),
};

wire(section, words);
const form = section.querySelector("[data-upload]");
if (form) wireUpload(form, words);
