// Charts over time as plain SVG, in the size they are shown in. Each has a text for screen readers, and stands beside a table with the same numbers.

import { h, s } from "./dom.js";
import { clock, date, month, weekday } from "./i18n.js";
import { DAY, HOUR, days, local, startOfDay } from "./time.js";

const MARGIN = { top: 12, right: 12, bottom: 26, left: 46 };

/** On a wall screen all has to fit. */
const wall = () => document.documentElement.classList.contains("wall");

/** A round number at or above, so that the axis ends at a line. */
function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value);
}

function hours(from, to, zone, width) {
  const each = [1, 2, 3, 4, 6, 12].find((step) => ((to - from) / HOUR / step) * 62 <= width) ?? 24;
  const ticks = [];
  for (let at = Math.ceil(from / HOUR) * HOUR; at < to; at += HOUR) {
    if (local(at, zone).hour % each === 0) ticks.push({ at, label: clock(at, zone) });
  }
  return ticks;
}

function dates(from, to, zone, width) {
  const all = days(from, to, zone);
  if (to - from > 60 * DAY) {
    const months = all.filter((day) => local(day, zone).day === 1);
    const each = Math.ceil((months.length * 42) / width);
    return months.filter((day, place) => place % each === 0).map((at) => ({ at, label: month(at, zone) }));
  }
  const few = to - from <= 8 * DAY;
  const short = few && width / all.length < 86;
  const each = few ? 1 : Math.ceil((all.length * 96) / width);
  return all.filter((day, place) => place % each === 0).map((at) => ({ at, label: short ? weekday(local(at, zone).weekday, "short") : date(at, zone), middle: few ? startOfDay(at, zone, 1) : undefined }));
}

/**
 * A chart. `series` are drawn in their order; each has `kind` (`bars` stack on those before, `line`, `steps`, `band` with `low` and `high`), `name` (class
 * of the style), `values` of `{from, to, value}` (a `line` goes through `at`, or the middle). Where a `line` has a hole of more than `hole` it is broken.
 */
export class Chart {
  constructor({ zone, write, label, ratio = 0.32 }) {
    this.ratio = ratio;
    this.zone = zone;
    this.write = write;
    this.svg = s("svg", { class: "chart", role: "img", "aria-label": label });
    this.readout = h("p", { class: "chart-readout", "aria-hidden": "true" });
    this.node = h("div", { class: "chart-box" }, this.svg, this.readout);
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.node);
    this.svg.addEventListener("pointermove", (event) => this.#point(event));
    this.svg.addEventListener("pointerleave", () => this.#rest());
  }

  /** Shows other data: `{from, to, top, series, gaps, now, describe, label, rest}`; `describe(instant)` gives the text under the pointer. */
  show(data) {
    this.data = data;
    this.svg.setAttribute("aria-label", data.label);
    this.draw();
    this.#rest();
  }

  draw() {
    const box = this.node.getBoundingClientRect();
    if (!this.data || box.width < 40) return;
    const size = Number.parseFloat(getComputedStyle(this.node).fontSize);
    const scale = size / 13;
    const width = Math.round(box.width);
    const height = Math.round(Math.min(wall() ? innerHeight * 0.2 : Infinity, Math.max(180 * scale, Math.min(340 * scale, width * this.ratio))));
    const { from, to, series } = this.data;
    const left = MARGIN.left * scale;
    const right = width - MARGIN.right;
    const top = MARGIN.top;
    const bottom = height - MARGIN.bottom * scale;
    const high = this.data.top ?? ceiling(Math.max(...series.map((one) => highest(one, series))));
    this.x = (at) => left + ((at - from) / (to - from)) * (right - left);
    this.y = (value) => bottom - (Math.min(value, high) / high) * (bottom - top);
    this.span = { left, right, top, bottom };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    this.cursor = s("path", { class: "cursor" });
    this.svg.replaceChildren(...this.#axis(high, right - left, scale), ...this.#gaps(), ...this.#series(), ...this.#now(), this.cursor);
  }

  #axis(high, width, scale) {
    const { left, right, top, bottom } = this.span;
    const { from, to } = this.data;
    const lines = high <= 1 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.25, 0.5, 0.75, 1].map((part) => part * high);
    const parts = lines.filter((value) => high > 4 || value % 1 === 0 || high <= 1).flatMap((value) => [
      s("path", { class: value === 0 ? "base" : "grid", d: `M${left} ${this.y(value)}H${right}` }),
      s("text", { class: "tick", x: left - 6, y: this.y(value) + 4 * scale, "text-anchor": "end" }, this.write(value)),
    ]);
    const ticks = to - from <= 2 * DAY ? hours(from, to, this.zone, width / scale) : dates(from, to, this.zone, width / scale);
    for (const { at, label, middle } of ticks) {
      const x = middle ? (this.x(at) + this.x(Math.min(middle, to))) / 2 : this.x(at);
      if (middle || to - from <= 2 * DAY) parts.push(s("path", { class: "grid", d: `M${this.x(at)} ${top}V${bottom}` }));
      const anchor = x > right - 20 * scale ? "end" : "middle";
      parts.push(s("text", { class: "tick", x, y: bottom + 17 * scale, "text-anchor": anchor }, label));
    }
    return parts;
  }

  #gaps() {
    const { top, bottom } = this.span;
    return (this.data.gaps ?? []).map(({ from, to }) => s("rect", { class: "gap", x: this.x(from), y: top, width: Math.max(1, this.x(to) - this.x(from)), height: bottom - top }));
  }

  #now() {
    const { now, from, to } = this.data;
    if (!now || now <= from || now >= to) return [];
    return [s("path", { class: "now", d: `M${this.x(now)} ${this.span.top}V${this.span.bottom}` })];
  }

  #series() {
    const stacked = new Map();
    return this.data.series.flatMap((one) => {
      if (one.kind === "bars") return this.#bars(one, stacked);
      if (one.kind === "band") return this.#band(one);
      return this.#line(one);
    });
  }

  #bars({ name, values }, stacked) {
    return values.filter(({ value }) => value !== undefined).map(({ from, to, value, open }) => {
      const below = stacked.get(from) ?? 0;
      stacked.set(from, below + value);
      const wide = this.x(to) - this.x(from);
      const gap = wide > 6 ? Math.min(4, wide * 0.18) : wide > 3 ? 1 : 0;
      const y = this.y(below + value);
      return s("rect", { class: `bar-${name}${open ? " open" : ""}`, x: this.x(from) + gap / 2, y, width: Math.max(0.5, wide - gap), height: Math.max(0, this.y(below) - y) });
    });
  }

  #line({ name, values, kind, hole = Infinity, area }) {
    const runs = [];
    let last;
    for (const one of values.filter(({ value }) => value !== undefined)) {
      if (!last || one.from - last.to > hole) runs.push([]);
      runs.at(-1).push(one);
      last = one;
    }
    const point = ({ from, to, at, value }) => `${this.x(at ?? (from + to) / 2).toFixed(1)} ${this.y(value).toFixed(1)}`;
    const path = (run) => (kind === "steps"
      ? "M" + run.map(({ from, to, value }) => `${this.x(from).toFixed(1)} ${this.y(value).toFixed(1)}H${this.x(to).toFixed(1)}`).join("L")
      : "M" + run.map(point).join("L"));
    const end = (run) => { const last = run.at(-1); return this.x(kind === "steps" ? last.to : last.at ?? (last.from + last.to) / 2).toFixed(1); };
    const begin = (run) => this.x(kind === "steps" ? run[0].from : run[0].at ?? (run[0].from + run[0].to) / 2).toFixed(1);
    return runs.flatMap((run) => [
      area && s("path", { class: `area-${name}`, d: `${path(run)}L${end(run)} ${this.span.bottom}L${begin(run)} ${this.span.bottom}Z` }),
      s("path", { class: `line-${name}`, d: path(run) }),
    ]).filter(Boolean);
  }

  #band({ name, values }) {
    if (!values.length) return [];
    const x = ({ at }) => this.x(at).toFixed(1);
    const up = values.map((one) => `${x(one)} ${this.y(one.high).toFixed(1)}`);
    const back = values.map((one) => `${x(one)} ${this.y(one.low).toFixed(1)}`).reverse();
    return [s("path", { class: `band-${name}`, d: `M${[...up, ...back].join("L")}Z` })];
  }

  #point(event) {
    if (!this.data || !this.span) return;
    const box = this.svg.getBoundingClientRect();
    const { left, right, top, bottom } = this.span;
    const x = Math.max(left, Math.min(right, event.clientX - box.left));
    const at = this.data.from + ((x - left) / (right - left)) * (this.data.to - this.data.from);
    const text = this.data.describe?.(at);
    if (!text) return;
    this.cursor.setAttribute("d", `M${x} ${top}V${bottom}`);
    this.readout.textContent = text;
  }

  #rest() {
    this.cursor?.removeAttribute("d");
    this.readout.textContent = this.data?.rest ?? "";
  }
}

function highest(one, series) {
  if (one.kind === "band") return Math.max(0, ...one.values.map(({ high }) => high));
  if (one.kind !== "bars") return Math.max(0, ...one.values.map(({ value }) => value ?? 0));
  const sums = new Map();
  for (const bars of series.filter(({ kind }) => kind === "bars")) {
    for (const { from, value } of bars.values) sums.set(from, (sums.get(from) ?? 0) + (value ?? 0));
  }
  return Math.max(0, ...sums.values());
}

/** The key of a chart: a sample of each style with its name. */
export function key(entries) {
  return h("ul", { class: "key" }, ...entries.map(([name, kind, label]) => {
    const svg = s("svg", { viewBox: "0 0 22 12", width: 22, height: 12, "aria-hidden": "true" });
    svg.append(kind === "line" ? s("path", { class: `line-${name}`, d: "M1 6H21" }) : s("rect", { class: kind === "band" ? `band-${name}` : `bar-${name}`, width: 22, height: 12, rx: 2 }));
    return h("li", {}, svg, label);
  }));
}

/** A table that says what a chart shows, closed at first and filled while it is open. */
export class DataTable {
  constructor(summary) {
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region" });
    this.node = h("details", { class: "as-table", toggle: () => this.#draw() }, h("summary", {}, summary), this.table);
  }

  /** Shows other data: `{caption, columns, rows}`; `rows()` gives the cells, of which the first is the heading of its row. */
  show(data) {
    this.data = data;
    this.table.setAttribute("aria-label", data.caption);
    this.#draw();
  }

  #draw() {
    if (!this.node.open || !this.data) return this.table.replaceChildren();
    const { caption, columns, rows } = this.data;
    const at = this.table.scrollTop;
    this.table.replaceChildren(h("table", { class: "plain" }, h("caption", {}, caption), h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))),
      h("tbody", {}, rows().map(([first, ...others]) => h("tr", {}, h("th", { scope: "row" }, first), others.map((cell) => h("td", {}, cell)))))));
    this.table.scrollTop = at;
  }
}
