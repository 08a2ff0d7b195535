// The page: heading, ways between views, and the view that the address asks for.

import { NoAnswer, warnedAt } from "./api.js";
import { h, keyed, setText } from "./dom.js";
import { clock, longDate, number, otherLanguage, t, translatePage } from "./i18n.js";
import { Live } from "./live.js";
import { linkItem, point } from "./parts.js";
import { installation } from "./settings.js";
import { follow, href, onChange, read } from "./state.js";
import { FootfallView } from "./view-footfall.js";
import { ParkingView } from "./view-parking.js";
import { RegionView, numbersOf } from "./view-region.js";

const TICK = 5000;
const ANNOUNCE = 60_000;
const RETRY = 10_000;
/** Everything is asked for again within this time. */
const WARNED = 150_000;
const byId = (id) => document.getElementById(id);

class Page {
  constructor({ settings, cities }) {
    this.settings = settings;
    this.cities = cities;
    this.live = new Live(this.cities);
    this.#frame();
    this.live.addEventListener("state", () => this.#connection());
    onChange((state, changes) => this.show(state, "view" in changes || "city" in changes));
    document.addEventListener("click", follow);
    setInterval(() => this.#tick(), TICK);
    setInterval(() => this.#announce(), ANNOUNCE);
  }

  start() {
    this.show(read(), false);
    this.#tick();
    this.live.start();
  }

  #frame() {
    const { settings } = this;
    setText(byId("title"), settings.title);
    byId("simulated").hidden = !settings.simulated;
    const links = byId("links");
    for (const name of ["imprint", "privacy", "accessibility"]) {
      if (settings[name]) links.append(h("li", {}, h("a", { href: settings[name] }, t(name))));
    }
    const host = settings.tiles && new URL(settings.tiles.url, location.href);
    if (host && host.origin !== location.origin) setText(byId("footer"), t("footerTiles", { host: host.hostname.replace("{s}.", "") }));
  }

  /** Shows the view of a state; `moved` puts the focus on its heading, as a new page would. */
  show(state, moved) {
    const several = this.cities.length > 1;
    const found = this.cities.find((city) => city.key === state.city);
    const city = found ?? (several ? undefined : this.cities[0]);
    const name = city ? (state.view === "footfall" ? "footfall" : "parking") : "region";
    document.documentElement.classList.toggle("wall", Boolean(state.wall));
    if (["light", "dark"].includes(state.theme)) document.documentElement.dataset.theme = state.theme;
    else if (state.wall) document.documentElement.dataset.theme = "dark";
    else delete document.documentElement.dataset.theme;
    this.#navigation(state, city, name);
    const unknown = byId("unknown");
    unknown.hidden = !(state.city && several && !found);
    unknown.textContent = unknown.hidden ? "" : t("unknownCity");
    const key = `${name} ${city?.key}`;
    if (key !== this.shown) {
      this.shown = key;
      this.view?.close();
      this.view = name === "region" ? new RegionView(this.cities, this.settings) : name === "footfall" ? new FootfallView(city) : new ParkingView(city, this.settings);
      byId("view").replaceChildren(this.view.node);
      if (moved) {
        scrollTo(0, 0);
        this.view.heading.focus({ preventScroll: true });
      }
    }
    this.view.show(state);
    document.title = `${this.view.heading.textContent} – ${this.settings.title}`;
  }

  #navigation(state, city, name) {
    const tabs = (nav, label, items) => {
      if (!nav.firstChild) nav.append(h("ul", { role: "list" }));
      nav.setAttribute("aria-label", label);
      keyed(nav.firstChild, items, ({ text }) => text, ({ text }) => linkItem(text), ({ link }, { target, current }) => point(link, { ...target, place: "", compare: "" }, current && "page"));
    };
    const cities = byId("cities");
    cities.hidden = this.cities.length < 2;
    tabs(cities, t("cities"), [{ text: t("region"), target: { city: "", view: "" }, current: !city }, ...this.cities.map((one) => ({ text: one.name, target: { city: one.key }, current: one === city }))]);
    cities.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    const views = byId("views");
    views.hidden = !city;
    tabs(views, t("main"), ["parking", "footfall"].map((view) => ({ text: t(view), target: { view }, current: view === name })));
    const wall = byId("wall-switch");
    setText(wall, t(state.wall ? "wallEnd" : "wall"));
    point(wall, { wall: state.wall ? "" : "1" });
    const other = byId("lang-switch");
    setText(other, t("switchTo"));
    other.lang = other.hreflang = otherLanguage;
    other.href = href({ lang: otherLanguage });
  }

  #connection() {
    const { state } = this.live;
    byId("state").dataset.state = state;
    setText(byId("state-text"), t(state));
    byId("state").title = t(state === "live" ? "liveLong" : state);
    this.#tick();
  }

  #tick() {
    this.view?.tick();
    const now = Date.now();
    const zone = this.cities[0].zone;
    setText(byId("clock"), `${longDate(now, zone)}, ${clock(now, zone)}`);
    byId("incomplete").hidden = now - warnedAt() > WARNED;
    const problem = byId("problem");
    const lost = this.live.state === "lost";
    problem.hidden = !lost;
    if (lost) setText(problem, t(this.cities.some((city) => city.loaded) ? "lostLong" : "lostFirst"));
  }

  #announce() {
    const parts = this.cities.filter((city) => numbersOf(city).known).map((city) => t("cityFree", { city: city.name, n: number(numbersOf(city).free) }).trim());
    if (parts.length && !document.hidden) setText(byId("announce"), t("announce", { text: parts.join(", ") }));
  }
}

async function begin() {
  translatePage();
  try {
    new Page(await installation()).start();
  } catch (failure) {
    if (!(failure instanceof NoAnswer)) throw failure;
    console.warn(failure);
    const problem = byId("problem");
    problem.hidden = false;
    setText(problem, t("lostFirst"));
    setTimeout(begin, RETRY);
  }
}

begin();
