// All cities side by side: where space is free, and whether it is as busy as usual.

import { Chart, DataTable, key } from "./chart.js";
import { counted, together } from "./city.js";
import { save } from "./csv.js";
import { h, keyed, setText, settled } from "./dom.js";
import { complete, known, weeksAgo, windows } from "./history.js";
import { ago, clock, date, number, percent, t } from "./i18n.js";
import { CityMap } from "./map.js";
import { Age, button, empty, failed, panel, point } from "./parts.js";
import { usualAt } from "./profile.js";
import { ShareBar } from "./signs.js";
import { go } from "./state.js";
import { HOUR, MINUTE, startOfDay, startOfHour } from "./time.js";

const WEEKS = 4;

/** Numbers of a city: of its places, or of its spaces where no place has numbers. */
export const numbersOf = (city) => (city.sites.length ? together(city.sites) : counted(city.spots()));

/**
 * How busy a city is, 100 as in the mean: of each counter the people of an hour over the mean of its complete hours, and of these the mean. Hours that a
 * counter does not know are left out.
 */
export function indexOf(series, at) {
  const ratios = [...series].flatMap((hours) => {
    const whole = hours.filter((hour) => complete(hour));
    const mean = whole.reduce((sum, hour) => sum + hour.total, 0) / Math.max(1, whole.length);
    const found = hours.find((hour) => hour.from === at);
    return found && complete(found) && mean > 0 ? [found.total / mean] : [];
  });
  return ratios.length ? (ratios.reduce((sum, one) => sum + one, 0) / ratios.length) * 100 : undefined;
}

/** The middle of some places, or undefined. */
function middle(sites) {
  const points = sites.map((site) => site.at).filter(Boolean);
  if (!points.length) return undefined;
  return [0, 1].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
}

function badge(city, at) {
  const numbers = numbersOf(city);
  const words = numbers.known ? `${number(numbers.free)} ${t("freeOf", { n: number(numbers.total) })}` : t("unavailable");
  return { id: city.key, at, kind: numbers.known ? (numbers.free ? "free" : "full") : "unknown", text: numbers.known ? number(numbers.free) : "?", name: city.name, label: `${city.name}: ${words}` };
}

/** The overview. */
export class RegionView {
  constructor(cities, settings) {
    this.cities = cities;
    this.heading = h("h1", { tabindex: "-1" }, t("titleRegion"));
    this.cards = h("div", { class: "cards" });
    this.map = new CityMap(settings, t("mapRegion"), (key) => go({ city: key, view: "parking", place: "" }));
    this.index = h("div");
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("citiesTable") });
    this.chart = new Chart({ zone: cities[0].zone, write: number, label: t("curveRegion"), ratio: 0.5 });
    this.hours = new DataTable(t("seriesTable"));
    this.under = h("div", { class: "under" }, this.hours.node);
    this.node = h("div", { class: "view region" }, this.heading, this.cards,
      h("div", { class: "panels" }, panel(t("map"), { className: "map-panel" }, this.map.node),
        panel(t("curveRegion"), { note: t("curveRegionNote") }, this.index)),
      panel(t("citiesTable"), { tools: button(t("download"), () => this.#save()) }, this.table, h("p", { class: "note" }, t("indexNote"))));
    this.busy = new Map();
    this.changed = settled(() => this.update());
    for (const city of cities) city.addEventListener("change", this.changed);
    this.timer = setInterval(() => this.#history(), 2 * MINUTE);
  }

  show(state) {
    this.state = state;
    this.update();
    this.#history();
  }

  update() {
    keyed(this.cards, this.cities, (city) => city.key, (city) => this.#card(city), (card, city) => this.#fillCard(card, city));
    this.#table();
    const loaded = this.cities.every((city) => city.loaded);
    this.map.showBadges(this.cities.map((city) => badge(city, middle(city.sites))));
    this.map.showSpots(this.cities.flatMap((city) => city.spots()), (spot) => `${spot.name}: ${t(spot.state)}`);
    this.map.look(this.cities.flatMap((city) => city.sites.map((site) => site.at)).filter(Boolean), loaded ? String(this.cities.map((city) => city.sites.length)) : undefined);
    if (loaded && !this.asked) this.#history();
  }

  #card(city) {
    const card = { free: h("strong", { class: "big" }), of: h("span"), bar: new ShareBar(), people: h("strong"), peopleNote: h("span"), age: new Age(), places: h("ul", { class: "card-places", role: "list" }) };
    const link = (view, text, label) => h("a", { "data-state": true, "data-view": view, "aria-label": label }, text);
    card.links = [link("parking", city.name), link("parking", t("parking"), t("openParking", { city: city.name })), link("footfall", t("footfall"), t("openFootfall", { city: city.name }))];
    card.node = h("section", { class: "card", "aria-label": city.name },
      h("h2", {}, card.links[0]),
      h("p", { class: "card-free" }, card.free, " ", card.of), card.bar.node, card.places,
      h("p", { class: "card-people" }, card.people, " ", card.peopleNote),
      h("div", { class: "card-foot" }, h("p", { class: "card-links" }, card.links.slice(1)), card.age.node));
    return card;
  }

  #fillCard(card, city) {
    const numbers = numbersOf(city);
    for (const link of card.links) point(link, { city: city.key, view: link.dataset.view, place: "" });
    setText(card.free, numbers.known ? number(numbers.free) : "–", true);
    setText(card.of, !city.loaded ? t("loading") : !numbers.places ? t("noParking") : numbers.known ? t("freeOf", { n: number(numbers.total) }) : t("unavailable"));
    card.bar.node.hidden = !numbers.places;
    card.bar.show(numbers);
    keyed(card.places, city.sites, (site) => site.id, () => {
      const row = { name: h("span"), free: h("strong") };
      row.node = h("li", {}, row.name, row.free);
      return row;
    }, (row, site) => {
      setText(row.name, site.name);
      setText(row.free, !site.known ? "?" : site.free === 0 ? t("full") : number(site.free), true);
    });
    const busy = this.busy.get(city.key);
    setText(card.people, busy?.last === undefined ? "–" : number(busy.last), true);
    setText(card.peopleNote, !city.loaded ? "" : !city.counters.length ? t("noFootfall") : [t("peopleNow"), busy?.usual && t("usual", { n: number(Math.round(busy.usual)) })].filter(Boolean).join(", "));
    card.age.show(city.newest);
  }

  async #history() {
    if (!this.cities.some((city) => city.counters.length)) return;
    const asked = (this.asked = {});
    const now = Date.now();
    try {
      const found = await Promise.all(this.cities.map((city) => windows(city, city.counters, weeksAgo(WEEKS, city.zone, now), now)));
      if (asked !== this.asked) return;
      const hour = startOfHour(now) - HOUR;
      this.cities.forEach((city, place) => {
        const series = [...found[place].values()].filter(known);
        const last = series.map((hours) => hours.find((window) => window.from === hour)?.total);
        const usual = series.map((hours) => usualAt(hours, hour, city.zone));
        const sum = (numbers) => (numbers.length && numbers.every(Number.isFinite) ? numbers.reduce((all, one) => all + one, 0) : undefined);
        this.busy.set(city.key, { series, last: sum(last), usual: sum(usual) });
      });
      this.#curve(now);
      this.update();
    } catch (failure) {
      console.warn(failure);
      if (asked === this.asked) this.index.replaceChildren(failed(() => this.#history()));
    }
  }

  #curve(now) {
    const zone = this.cities[0].zone;
    const from = startOfDay(now, zone, -1);
    const to = startOfDay(now, zone, 1);
    const hours = Array.from({ length: Math.round((to - from) / HOUR) }, (none, hour) => from + hour * HOUR);
    const lines = this.cities.map((city, place) => ({
      kind: "line", name: `city-${place % 6}`, hole: 0, city,
      values: hours.map((at) => ({ from: at, to: at + HOUR, value: indexOf(this.busy.get(city.key).series, at) })),
    }));
    if (lines.every(({ values }) => values.every(({ value }) => value === undefined))) return this.index.replaceChildren(empty("heatNone"));
    const valueAt = (line, at) => line.values.find((one) => at >= one.from && at < one.to)?.value;
    const describe = (at) => t("chartValue", { time: `${date(at, zone)}, ${clock(startOfHour(at), zone)}`, values: lines.map((line) => `${line.city.name} ${number(valueAt(line, at))}`).join(" · ") });
    this.chart.show({ from, to, now, describe, label: t("curveRegion"), series: lines });
    this.hours.show({
      caption: t("curveRegion"), columns: [t("time"), ...this.cities.map((city) => city.name)],
      rows: () => hours.filter((at) => at < now).map((at) => [`${date(at, zone)}, ${clock(at, zone)}`, ...lines.map((line) => number(valueAt(line, at)))]).reverse(),
    });
    if (this.index.lastChild !== this.under) this.index.replaceChildren(key(lines.map(({ name, city }) => [name, "line", city.name])), this.chart.node, this.under);
  }

  #rows() {
    return this.cities.map((city) => {
      const numbers = numbersOf(city);
      const busy = this.busy.get(city.key);
      const open = numbers.total - numbers.unknown - numbers.closed;
      return { city, numbers, busy, share: numbers.known && open > 0 ? numbers.free / open : undefined, index: busy?.usual && busy.last !== undefined ? Math.round((busy.last / busy.usual) * 100) : undefined };
    });
  }

  #table() {
    const heads = [t("city"), t("free"), t("total"), t("freeShare"), t("unknown"), t("lastHour"), t("index"), t("newest")];
    const rows = this.#rows().map(({ city, numbers, busy, share, index }) => h("tr", {}, h("th", { scope: "row" }, city.name), h("td", {}, numbers.known ? number(numbers.free) : "–"), h("td", {}, number(numbers.total)), h("td", {}, percent(share)),
      h("td", {}, number(numbers.unknown)), h("td", {}, number(busy?.last)), h("td", {}, number(index)), h("td", {}, city.newest ? ago(city.newest) : t("noValue"))));
    this.table.replaceChildren(h("table", { class: "plain" }, h("caption", { class: "visually-hidden" }, t("citiesTable")), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))), h("tbody", {}, rows)));
  }

  #save() {
    save("freiraum-cities", ["city", "free", "total", "free_share", "unknown", "people_last_hour", "index", "newest"], this.#rows().map(({ city, numbers, busy, share, index }) =>
      [city.name, numbers.known ? numbers.free : undefined, numbers.total, share && Number(share.toFixed(4)), numbers.unknown, busy?.last, index, city.newest ? new Date(city.newest).toISOString() : undefined]));
  }

  tick() {
    this.update();
  }

  close() {
    for (const city of this.cities) city.removeEventListener("change", this.changed);
    clearInterval(this.timer);
    this.map.close();
    this.chart.resized.disconnect();
  }
}
