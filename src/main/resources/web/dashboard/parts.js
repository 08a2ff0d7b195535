// Pieces that several views are made of.

import { h, keyed, setText } from "./dom.js";
import { ago, t } from "./i18n.js";
import { STALE_AFTER } from "./city.js";
import { href } from "./state.js";

/** Choices of which one holds, as links that change the address. Their elements stay, and with them the focus. */
export class Choices {
  constructor(label) {
    this.node = h("ul", { class: "choices", role: "list", "aria-label": label });
  }

  /** Shows `{text, state, chosen}` of each. */
  show(options) {
    keyed(this.node, options, ({ text }) => text, ({ text }) => linkItem(text), ({ link }, { state, chosen }) => point(link, state, chosen && "true"));
  }
}

/** A link in a list. */
export function linkItem(text) {
  const link = h("a", { "data-state": true }, text);
  return { node: h("li", {}, link), link };
}

/** Lets a link lead to a state; `current` says in which way it is the present one, or is empty. */
export function point(link, state, current) {
  link.setAttribute("href", href(state));
  if (current) link.setAttribute("aria-current", current);
  else link.removeAttribute("aria-current");
}

/** A labelled list to choose from. */
export class Select {
  constructor(label, change) {
    this.control = h("select", { change: () => change(this.control.value) });
    this.node = h("label", { class: "field" }, h("span", {}, label), this.control);
  }

  /** Shows these options, `[value, text]`. */
  show(options, chosen) {
    const shown = JSON.stringify(options);
    if (shown !== this.shown) this.control.replaceChildren(...options.map(([value, text]) => h("option", { value }, text)));
    this.shown = shown;
    this.control.value = chosen;
  }
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
