// Builds and updates the page's content. Rows are kept and changed in place, so that a reader's focus and a screen reader's place stay.

import { ago, number, text, time } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function set(node, value, flash = false) {
  if (node.textContent === value) return;
  const first = node.textContent === "";
  node.textContent = value;
  if (flash && !first) {
    node.classList.remove("changed");
    void node.offsetWidth; // restarts the animation
    node.classList.add("changed");
  }
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** The pattern of bars for what is not known: told apart without colour. Once a page. */
export function definePatterns() {
  const svg = shape("svg", { width: 0, height: 0, "aria-hidden": "true", focusable: "false" });
  svg.style.position = "absolute";
  const pattern = shape("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(shape("rect", { class: "hatch-a", width: 5, height: 5 }), shape("path", { class: "hatch-b", d: "M1 0V5" }));
  const defs = shape("defs", {});
  defs.append(pattern);
  svg.append(defs);
  document.body.prepend(svg);
}

function bar(parts) {
  const svg = shape("svg", { role: "img", preserveAspectRatio: "none" });
  for (const part of parts) svg.append(shape("rect", { class: part, y: 0, height: "100%" }));
  return element("span", { class: "bar" }, svg);
}

function fillBar(holder, values, label) {
  const svg = holder.firstChild;
  svg.setAttribute("aria-label", label);
  const total = values.reduce((sum, value) => sum + value, 0);
  let at = 0;
  values.forEach((value, i) => {
    const width = total > 0 ? (value / total) * 100 : 0;
    svg.children[i].setAttribute("x", at + "%");
    svg.children[i].setAttribute("width", width + "%");
    at += width;
  });
}

function table(caption, note, columns) {
  const small = element("small", {}, note);
  const head = element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
  const body = element("tbody");
  const node = element("table", {}, element("caption", {}, caption, small), element("thead", {}, head), body);
  return { node, body, small };
}

function legend(entries) {
  return element("ul", { class: "legend", "aria-hidden": "true" }, ...entries.map(([part, label]) => {
    const svg = shape("svg", {});
    svg.append(shape("rect", { class: part, width: "100%", height: "100%" }));
    return element("li", {}, svg, label);
  }));
}

/** One city's section. */
export class CityView {
  constructor(city) {
    this.city = city;
    this.rows = new Map();
    const id = "stadt-" + (city.tenant || "alle");
    this.age = element("p", { class: "age" });
    this.figures = {};
    const figures = element("dl", { class: "figures" });
    for (const [key, label] of [["free", "freeSpots"], ["unknown", "spots"], ["people", "people"]]) {
      const dd = element("dd");
      const dt = element("dt", {}, text(label));
      figures.append(element("div", { class: key === "free" ? "figure main" : "figure" }, dt, dd));
      this.figures[key] = { dd, dt, box: figures.lastChild, value: dd.appendChild(element("span")), unit: dd.appendChild(element("small")) };
    }
    this.figures.unknown.dt.textContent = text("spots") + " " + text("sensors");
    this.parking = table(text("parking"), text("parkingNote"), [text("place"), text("free"), text("of"), text("unknown")]);
    this.people = table(text("counters"), "", [text("counter"), text("sum"), text("directions")]);
    this.parkingEmpty = element("p", { class: "empty", hidden: "" }, text("noData"));
    this.peopleEmpty = element("p", { class: "empty", hidden: "" }, text("noData"));
    this.node = element("section", { class: "city", id, "aria-labelledby": id + "-name" },
      element("div", { class: "city-head" }, element("h2", { id: id + "-name" }, city.name || text("allCity")), this.age),
      figures,
      element("div", { class: "panels" },
        element("div", { class: "panel" }, this.parking.node, this.parkingEmpty,
          legend([["bar-free", text("free")], ["bar-taken", text("occupied")], ["bar-unknown", text("unknown")]])),
        element("div", { class: "panel" }, this.people.node, this.peopleEmpty)));
  }

  /** Shows a city's state; see app.js for its shape. */
  show({ sites, counters }) {
    this.newest = 0;
    this.showSites(sites);
    this.showCounters(counters);
    this.showAge();
  }

  showSites(sites) {
    const free = sites.reduce((sum, site) => sum + (site.free ?? 0), 0);
    const total = sites.reduce((sum, site) => sum + (site.total ?? 0), 0);
    const unknown = sites.reduce((sum, site) => sum + (site.unknown ?? 0), 0);
    set(this.figures.free.value, sites.length ? number(free) : "–");
    set(this.figures.free.unit, sites.length ? " " + text("ofTotal", { n: number(total) }) : "");
    set(this.figures.unknown.value, sites.length ? number(unknown) : "–");
    this.freeTotal = sites.length ? free : undefined;
    this.parkingEmpty.hidden = sites.length > 0;
    this.keep(this.parking.body, sites, (site) => this.siteRow(site), (cells, site) => this.fillSite(cells, site));
  }

  siteRow() {
    const cells = {
      name: element("span", { class: "place" }), bar: bar(["bar-free", "bar-taken", "bar-unknown"]),
      free: element("td", { class: "free" }), total: element("td", { class: "mute" }), unknown: element("td", { class: "mute" }),
    };
    cells.row = element("tr", {}, element("th", { scope: "row" }, cells.name, cells.bar), cells.free, cells.total, cells.unknown);
    return cells;
  }

  fillSite(cells, site) {
    this.newest = Math.max(this.newest, site.observed || 0);
    set(cells.name, site.name);
    set(cells.free, site.free === 0 ? text("full") : number(site.free), true);
    cells.free.classList.toggle("full", site.free === 0);
    set(cells.total, number(site.total));
    set(cells.unknown, number(site.unknown));
    const taken = Math.max(0, (site.total ?? 0) - (site.free ?? 0) - (site.unknown ?? 0));
    fillBar(cells.bar, [site.free ?? 0, taken, site.unknown ?? 0],
      text("barLabel", { free: number(site.free), taken: number(taken), unknown: number(site.unknown) }));
  }

  showCounters(counters) {
    const counted = counters.filter((counter) => Number.isFinite(counter.count));
    const from = counted.map((counter) => counter.from).filter(Boolean).sort().at(-1);
    const sum = counted.filter((counter) => counter.from === from).reduce((total, counter) => total + counter.count, 0);
    set(this.figures.people.value, counted.length ? number(sum) : "–");
    set(this.figures.people.unit, from ? " " + text("since", { from: time(from) }) : "");
    set(this.people.small, from ? text("hour", { from: time(from) }) : "");
    this.peopleEmpty.hidden = counters.length > 0;
    this.keep(this.people.body, counters, () => this.counterRow(), (cells, counter) => this.fillCounter(cells, counter));
  }

  counterRow() {
    const cells = {
      name: element("span", { class: "place" }), sub: element("span", { class: "sub" }),
      sum: element("td", { class: "free full" }), directions: element("td", { class: "direction" }),
      towards: element("b"), towardsLabel: element("span"), away: element("b"), awayLabel: element("span"),
      bar: bar(["bar-towards", "bar-away"]),
    };
    cells.directions.append(element("span", { class: "way towards" }, cells.towards, " ", cells.towardsLabel),
      element("span", { class: "way away" }, cells.away, " ", cells.awayLabel));
    cells.row = element("tr", {}, element("th", { scope: "row" }, cells.name, cells.sub, cells.bar), cells.sum, cells.directions);
    return cells;
  }

  fillCounter(cells, counter) {
    this.newest = Math.max(this.newest, counter.observed || 0);
    set(cells.name, counter.name);
    set(cells.sub, text(counter.quality || "measured"));
    set(cells.sum, number(counter.count), true);
    set(cells.towards, number(counter.towards));
    set(cells.towardsLabel, counter.towardsLabel || text("towards"));
    set(cells.away, number(counter.away));
    set(cells.awayLabel, counter.awayLabel || text("away"));
    fillBar(cells.bar, [counter.towards ?? 0, counter.away ?? 0],
      `${number(counter.towards)} ${counter.towardsLabel || text("towards")}, ${number(counter.away)} ${counter.awayLabel || text("away")}`);
  }

  /** Makes the rows of a table body those of the items, in their order. */
  keep(body, items, make, fill) {
    const wanted = new Set(items.map((item) => item.id));
    for (const [id, cells] of this.rows) {
      if (cells.row.parentNode === body && !wanted.has(id)) { cells.row.remove(); this.rows.delete(id); }
    }
    items.forEach((item, i) => {
      let cells = this.rows.get(item.id);
      if (!cells) this.rows.set(item.id, (cells = make()));
      if (body.children[i] !== cells.row) body.insertBefore(cells.row, body.children[i] ?? null);
      fill(cells, item);
    });
  }

  /** The age grows without new data, so it is shown anew each few seconds. */
  showAge() {
    if (!this.newest) return set(this.age, text("noAge"));
    set(this.age, text("age", { age: ago(this.newest) }));
    this.age.classList.toggle("old", Date.now() - this.newest > 30 * 60 * 1000);
  }
}
