// "Passantenfrequenz": how many people pass where, in which direction, and when it is busy.

import { h, setText, settled } from "./dom.js";
import { heatKey, heatTable } from "./heatmap.js";
import { complete, daily, known, summed, typicalWeeks, weeksAgo, windows } from "./history.js";
import { clock, date, difference, number, sorter, t, weekdayOf } from "./i18n.js";
import { Age, Choices, Select, button, empty, failed, panel } from "./parts.js";
import { deviations, records, usualAt, week } from "./profile.js";
import { PERIODS, Series, samples } from "./series.js";
import { go } from "./state.js";
import { save } from "./csv.js";
import { DAY, HOUR, MINUTE, local, startOfDay, startOfHour } from "./time.js";

const WEEKS = 4;
const NARROW = matchMedia("(max-width: 58rem)");

function usualIn(usualWeek, instant, zone) {
  const { weekday, hour } = local(instant, zone);
  return usualWeek?.[weekday][hour];
}

/** A view of one city's counters. */
export class FootfallView {
  constructor(city) {
    this.city = city;
    this.heading = h("h1", { tabindex: "-1" }, city.name ? t("titleFootfall", { city: city.name }) : t("titleFootfallPlain"));
    this.warning = h("p", { class: "note", role: "status", hidden: true });
    this.count = h("strong", { class: "huge" });
    this.of = h("span", { class: "of" });
    this.usual = h("p", { class: "usual" });
    this.today = h("p", { class: "notes" });
    this.age = new Age();
    this.places = new Select(t("counter"), (place) => go({ place, compare: this.state.compare === place ? "" : this.state.compare }));
    this.periods = new Choices(t("period"));
    this.compared = new Select(t("compare"), (compare) => go({ compare }));
    this.series = new Series(city);
    this.heatTable = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("heatCaption") });
    this.heatKey = h("div");
    this.heatNote = h("p", { class: "note" });
    this.heatWhole = [this.heatTable, h("div", { class: "under" }, this.heatKey, button(t("download"), () => this.heatFile())), this.heatNote];
    this.heats = new Choices(t("heatShown"));
    this.heat = h("div");
    this.recordList = h("dl", { class: "records" });
    this.comparison = h("div");
    this.node = h("div", { class: "view footfall" }, this.heading, this.warning,
      h("div", { class: "lead lead-even" },
        h("section", { class: "hero", "aria-label": t("footfall") }, h("p", { class: "headline" }, this.count, " ", this.of), this.usual, this.today, this.age.node),
        panel(t("records"), { className: "records-panel", note: t("recordNote", { n: WEEKS }) }, this.recordList)),
      h("div", { class: "controls" }, this.places.node, this.periods.node, this.compared.node), this.series.node,
      panel(t("heat"), { className: "heat-panel", tools: h("div", { class: "tools" }, this.heats.node) }, this.heat),
      panel(t("comparison"), { className: "comparison-panel" }, this.comparison));
    this.changed = settled(() => this.update());
    this.narrowed = () => this.#history();
    city.addEventListener("change", this.changed);
    NARROW.addEventListener("change", this.narrowed);
    this.timer = setInterval(() => this.#history(), MINUTE);
  }

  show(state) {
    this.state = state;
    this.update();
    this.#history();
  }

  get chosen() {
    return this.city.counters.find((counter) => counter.id === this.state.place);
  }

  /** Shows what the live state tells: which counters there are. */
  update() {
    const { city, state, chosen } = this;
    this.warning.hidden = !(city.loaded && state.place && !chosen);
    this.warning.textContent = this.warning.hidden ? "" : t("unknownPlace");
    this.age.show(city.newestCount);
    if (city.loaded && !city.counters.length) {
      setText(this.count, "");
      setText(this.of, t("noFootfall"));
    }
    this.node.classList.toggle("empty-view", city.loaded && !city.counters.length);
    const names = city.counters.map((counter) => counter.id).join();
    if (names !== this.known) {
      this.known = names;
      this.#controls();
      if (names && this.state) this.#history();
    }
  }

  #controls() {
    const { state, city } = this;
    const others = city.counters.filter((counter) => counter.id !== state.place).map((counter) => [counter.id, counter.name]);
    const compared = state.compare === "past" || others.some(([id]) => id === state.compare) ? state.compare : "";
    this.places.show([["", t("allCounters")], ...city.counters.map((counter) => [counter.id, counter.name])], this.chosen ? state.place : "");
    this.periods.show(Object.entries(PERIODS).map(([period, { text }]) => ({ text: t(text), state: { period }, chosen: period === this.period })));
    this.heats.show([["", "heatUsual"], ["deviation", "heatDeviation"]].map(([heat, text]) => ({ text: t(text), state: { heat }, chosen: heat === this.heatShown })));
    this.compared.show([["", t("compareNone")], ["past", t("comparePast")], ...others], compared);
  }

  get heatShown() {
    return this.state.heat === "deviation" ? "deviation" : "";
  }

  get period() {
    return this.state.period in PERIODS ? this.state.period : "week";
  }

  async #history() {
    const { city } = this;
    if (!this.state || !city.counters.length) return;
    this.#controls();
    const counters = this.chosen ? [this.chosen] : city.counters;
    const { chosen } = this;
    const other = city.counters.find((counter) => counter.id === this.state.compare);
    this.series.show({
      counters, name: chosen?.name ?? t("allCounters"), period: this.period, past: this.state.compare === "past", other,
      names: { towards: chosen?.towards ?? t("towards"), away: chosen?.away ?? t("away") },
    });
    const asked = (this.asked = {});
    try {
      const now = Date.now();
      const from = weeksAgo(WEEKS, city.zone, now);
      const [all, inPeriod, typical] = await Promise.all([windows(city, city.counters, from, now), Promise.all(city.counters.map((counter) => samples(city, [counter], this.period))), typicalWeeks(city)]);
      if (asked !== this.asked) return;
      const shown = summed(counters.map((counter) => all.get(counter.id) ?? []));
      // What is usual for one counter the interface tells; a sum of medians is no median.
      const usual = counters.length === 1 ? typical.get(counters[0].id) : undefined;
      this.#headline(shown, usual, now);
      this.#heat(shown, usual, now);
      this.#records(shown, now);
      this.#compare(all, inPeriod, now);
    } catch (failure) {
      console.warn(failure);
      if (asked === this.asked) this.heat.replaceChildren(failed(() => this.#history()));
    }
  }

  #headline(shown, usualWeek, now) {
    const { zone } = this.city;
    const last = shown.findLast((window) => window.to <= now && window.total !== undefined);
    const recent = last && last.to > now - 2 * HOUR;
    setText(this.count, recent ? number(last.total) : "–", true);
    setText(this.of, recent ? `${t("people")} ${t("peopleHour")} (${t("hourRange", { from: clock(last.from, zone), to: clock(last.to, zone) })})` : t("unavailable"));
    const usual = recent ? usualIn(usualWeek, last.from, zone) ?? usualAt(shown, last.from, zone) : undefined;
    const change = usual ? last.total / usual - 1 : undefined;
    this.usual.textContent = !recent ? "" : usual === undefined ? t("noUsual")
      : `${Math.abs(change) < 0.05 ? t("asUsual") : t("more", { p: difference(change) })} ${t("on", { weekday: weekdayOf(last.from, zone) })} (${t("usual", { n: number(Math.round(usual)) })})`;
    const today = shown.filter((window) => window.from >= startOfDay(now, zone) && window.total !== undefined);
    this.today.textContent = today.length ? `${t("peopleToday")}: ${number(today.reduce((sum, window) => sum + window.total, 0))} ${t("people")}` : "";
  }

  #heat(shown, usualWeek, now) {
    const { zone } = this.city;
    const deviation = this.heatShown === "deviation";
    const usual = usualWeek ?? week(deviation ? shown.filter((window) => window.from < now - 7 * DAY) : shown, zone);
    const found = deviation ? deviations(shown, usual, zone, now) : usual;
    if (found.flat().every((value) => value === undefined)) return this.heat.replaceChildren(empty("heatNone"));
    const column = deviation ? "deviation" : "people_median";
    this.heatFile = () => save(`freiraum-${this.city.key}-footfall-${deviation ? "deviation" : "week"}`, ["weekday", "hour", column], found.flatMap((hours, day) => hours.map((value, hour) => [day + 1, hour, value])));
    this.heatTable.replaceChildren(heatTable(found, { caption: t(deviation ? "heatDeviationCaption" : "heatCaption"), now: local(now, zone), narrow: NARROW.matches, deviation }));
    this.heatKey.replaceChildren(heatKey(deviation));
    this.heatNote.textContent = `${t(deviation ? "heatDeviationNote" : "heatMedianNote")} ${usualWeek ? t("heatProfileNote") : t("heatWeeksNote", { n: deviation ? WEEKS - 1 : WEEKS })}`;
    if (this.heat.firstChild !== this.heatTable) this.heat.replaceChildren(...this.heatWhole);
  }

  #records(shown, now) {
    const { zone } = this.city;
    const { hour, day, quiet, mean } = records(shown, daily(shown, zone, now));
    const entry = (title, value, when) => h("div", {}, h("dt", {}, title), h("dd", {}, h("strong", {}, number(value)), " ", h("span", {}, when)));
    this.recordList.replaceChildren(
      entry(t("recordHour"), hour?.total, hour ? `${date(hour.from, zone)}, ${t("hourRange", { from: clock(hour.from, zone), to: clock(hour.to, zone) })}` : ""),
      entry(t("recordDay"), day?.total, day ? date(day.from, zone) : ""),
      entry(t("recordQuiet"), quiet?.total, quiet ? date(quiet.from, zone) : ""),
      entry(t("recordMean"), mean === undefined ? undefined : Math.round(mean), ""));
  }

  #compare(all, inPeriod, now) {
    const { city } = this;
    const rows = city.counters.map((counter, place) => {
      const hours = all.get(counter.id) ?? [];
      const last = hours.find((window) => window.from === startOfHour(now) - HOUR);
      const usual = last && usualAt(hours, last.from, city.zone);
      const days = daily(hours, city.zone, now).filter((one) => complete(one, now));
      return {
        counter, last: last?.total, index: usual && last.total !== undefined ? Math.round((last.total / usual) * 100) : undefined,
        period: known(inPeriod[place]) ? inPeriod[place].reduce((sum, window) => sum + (window.total ?? 0), 0) : undefined, perDay: days.length ? Math.round(days.reduce((sum, one) => sum + one.total, 0) / days.length) : undefined,
      };
    }).sort((left, right) => (right.last ?? -1) - (left.last ?? -1) || sorter.compare(left.counter.name, right.counter.name));
    const heads = [t("counter"), t("lastHour"), t("index"), `${t("inPeriod")} (${t(PERIODS[this.period].text)})`, t("perDay")];
    this.comparison.replaceChildren(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("comparisonCaption") },
      h("table", { class: "plain" }, h("caption", { class: "visually-hidden" }, t("comparisonCaption")), h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
        h("tbody", {}, rows.map(({ counter, last, index, period, perDay }) => h("tr", {}, h("th", { scope: "row" }, counter.name), h("td", {}, number(last)), h("td", {}, number(index)), h("td", {}, number(period)), h("td", {}, number(perDay))))))),
    h("p", { class: "note" }, t("indexNote")));
  }

  tick() {
    this.age.show();
  }

  close() {
    this.city.removeEventListener("change", this.changed);
    NARROW.removeEventListener("change", this.narrowed);
    clearInterval(this.timer);
    this.series.close();
  }
}
