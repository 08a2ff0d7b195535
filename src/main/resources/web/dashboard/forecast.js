// The occupancy of a day against what is usual on its weekday; for days to come the usual course is the forecast.

import { Chart, DataTable, key } from "./chart.js";
import { save } from "./csv.js";
import { h } from "./dom.js";
import { clock, date, hourName, percent, t, weekday } from "./i18n.js";
import { weeksAgo } from "./history.js";
import { joined, occupancy } from "./occupancy.js";
import { Choices, button, empty, failed, panel } from "./parts.js";
import { byHour, instantOf, stepAt, typicalDay } from "./profile.js";
import { HOUR, MINUTE, local, startOfDay } from "./time.js";

const WEEKS = 4;
const STEP = 30;

/** The panel with curve, forecast, table and file. */
export class Forecast {
  constructor(city) {
    this.city = city;
    this.days = new Choices(t("curveDay"));
    this.key = h("div");
    this.chart = new Chart({ zone: city.zone, write: percent, label: t("curve") });
    this.note = h("p", { class: "note" });
    this.table = new DataTable(t("seriesTable"));
    this.whole = [this.key, this.chart.node, this.note, h("div", { class: "under" }, this.table.node, button(t("download"), () => this.file()))];
    this.body = h("div");
    this.node = panel(t("curve"), { className: "curve" }, h("div", { class: "tools" }, this.days.node), this.body);
  }

  /** Shows a day (0 is today, up to 6) for these places. */
  async show(sites, name, day) {
    const { zone } = this.city;
    const now = Date.now();
    this.days.show(Array.from({ length: 7 }, (none, later) => ({
      text: later === 0 ? t("today") : later === 1 ? t("tomorrow") : weekday(local(startOfDay(now, zone, later), zone).weekday), state: { day: String(later) }, chosen: later === day,
    })));
    const asked = (this.asked = {});
    try {
      const found = await occupancy(this.city, sites, weeksAgo(WEEKS, zone, now), now);
      if (asked === this.asked) this.#draw(joined(found, sites), name, day, now);
    } catch (failure) {
      console.warn(failure);
      if (asked === this.asked) this.body.replaceChildren(failed(() => this.show(sites, name, day)));
    }
  }

  #draw(samples, name, later, now) {
    const { zone } = this.city;
    const from = startOfDay(now, zone, later);
    const to = startOfDay(from, zone, 1);
    const usual = typicalDay(samples, local(from, zone).weekday, zone, startOfDay(now, zone), STEP);
    const course = usual.course.map((one) => ({ ...one, at: instantOf(from, one.minute + STEP / 2, zone), value: one.middle }));
    const today = samples.filter((sample) => sample.from >= from && sample.from < to);
    if (!course.length && !today.length) {
      this.body.replaceChildren(empty(later ? "curveNone" : "curveEmpty", { weekday: weekday(local(from, zone).weekday) }));
      return;
    }
    const near = (list, at) => list.find((one) => at >= (one.from ?? one.at - STEP * MINUTE / 2) && at < (one.to ?? one.at + STEP * MINUTE / 2));
    const describe = (at) => {
      const measured = near(today, at);
      const typical = near(course, at);
      const values = [measured && `${t("measured")} ${percent(measured.value)}`, typical && `${t("typical")} ${percent(typical.middle)} (${percent(typical.low)}–${percent(typical.high)})`];
      return t("chartValue", { time: clock(at, zone), values: values.filter(Boolean).join(" · ") || t("missing") });
    };
    const words = this.#words(usual, from);
    this.chart.show({
      from, to, top: 1, now, describe, label: `${t("curve")}, ${name}, ${date(from, zone)}. ${words}`, rest: words,
      series: [
        { kind: "band", name: "usual", values: usual.days > 1 ? course : [] },
        { kind: "line", name: "usual", values: course, hole: 2 * HOUR },
        { kind: "line", name: "measured", values: today, hole: HOUR, area: true },
      ],
    });
    this.table.show({
      caption: `${t("curve")}: ${name}, ${date(from, zone)}`, columns: [t("time"), t("measured"), t("typical"), t("range")],
      rows: () => this.#rows(from, today, course).map(([at, measured, one]) => [clock(at, zone), measured === undefined ? t("missing") : percent(measured), percent(one?.middle), one ? `${percent(one.low)}–${percent(one.high)}` : "–"]),
    });
    this.file = () => save(`freiraum-${this.city.key}-${new Date(from + 12 * HOUR).toISOString().slice(0, 10)}`, ["time", "occupancy", "usual", "usual_lowest", "usual_highest"],
      this.#rows(from, today, course).map(([at, measured, one]) => [new Date(at).toISOString(), measured, one?.middle, one?.low, one?.high].map((value) => (typeof value === "number" ? Number(value.toFixed(4)) : value))));
    const entries = [...(today.length ? [["measured", "line", t("measured")]] : []), ...(course.length ? [["usual", "line", t("typical")]] : []), ...(usual.days > 1 ? [["usual", "band", t("range")]] : [])];
    this.key.replaceChildren(key(entries));
    this.note.textContent = usual.days ? t("curveNote", { n: usual.days }) : t("curveNone", { weekday: weekday(local(from, zone).weekday) });
    if (this.body.firstChild !== this.key) this.body.replaceChildren(...this.whole);
  }

  #words(usual, from) {
    const hours = byHour(usual).map((value, hour) => ({ value, hour })).filter(({ value, hour }) => value !== undefined && hour >= 6 && hour <= 21);
    if (hours.length < 6) return "";
    const full = hours.reduce((most, one) => (one.value > most.value ? one : most));
    const calm = hours.reduce((least, one) => (one.value < least.value ? one : least));
    return t("peak", { weekday: t("on", { weekday: weekday(local(from, this.city.zone).weekday) }), hour: hourName(full.hour), share: percent(full.value), calm: hourName(calm.hour), low: percent(calm.value) });
  }

  #rows(from, today, course) {
    const steps = new Map();
    const stepOf = (at) => Math.floor((at - from) / (STEP * MINUTE));
    for (const one of course) steps.set(stepOf(one.at), { one });
    for (const { from: at, value } of today) {
      const step = steps.get(stepOf(at)) ?? {};
      steps.set(stepOf(at), { ...step, values: [...(step.values ?? []), value] });
    }
    return [...steps].sort(([left], [right]) => left - right).map(([step, { one, values }]) => [from + step * STEP * MINUTE, values && values.reduce((sum, value) => sum + value, 0) / values.length, one]);
  }

  /** The share of spaces that is usually taken at this moment, or undefined. */
  async usualNow(sites) {
    const { zone } = this.city;
    const now = Date.now();
    try {
      const found = joined(await occupancy(this.city, sites, weeksAgo(WEEKS, zone, now), now), sites);
      return stepAt(typicalDay(found, local(now, zone).weekday, zone, startOfDay(now, zone), STEP), now, zone, STEP)?.middle;
    } catch (failure) {
      console.warn(failure);
      return undefined;
    }
  }

  close() {
    this.chart.resized.disconnect();
  }
}
