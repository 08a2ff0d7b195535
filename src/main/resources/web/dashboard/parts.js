// Pieces that several views are made of.

import { h, setText } from "./dom.js";
import { ago, t } from "./i18n.js";
import { STALE_AFTER } from "./city.js";
import { href } from "./state.js";

/** Choices of which one holds, as links that change the address. */
export function choices(label, options) {
  return h("ul", { class: "choices", role: "list", "aria-label": label }, options.map(({ text, state, chosen }) =>
    h("li", {}, h("a", { href: href(state), "data-state": true, "aria-current": chosen ? "true" : undefined }, text))));
}

/** A labelled list to choose from. */
export function select(label, options, chosen, change) {
  const control = h("select", { change: () => change(control.value) }, options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
  return h("label", { class: "field" }, h("span", {}, label), control);
}

/** How old the newest reading is; grows by itself, so it is shown anew each few seconds. */
export class Age {
  constructor() {
    this.node = h("p", { class: "age" });
  }

  show(newest) {
    if (newest !== undefined) this.newest = newest;
    const old = this.newest > 0 && Date.now() - this.newest > STALE_AFTER;
    const text = !this.newest ? t("noAge") : t(old ? "stale" : "age", { age: ago(this.newest) });
    setText(this.node, text);
    this.node.classList.toggle("old", old);
  }
}

/** A panel with a heading; `tools` stand beside it. */
export function panel(title, { note, tools, level = 2, className = "" } = {}, ...children) {
  return h("section", { class: `panel ${className}` }, h("div", { class: "panel-head" }, h(`h${level}`, {}, title), tools), note && h("p", { class: "note" }, note), children);
}

/** What to show in place of a part that could not be had, with a way to try again. */
export function failed(again) {
  return h("p", { class: "empty", role: "status" }, t("historyFailed") + " ", h("button", { type: "button", class: "quiet", click: again }, t("again")));
}

export const empty = (key, values) => h("p", { class: "empty" }, t(key, values));

export const button = (text, click) => h("button", { type: "button", class: "quiet", click }, text);
