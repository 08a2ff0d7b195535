// Widgets for other sites: /embed/parking, /embed/footfall and /embed/map, with the parameters city, place, lang and theme.

import { Chart } from "./chart.js";
import { counted, together } from "./city.js";
import { h, keyed, setText, settled } from "./dom.js";
import { summed, weeksAgo, windows } from "./history.js";
import { clock, compact, difference, number, t, translatePage, weekdayOf } from "./i18n.js";
import { Live } from "./live.js";
import { CityMap } from "./map.js";
import { Age } from "./parts.js";
import { usualAt } from "./profile.js";
import { installation } from "./settings.js";
import { ShareBar } from "./signs.js";
import { href, read } from "./state.js";
import { HOUR, MINUTE, startOfDay } from "./time.js";

const RETRY = 15_000;
const byId = (id) => document.getElementById(id);
const titled = (kind, { name }) => (name ? t(`title${kind}`, { city: name }) : t(`title${kind}Plain`));

/** Free spaces of a city or a place, and its places. */
class Parking {
  constructor(city, place) {
    Object.assign(this, { city, place });
    this.heading = h("h1");
    this.free = h("strong", { class: "huge" });
    this.of = h("span", { class: "of" });
    this.bar = new ShareBar();
    this.age = new Age();
    this.list = h("ul", { class: "sites", role: "list" });
    this.node = h("div", {}, this.heading, h("p", { class: "headline" }, this.free, " ", this.of), this.bar.node, this.age.node, this.list);
  }

  update() {
    const { city, place } = this;
    const sites = place ? city.sites.filter((site) => site.id === place) : city.sites;
    const numbers = sites.length || place ? together(sites) : counted(city.spots());
    setText(this.heading, place ? sites[0]?.name ?? "" : titled("Parking", city));
    setText(this.free, numbers.known ? number(numbers.free) : "–", true);
    setText(this.of, !city.loaded ? t("loading") : !numbers.places ? t(place ? "unavailable" : "noParking") : numbers.known ? t("freeOf", { n: number(numbers.total) }) : t("unavailable"));
    this.bar.show(numbers);
    this.age.show(numbers.observed);
    keyed(this.list, place ? [] : sites, (site) => site.id, () => {
      const row = { name: h("span", { class: "site-name" }), free: h("strong", { class: "site-free" }), of: h("span"), bar: new ShareBar() };
      row.node = h("li", { class: "site" }, h("span", { class: "site-top" }, row.name, h("span", { class: "site-count" }, row.free, " ", row.of)), row.bar.node);
      return row;
    }, (row, site) => {
      setText(row.name, site.name);
      setText(row.free, !site.known ? "?" : site.free === 0 ? t("full") : number(site.free), true);
      setText(row.of, t("freeOfShort", { n: number(site.total) }));
      row.bar.show(site);
    });
  }

  tick() {
    this.age.show();
  }
}

/** People of the last hour and of today. */
class Footfall {
  constructor(city, place) {
    Object.assign(this, { city, place });
    this.heading = h("h1");
    this.count = h("strong", { class: "huge" });
    this.of = h("span", { class: "of" });
    this.usual = h("p", { class: "usual" });
    this.age = new Age();
    this.chart = new Chart({ zone: city.zone, write: compact, label: t("seriesHours") });
    this.node = h("div", { class: "people" }, this.heading, h("p", { class: "headline" }, this.count, " ", this.of), this.usual, this.chart.node, this.age.node);
    setInterval(() => this.#history(), MINUTE);
  }

  update() {
    const { city, place } = this;
    this.counters = place ? city.counters.filter((counter) => counter.id === place) : city.counters;
    setText(this.heading, place ? this.counters[0]?.name ?? "" : titled("Footfall", city));
    this.age.show(city.newestCount);
    if (city.loaded && !this.counters.length) setText(this.of, t("noFootfall"));
    if (this.counters.length && !this.asked) this.#history();
  }

  async #history() {
    if (!this.counters?.length) return;
    this.asked = true;
    const { zone } = this.city;
    const now = Date.now();
    try {
      const shown = summed((await windows(this.city, this.counters, weeksAgo(4, zone, now), now)).values());
      const last = shown.findLast((window) => window.to <= now && window.to > now - 2 * HOUR && window.total !== undefined);
      setText(this.count, last ? number(last.total) : "–", true);
      setText(this.of, last ? `${t("people")}, ${t("hourRange", { from: clock(last.from, zone), to: clock(last.to, zone) })}` : t("unavailable"));
      const usual = last && usualAt(shown, last.from, zone);
      this.usual.textContent = usual ? `${t("more", { p: difference(last.total / usual - 1) })} ${t("on", { weekday: weekdayOf(last.from, zone) })}` : t("noUsual");
      const from = startOfDay(now, zone);
      const today = shown.filter((window) => window.from >= from);
      const values = today.map((window) => ({ ...window, value: window.total, open: window.to > now }));
      const describe = (at) => { const one = today.find((window) => at >= window.from && at < window.to); return one && `${clock(one.from, zone)}–${clock(one.to, zone)}: ${number(one.total)}`; };
      const sum = today.reduce((all, window) => all + (window.total ?? 0), 0);
      const words = `${t("peopleToday")}: ${number(sum)}`;
      this.chart.show({ from, to: startOfDay(now, zone, 1), now, describe, rest: words, label: `${t("seriesHours")}. ${words}`, series: [{ kind: "bars", name: "towards", values }] });
    } catch (failure) {
      console.warn(failure);
      this.asked = false;
      setText(this.of, t("historyFailed"));
    }
  }

  tick() {
    this.age.show();
  }
}

/** The map with spaces and places. */
class MapOnly {
  constructor(city, place, settings) {
    Object.assign(this, { city, place });
    this.heading = h("h1");
    this.map = new CityMap(settings, t("mapParking"), (id) => open(href({ city: city.key, view: "parking", place: id }, "/"), "_blank", "noopener"));
    this.node = h("div", { class: "map-widget" }, this.heading, this.map.node);
  }

  update() {
    const { city, place } = this;
    const sites = place ? city.sites.filter((site) => site.id === place) : city.sites;
    const spots = city.spots({ place });
    setText(this.heading, place ? sites[0]?.name ?? "" : titled("Parking", city));
    this.map.showSpots(spots, (spot) => `${spot.name}: ${t(spot.state)}`);
    this.map.showBadges(sites.map((site) => {
      const words = site.known ? `${number(site.free)} ${t("freeOfShort", { n: number(site.total) })}` : t("unavailable");
      return { id: site.id, at: site.at, kind: site.known ? (site.free ? "free" : "full") : "unknown", text: site.known ? number(site.free) : "?", name: site.name, label: `${site.name}: ${words}` };
    }));
    this.map.look([...sites, ...spots].map((one) => one.at).filter(Boolean), city.loaded ? String(sites.length) : undefined);
  }

  tick() {}
}

const KINDS = { parking: Parking, footfall: Footfall, map: MapOnly };

async function begin() {
  translatePage();
  const state = read();
  if (["light", "dark"].includes(state.theme)) document.documentElement.dataset.theme = state.theme;
  try {
    const { settings, cities } = await installation();
    const city = cities.find((one) => one.key === state.city) ?? (state.city ? undefined : cities[0]);
    if (!city) return byId("widget").replaceChildren(h("p", { role: "status" }, t("unknownCity")));
    const name = location.pathname.split("/").at(-1);
    const widget = new KINDS[name](city, state.place, settings);
    byId("widget").replaceChildren(widget.node);
    const source = byId("source");
    setText(source, t("dataOpen", { title: settings.title }));
    source.href = href({ city: city.key, view: name === "footfall" ? "footfall" : "parking", place: state.place, theme: "" }, "/");
    document.title = [city.name, settings.title].filter(Boolean).join(" – ");
    const live = new Live([city]);
    live.addEventListener("state", () => setText(byId("state"), t(live.state)));
    city.addEventListener("change", settled(() => widget.update()));
    widget.update();
    setInterval(() => widget.tick(), 5000);
    live.start();
  } catch (failure) {
    console.warn(failure);
    byId("widget").replaceChildren(h("p", { role: "status" }, t("historyFailed")));
    setTimeout(begin, RETRY);
  }
}

begin();
