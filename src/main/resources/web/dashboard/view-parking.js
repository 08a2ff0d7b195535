// "Smart Parken": how many spaces are free where, now and usually.

import { counted, STATES, together } from "./city.js";
import { save } from "./csv.js";
import { h, keyed, setText, settled } from "./dom.js";
import { Forecast } from "./forecast.js";
import { ago, hourName, number, t, weekdayOf } from "./i18n.js";
import { CityMap } from "./map.js";
import { Age, Choices, button, empty, panel, point } from "./parts.js";
import { ShareBar, Strip, legend, sign } from "./signs.js";
import { go } from "./state.js";
import { MINUTE, local } from "./time.js";

const MOST_ROWS = 500;
const NEEDS = [["", "needAll"], ["disabled", "needDisabled"], ["charging", "needCharging"]];

const order = new Intl.Collator("en", { numeric: true });
const byId = (left, right) => order.compare(left.id, right.id);

/** What kind a space is, in words. */
const kinds = (spot) => [spot.disabled && t("disabled"), spot.charging && t("charging")].filter(Boolean).join(", ");

/** What is said of a space. */
export const describeSpot = (spot) => [spot.name, t(spot.state) + (spot.since ? ` (${ago(spot.since)})` : ""), kinds(spot)].filter(Boolean).join(" · ");

/** A view of one city's parking. */
export class ParkingView {
  constructor(city, settings) {
    this.city = city;
    this.heading = h("h1", { tabindex: "-1" }, city.name ? t("titleParking", { city: city.name }) : t("titleParkingPlain"));
    this.free = h("strong", { class: "huge" });
    this.of = h("span", { class: "of" });
    this.bar = new ShareBar();
    this.usual = h("p", { class: "usual" });
    this.notes = h("p", { class: "notes" });
    this.age = new Age();
    this.warning = h("p", { class: "note", role: "status" });
    this.needs = new Choices(t("need"));
    this.list = h("ul", { class: "sites", role: "list", "aria-label": t("sitesCaption") });
    this.showAll = h("a", { "data-state": true }, t("showAll"));
    this.all = h("p", { class: "all-places" }, this.showAll);
    this.map = new CityMap(settings, t("mapParking"), (id) => go({ place: id }));
    this.key = h("div", { class: "map-key" });
    this.forecast = new Forecast(city);
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("spotsCaption") });
    this.details = h("details", { class: "as-table", toggle: () => this.#rows() }, h("summary", {}, t("seriesTable")), this.table);
    this.summary = h("section", { class: "hero", "aria-label": t("parking") }, h("p", { class: "headline" }, this.free, " ", this.of), this.bar.node, this.usual, this.notes, this.age.node);
    this.node = h("div", { class: "view parking" }, this.heading, this.warning,
      h("div", { class: "lead" },
        h("div", { class: "lead-side" }, this.summary, h("div", { class: "panel sites-panel" }, h("div", { class: "tools" }, this.needs.node), this.list, this.all)),
        h("div", { class: "panel map-panel" }, this.map.node, this.key)),
      this.forecast.node,
      panel(t("spotsTitle"), { className: "spots-panel", tools: button(t("download"), () => this.#save()) }, this.details));
    this.changed = settled(() => this.update());
    city.addEventListener("change", this.changed);
    this.timer = setInterval(() => this.#curve(), 5 * MINUTE);
  }

  /** Shows what an address asks for. */
  show(state) {
    this.state = state;
    this.update();
    this.#curve();
  }

  get chosen() {
    return this.city.sites.find((site) => site.id === this.state.place);
  }

  #numbers(site) {
    const { need } = this.state;
    if (need) return counted(site ? this.bySite.get(site.id) ?? [] : this.city.spots({ need }));
    if (site) return together([site]);
    return this.city.sites.length ? together(this.city.sites) : counted(this.city.spots());
  }

  /** Shows what is known now. */
  update() {
    const { city, state, chosen } = this;
    const { place, need } = state;
    this.bySite = city.spotsBySite(need);
    this.node.classList.toggle("empty-view", city.loaded && !city.sites.length && !city.spotsById.size);
    this.warning.hidden = !(city.loaded && place && !chosen);
    this.warning.textContent = this.warning.hidden ? "" : t("unknownPlace");
    const numbers = this.#numbers(chosen);
    this.#headline(numbers, chosen);
    this.needs.show(NEEDS.map(([name, text]) => ({ text: t(text), state: { need: name }, chosen: need === name })));
    this.all.hidden = !place;
    point(this.showAll, { place: "" });
    const shown = city.sites.map((site) => ({ site, numbers: this.#numbers(site) })).filter(({ numbers: of }) => !need || of.total);
    keyed(this.list, shown, ({ site }) => site.id, () => this.#siteRow(), (row, item) => this.#fillSite(row, item));
    const spots = city.spots({ need });
    this.key.replaceChildren(legend(STATES.filter((name) => name !== "closed" || spots.some((spot) => spot.state === name))));
    this.map.showSpots(spots, describeSpot);
    // The badge of a chosen place would hide its spaces.
    this.map.showBadges(shown.filter(({ site }) => site !== chosen).map(({ site, numbers: of }) => ({
      id: site.id, at: site.at, kind: of.known ? (of.free ? "free" : "full") : "unknown", text: of.known ? number(of.free) : "?", name: site.name,
      label: `${site.name}: ${of.known ? `${number(of.free)} ${t("freeOfShort", { n: number(of.total) })}` : t("unavailable")}`,
    })));
    const points = chosen ? [chosen.at, ...(this.bySite.get(place) ?? []).map((spot) => spot.at)] : [...city.sites.map((site) => site.at), ...spots.map((spot) => spot.at)];
    this.map.look(points.filter(Boolean), city.loaded ? `${chosen?.id} ${city.sites.length}` : undefined);
    this.age.show(chosen || !city.sites.length ? numbers.observed : Math.max(0, ...city.sites.map((site) => site.observed)));
  }

  #headline(numbers, chosen) {
    const { city } = this;
    if (!numbers.places) {
      setText(this.free, "");
      setText(this.of, !city.loaded ? t("loading") : this.state.need && city.sites.length ? t("noSpot") : t("noParking"));
    } else {
      setText(this.free, numbers.known ? number(numbers.free) : "?", true);
      setText(this.of, numbers.known ? t("freeOf", { n: number(numbers.total) }) + (chosen ? `, ${chosen.name}` : "") : t("unavailable"));
    }
    this.bar.node.hidden = !numbers.places;
    this.bar.show(numbers);
    setText(this.notes, [numbers.unknown && t("unknownNote", { n: number(numbers.unknown) }), numbers.closed && t("closedNote", { n: number(numbers.closed) })].filter(Boolean).join(" · "));
  }

  #siteRow() {
    const row = { name: h("span", { class: "site-name" }), free: h("strong", { class: "site-free" }), of: h("span", { class: "site-of" }), bar: new ShareBar(), strip: new Strip() };
    row.link = h("a", { class: "site", "data-state": true }, h("span", { class: "site-top" }, row.name, h("span", { class: "site-count" }, row.free, " ", row.of)), row.strip.node, row.bar.node);
    row.node = h("li", {}, row.link);
    return row;
  }

  #fillSite(row, { site, numbers }) {
    const chosen = site.id === this.state.place;
    setText(row.name, site.name);
    setText(row.free, !numbers.known ? "?" : numbers.free === 0 ? t("full") : number(numbers.free), true);
    setText(row.of, numbers.known ? t("freeOfShort", { n: number(numbers.total) }) : t("unknown"));
    row.free.classList.toggle("none", !numbers.known || numbers.free === 0);
    const spots = this.bySite.get(site.id) ?? [];
    const few = spots.length > 0 && spots.length <= Strip.most;
    row.bar.node.hidden = few;
    row.strip.node.hidden = !few;
    if (few) row.strip.show(spots.sort(byId), counted(spots));
    else row.bar.show(numbers);
    point(row.link, { place: chosen ? "" : site.id }, chosen && "true");
  }

  #sitesOfCurve() {
    return this.chosen ? [this.chosen] : this.city.sites;
  }

  async #curve() {
    const { city } = this;
    if (!city.loaded) {
      city.addEventListener("change", () => this.#curve(), { once: true });
      return;
    }
    const sites = this.#sitesOfCurve();
    this.forecast.node.hidden = !sites.length;
    if (!sites.length) return;
    const day = Math.min(6, Math.max(0, Number.parseInt(this.state.day, 10) || 0));
    await this.forecast.show(sites, this.chosen?.name ?? t("allPlaces"), day);
    const share = this.state.need ? undefined : await this.forecast.usualNow(sites);
    const numbers = together(sites);
    this.usual.textContent = share === undefined ? "" : t("usualFree", {
      weekday: t("on", { weekday: weekdayOf(Date.now(), city.zone) }), hour: hourName(local(Date.now(), city.zone).hour), n: number(Math.round((1 - share) * (numbers.total - numbers.unknown - numbers.closed))),
    });
  }

  #listed() {
    const { place, need } = this.state;
    const names = new Map(this.city.sites.map((site) => [site.id, site.name]));
    return this.city.spots({ place: this.chosen && place, need }).map((spot) => ({ ...spot, place: names.get(spot.site) ?? "" }))
      .sort(byId);
  }

  #rows() {
    if (!this.details.open) return this.table.replaceChildren();
    const all = this.#listed();
    if (!all.length) return this.table.replaceChildren(empty("noParking"));
    const columns = [t("spot"), t("state"), t("since"), t("place"), t("kind")];
    const rows = all.slice(0, MOST_ROWS).map((spot) => h("tr", {}, h("th", { scope: "row" }, spot.name), h("td", {}, h("span", { class: "state" }, sign(spot.state), t(spot.state))),
      h("td", {}, spot.since ? ago(spot.since) : "–"), h("td", {}, spot.place), h("td", {}, kinds(spot))));
    this.table.replaceChildren(h("table", { class: "plain" }, h("caption", {}, t("spotsCaption")), h("thead", {}, h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)))), h("tbody", {}, rows)),
      ...(all.length > MOST_ROWS ? [h("p", { class: "note" }, t("mostRows", { n: number(MOST_ROWS) }))] : []));
  }

  #save() {
    save(`freiraum-${this.city.key}-parking`, ["id", "name", "place", "status", "observed_at", "disabled", "charging", "lat", "lon"], this.#listed().map((spot) =>
      [spot.id, spot.name, spot.place, spot.state, spot.since && new Date(spot.since).toISOString(), String(spot.disabled), String(spot.charging), spot.at?.[0], spot.at?.[1]]));
  }

  /** Called each few seconds: ages grow by themselves. */
  tick() {
    this.age.show();
    if (this.details.open) this.#rows();
  }

  close() {
    this.city.removeEventListener("change", this.changed);
    clearInterval(this.timer);
    this.map.close();
    this.forecast.close();
  }
}
