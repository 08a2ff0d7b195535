// Series of the past from the temporal interface.

import * as api from "./api.js";
import { instant } from "./entity.js";
import { weekOf } from "./profile.js";
import { remembered } from "./remember.js";
import { DAY, HOUR, MINUTE, startOfDay } from "./time.js";

/** Values of one attribute of an evolution by the begin of their period. */
function byPeriod(evolution, attribute, method) {
  const rows = [evolution?.[attribute]].flat()[0]?.[method] ?? [];
  return new Map(rows.map(([value, from]) => [instant(from), value]));
}

/**
 * Windows of counters between two instants, by counter: `{from, to, total, towards, away, coverage}` in the order of time. Windows of which nothing is
 * known are not there. `length` is PT1H or P1D.
 */
export function windows(city, counters, from, to, length = "PT1H") {
  const ids = counters.map((counter) => `${counter.id}:${length}`);
  return remembered(["windows", city.key, ids, from, Math.floor(to / MINUTE), length].join(" "), async () => {
    const attributes = ["peopleCount", "peopleCountTowards", "peopleCountAway", "coverage"];
    // Each period of an hour holds one window at the most, so its sum is the window's value.
    const found = await api.evolutions(city, "footfall", { type: "CrowdFlowObserved", ids, attributes, method: "sum", period: "PT1H", from: from - 1, to });
    const evolutions = new Map(found.map((evolution) => [evolution.id, evolution]));
    return new Map(counters.map((counter) => {
      const evolution = evolutions.get(`${counter.id}:${length}`);
      const [total, towards, away, coverage] = attributes.map((name) => byPeriod(evolution, name, "sum"));
      const starts = [...new Set([...coverage.keys(), ...total.keys()])].sort((left, right) => left - right);
      return [counter.id, starts.map((start) => windowOf(start, length, city.zone, { total, towards, away, coverage }))];
    }));
  });
}

/** The usual weeks that the interface tells, by counter; counters of which it tells none are not there. */
export function typicalWeeks(city) {
  return remembered(`typical weeks ${city.key}`, async () => {
    const found = await api.entities(city, "footfall", { type: "CrowdFlowProfile", format: "simplified" });
    return new Map(found.map((profile) => [profile.refCounter, weekOf(profile.typicalWeek)]));
  });
}

function windowOf(period, length, zone, values) {
  // Periods begin a millisecond before the window, so that a window at the very begin is among them.
  const from = Math.ceil(period / MINUTE) * MINUTE;
  const value = (name) => values[name].get(period);
  return {
    from, to: length === "P1D" ? startOfDay(from, zone, 1) : from + HOUR,
    total: value("total"), towards: value("towards"), away: value("away"),
    // Who does not tell how much was counted is believed.
    coverage: values.coverage.size ? value("coverage") : 1,
  };
}

/** Whether a window was counted through, and is over. */
export const complete = (window, now = Date.now()) => window.total !== undefined && window.coverage >= 0.95 && window.to <= now;

/** Whether anything was counted in these windows. */
export const known = (windows) => windows.some((window) => window.total !== undefined);

/**
 * The windows of several counters together. An hour that one of them does not have is left out, for a sum of some would look like a sum of all; a counter
 * that has none at all is no part of the sum.
 */
export function summed(series) {
  const all = [...series].filter(known);
  if (!all.length) return [];
  if (all.length === 1) return all[0];
  const byStart = new Map();
  for (const windows of all) {
    for (const window of windows) byStart.set(window.from, [...(byStart.get(window.from) ?? []), window]);
  }
  const plus = (windows, name) => (windows.every((window) => window[name] !== undefined) ? windows.reduce((sum, window) => sum + window[name], 0) : undefined);
  return [...byStart].filter(([, windows]) => windows.length === all.length).sort(([left], [right]) => left - right).map(([from, windows]) => ({
    from, to: windows[0].to, total: plus(windows, "total"), towards: plus(windows, "towards"), away: plus(windows, "away"),
    coverage: Math.min(...windows.map((window) => window.coverage)),
  }));
}

/** Windows of a day from those of its hours; the running day is there as well. */
export function daily(windows, zone, now = Date.now()) {
  const days = new Map();
  for (const window of windows) {
    const day = startOfDay(window.from, zone);
    days.set(day, [...(days.get(day) ?? []), window]);
  }
  return [...days].map(([from, hours]) => {
    const to = startOfDay(from, zone, 1);
    const plus = (name) => {
      const numbers = hours.map((hour) => hour[name]).filter((number) => number !== undefined);
      return numbers.length ? numbers.reduce((sum, one) => sum + one, 0) : undefined;
    };
    const due = Math.max(1, Math.ceil((Math.min(to, now) - from) / HOUR));
    return { from, to, total: plus("total"), towards: plus("towards"), away: plus("away"), coverage: Math.min(1, (plus("coverage") ?? 0) / due) };
  });
}

export const weeksAgo = (weeks, zone, now = Date.now()) => startOfDay(now - weeks * 7 * DAY, zone);
