// Elements from plain values: text goes in as text, never as markup.

/** make("a", {href, class, onclick}, child, "text", ...): null and false children are left out. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Inner parts of an element for new ones. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter(Boolean));
}
