// How states look: each has a shape of its own, so that nobody needs to tell colours apart.

import { h, s } from "./dom.js";
import { number, t } from "./i18n.js";

/** Draws the sign of a state on a canvas. `colours` are by state, and `paper` for what is left out. */
export function drawState(context, state, x, y, size, colours) {
  context.fillStyle = colours[state];
  context.strokeStyle = colours[state];
  context.lineWidth = Math.max(1, size * 0.28);
  context.beginPath();
  if (state === "free") {
    context.arc(x, y, size, 0, 2 * Math.PI);
    context.fill();
  } else if (state === "occupied") {
    const half = size * 0.82;
    context.rect(x - half, y - half, 2 * half, 2 * half);
    context.fill();
  } else if (state === "unknown") {
    context.moveTo(x, y - size);
    context.lineTo(x + size, y);
    context.lineTo(x, y + size);
    context.lineTo(x - size, y);
    context.closePath();
    context.fillStyle = colours.paper;
    context.fill();
    context.stroke();
  } else {
    const arm = size * 0.8;
    context.moveTo(x - arm, y - arm);
    context.lineTo(x + arm, y + arm);
    context.moveTo(x + arm, y - arm);
    context.lineTo(x - arm, y + arm);
    context.lineWidth = Math.max(1.5, size * 0.42);
    context.stroke();
  }
}

/** The same sign as an image in a text. */
export function sign(state) {
  const shapes = {
    free: () => s("circle", { cx: 8, cy: 8, r: 6 }),
    occupied: () => s("rect", { x: 3, y: 3, width: 10, height: 10 }),
    unknown: () => s("path", { d: "M8 2.5 13.5 8 8 13.5 2.5 8Z" }),
    closed: () => s("path", { d: "M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5" }),
  };
  return s("svg", { class: `sign sign-${state}`, viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, shapes[state]());
}

/** The key of the signs, with how many of each there are if that is known. */
export function legend(states, numbers) {
  return h("ul", { class: "key", "aria-label": t("legend") }, states.map((state) => h("li", {}, sign(state), numbers ? `${number(numbers[state])} ${t(state)}` : t(state))));
}

const SHAPES = {
  free: (x, y) => s("circle", { class: "sign-free", cx: x, cy: y, r: 5 }),
  occupied: (x, y) => s("rect", { class: "sign-occupied", x: x - 4, y: y - 4, width: 8, height: 8 }),
  unknown: (x, y) => s("path", { class: "sign-unknown", d: `M${x} ${y - 4.6}l4.6 4.6l-4.6 4.6l-4.6 -4.6Z` }),
  closed: (x, y) => s("path", { class: "sign-closed", d: `M${x - 3.6} ${y - 3.6}l7.2 7.2M${x + 3.6} ${y - 3.6}l-7.2 7.2` }),
};

/** The spaces of a place in their order, a sign each: a plan in small. */
export class Strip {
  static most = 60;
  static #step = 13.5;
  static #row = 20;

  constructor() {
    this.svg = s("svg", { role: "img" });
    this.node = h("span", { class: "strip" }, this.svg);
  }

  show(spots, numbers) {
    const step = Strip.#step;
    const columns = Math.min(Strip.#row, Math.max(1, spots.length));
    const rows = Math.ceil(spots.length / columns);
    const size = `0 0 ${columns * step} ${rows * step}`;
    if (this.svg.getAttribute("viewBox") !== size) {
      this.svg.setAttribute("viewBox", size);
      this.svg.setAttribute("width", columns * step);
      this.svg.setAttribute("height", rows * step);
    }
    this.svg.setAttribute("aria-label", words(numbers));
    const states = spots.map((spot) => spot.state).join();
    if (states === this.states) return;
    this.states = states;
    this.svg.replaceChildren(...spots.map((spot, place) => SHAPES[spot.state]((place % columns + 0.5) * step, (Math.floor(place / columns) + 0.5) * step)));
  }
}

const words = ({ free, occupied, unknown, closed }) => t("barLabel", { free: number(free ?? 0), taken: number(occupied ?? 0), unknown: number(unknown ?? 0), closed: number(closed ?? 0) });

/** A bar of shares: free, taken, unknown, closed. */
export class ShareBar {
  constructor() {
    this.parts = ["free", "occupied", "unknown", "closed"].map((state) => s("rect", { class: `share-${state}`, y: 0, height: "100%" }));
    this.svg = s("svg", { role: "img", preserveAspectRatio: "none" }, this.parts);
    this.node = h("span", { class: "share" }, this.svg);
  }

  show(numbers) {
    const all = [numbers.free ?? 0, numbers.occupied ?? 0, numbers.unknown ?? 0, numbers.closed ?? 0];
    const total = all.reduce((sum, one) => sum + one, 0);
    this.svg.setAttribute("aria-label", words(numbers));
    let at = 0;
    all.forEach((value, place) => {
      const width = total > 0 ? (value / total) * 100 : 0;
      this.parts[place].setAttribute("x", `${at}%`);
      this.parts[place].setAttribute("width", `${width}%`);
      at += width;
    });
  }
}
