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
    this.svg.setAttribute("aria-label", t("barLabel", { free: number(all[0]), taken: number(all[1]), unknown: number(all[2]), closed: number(all[3]) }));
    let at = 0;
    all.forEach((value, place) => {
      const width = total > 0 ? (value / total) * 100 : 0;
      this.parts[place].setAttribute("x", `${at}%`);
      this.parts[place].setAttribute("width", `${width}%`);
      at += width;
    });
  }
}
