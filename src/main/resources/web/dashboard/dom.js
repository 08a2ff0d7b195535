// Making and changing elements. Texts go in as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/** An HTML element; functions among the attributes listen to the event of that name. */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Sets a text if it differs; with `flash` a change after the first is shown for a moment. */
export function setText(node, value, flash = false) {
  if (node.textContent === value) return;
  const first = node.textContent === "";
  node.textContent = value;
  if (!flash || first) return;
  node.classList.remove("changed");
  void node.offsetWidth; // restarts the animation
  node.classList.add("changed");
}

const kept = new WeakMap();

/** Makes the children of a parent those of the items, in their order, and keeps the elements of items that were there before. */
export function keyed(parent, items, idOf, make, update) {
  const before = kept.get(parent) ?? new Map();
  const after = new Map();
  items.forEach((item, place) => {
    const part = before.get(idOf(item)) ?? make(item);
    after.set(idOf(item), part);
    if (parent.children[place] !== part.node) parent.insertBefore(part.node, parent.children[place] ?? null);
    update(part, item);
  });
  while (parent.children.length > items.length) parent.lastElementChild.remove();
  kept.set(parent, after);
}

/** Calls once at the end of a burst, at the most each `milliseconds`. */
export function settled(action, milliseconds = 250) {
  let timer;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      action();
    }, milliseconds);
  };
}

let lastId = 0;
/** An id that no other element has. */
export const freshId = () => `part-${++lastId}`;
