// People over time: by direction, beside another period or place, with gaps that are shown as gaps.

import { Chart, DataTable, key } from "./chart.js";
import { save } from "./csv.js";
import { h } from "./dom.js";
import { clock, compact, date, number, percent, t } from "./i18n.js";
import { complete, daily, known, summed, windows } from "./history.js";
import { button, empty, failed, panel } from "./parts.js";
import { HOUR, days, startOfDay, startOfHour } from "./time.js";

/** The periods that can be chosen: how many days, and of which windows. */
export const PERIODS = {
  day: { days: 1, text: "periodDay", length: "PT1H" },
  week: { days: 7, text: "periodWeek", length: "PT1H" },
  month: { days: 28, text: "periodMonth", length: "PT1H", daily: true },
  year: { days: 365, text: "periodYear", length: "P1D" },
};

/** Begin and end of a period that includes today, or of the one before it. */
export function range(period, zone, now = Date.now(), before = false) {
  const { days: count } = PERIODS[period];
  const from = startOfDay(now, zone, 1 - count - (before ? count : 0));
  return { from, to: startOfDay(from, zone, count) };
}

/** Windows of a period, of these counters together. */
export async function samples(city, counters, period, before = false) {
  const found = summed((await windowsOf(city, counters, period, before)).values());
  return PERIODS[period].daily ? daily(found, city.zone) : found;
}

function windowsOf(city, counters, period, before) {
  const { from, to } = range(period, city.zone, Date.now(), before);
  return windows(city, counters, from, Math.min(to, Date.now()), PERIODS[period].length);
}

/** The panel with chart, table and file. */
export class Series {
  constructor(city) {
    this.city = city;
    this.title = h("h3", { class: "chart-title" });
    this.key = h("div");
    this.chart = new Chart({ zone: city.zone, write: compact, label: t("series") });
    this.note = h("p", { class: "note" });
    this.table = new DataTable(t("seriesTable"));
    this.whole = [this.title, this.key, this.chart.node, this.note, h("div", { class: "under" }, this.table.node, button(t("download"), () => this.file()))];
    this.body = h("div");
    this.node = panel(t("series"), { className: "series" }, this.body);
  }

  /** Shows these counters; `names` has the directions, if they are the same for all; `past` or `other` is set beside. */
  async show({ counters, name, names, period, past, other }) {
    const asked = (this.asked = {});
    try {
      const [now, beside] = await Promise.all([samples(this.city, counters, period), past ? samples(this.city, counters, period, true) : other && samples(this.city, [other], period)]);
      const each = await windowsOf(this.city, counters, period, false);
      const without = counters.filter((counter) => !known(each.get(counter.id) ?? [])).map((counter) => counter.name);
      if (asked === this.asked) this.#draw({ windows: now, without, beside, counters, name, names, period, past, other });
    } catch (failure) {
      console.warn(failure);
      if (asked === this.asked) this.body.replaceChildren(failed(() => this.show({ counters, name, names, period, past, other })));
    }
  }

  #draw({ windows: shown, without, beside, name, names, period, past, other }) {
    const { zone } = this.city;
    const { from, to } = range(period, zone);
    const byDay = period === "month" || period === "year";
    if (!shown.length) return this.body.replaceChildren(empty("noFootfall"));
    const shift = past ? from - range(period, zone, Date.now(), true).from : 0;
    const moved = (beside ?? []).map((window) => ({ ...window, from: window.from + shift, to: window.to + shift, value: window.total }));
    const values = (of) => shown.map((window) => ({ from: window.from, to: window.to, value: window[of], open: window.to > Date.now() || window.coverage < 0.95 }));
    const directed = shown.some((window) => window.towards !== undefined);
    const besideName = past ? t("comparePast") : other?.name;
    const at = (list, instant) => list.find((window) => instant >= window.from && instant < window.to);
    const when = (window) => (byDay ? date(window.from, zone) : `${date(window.from, zone)}, ${clock(window.from, zone)}–${clock(window.to, zone)}`);
    const describe = (instant) => {
      const window = at(shown, instant);
      const compared = at(moved, instant);
      if (!window && !compared) return `${date(instant, zone)}: ${t("missing")}`;
      const parts = window ? [`${number(window.total)} ${t("people")}`, directed && `${number(window.towards)} ${names.towards}`, directed && `${number(window.away)} ${names.away}`, state(window)] : [t("missing")];
      return t("chartValue", { time: when(window ?? compared), values: [...parts, compared && `${besideName}: ${number(compared.total)}`].filter(Boolean).join(" · ") });
    };
    const gaps = this.#gaps(shown, from, Math.min(to, Date.now()), byDay);
    const hours = byDay ? [] : shown.filter((window) => window.to <= Date.now());
    const covered = hours.filter((window) => complete(window)).length;
    const missing = gaps.reduce((sum, gap) => sum + gap.count, 0);
    const words = byDay ? "" : missing ? t("coverageNote", { share: percent(covered / Math.max(1, hours.length + missing)), n: missing }) : covered === hours.length ? t("coverageFull") : t("coverageNote", { share: percent(covered / hours.length), n: 0 });
    this.chart.show({
      from, to, now: Date.now(), gaps, describe, rest: words, label: `${t(byDay ? "seriesDays" : "seriesHours")}, ${name}. ${words}`,
      series: [...(directed ? [{ kind: "bars", name: "towards", values: values("towards") }, { kind: "bars", name: "away", values: values("away") }] : [{ kind: "bars", name: "towards", values: values("total") }]),
        ...(moved.length ? [{ kind: "steps", name: "beside", values: moved, hole: HOUR }] : [])],
    });
    const entries = [...(directed ? [["towards", "bar", names.towards], ["away", "bar", names.away]] : [["towards", "bar", t("people")]]), ...(moved.length ? [["beside", "line", besideName]] : [])];
    this.table.show({
      caption: `${t(byDay ? "seriesDays" : "seriesHours")}: ${name}`,
      columns: [t("time"), t("sum"), ...(directed ? [names.towards, names.away] : []), ...(moved.length ? [besideName] : []), t("state")],
      rows: () => shown.map((window) => [when(window), number(window.total), ...(directed ? [number(window.towards), number(window.away)] : []), ...(moved.length ? [number(at(moved, window.from)?.total)] : []), state(window) ?? t("measured")]).reverse(),
    });
    this.file = () => save(`freiraum-${this.city.key}-footfall-${period}`, ["from", "to", "people", "towards", "away", "coverage", ...(moved.length ? ["compared"] : [])],
      shown.map((window) => [new Date(window.from).toISOString(), new Date(window.to).toISOString(), window.total, window.towards, window.away, window.coverage, ...(moved.length ? [at(moved, window.from)?.total] : [])]));
    this.title.textContent = `${t(byDay ? "seriesDays" : "seriesHours")}: ${name}`;
    this.key.replaceChildren(key(entries));
    this.note.textContent = [gaps.length && t("gaps"), without.length && t("without", { names: without.join(", ") })].filter(Boolean).join(" ");
    if (this.body.firstChild !== this.title) this.body.replaceChildren(...this.whole);
  }

  /** Stretches of the period, from the first window on, for which there is none. */
  #gaps(shown, from, until, byDay) {
    const { zone } = this.city;
    const known = new Set(shown.filter((window) => window.total !== undefined).map((window) => window.from));
    const starts = byDay ? days(from, until, zone) : Array.from({ length: Math.max(0, Math.floor((until - from) / HOUR)) }, (none, hour) => from + hour * HOUR);
    const end = byDay ? (start) => startOfDay(start, zone, 1) : (start) => start + HOUR;
    const gaps = [];
    for (const start of starts.filter((one) => !known.has(one) && end(one) <= startOfHour(until))) {
      if (gaps.at(-1)?.to === start) Object.assign(gaps.at(-1), { to: end(start), count: gaps.at(-1).count + 1 });
      else gaps.push({ from: start, to: end(start), count: 1 });
    }
    return gaps;
  }

  close() {
    this.chart.resized.disconnect();
  }
}

function state(window) {
  if (window.to > Date.now()) return t("running");
  return window.coverage < 0.95 ? t("partial") : undefined;
}
