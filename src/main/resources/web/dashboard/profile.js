// What is usual: by hour of the week for footfall, by time of the day for parking.

import { complete } from "./history.js";
import { DAY, MINUTE, local, startOfDay } from "./time.js";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** The middle of a list of numbers. */
export function median(numbers) {
  if (!numbers.length) return undefined;
  const sorted = [...numbers].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const mean = (numbers) => (numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : undefined);

/** Medians of complete windows by weekday (0 is Monday) and hour; undefined where there are none. */
export function week(windows, zone) {
  const values = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => []));
  for (const window of windows.filter((one) => complete(one))) {
    const { weekday, hour } = local(window.from, zone);
    values[weekday][hour].push(window.total);
  }
  return values.map((hours) => hours.map(median));
}

/** A typical week as the interface tells it (`typicalWeek` of a CrowdFlowProfile), in the form of `week`. */
export function weekOf(typicalWeek) {
  return WEEKDAYS.map((day) => Array.from({ length: 24 }, (none, hour) => {
    const people = typicalWeek?.[day]?.[`h${String(hour).padStart(2, "0")}`];
    return Number.isFinite(people) ? people : undefined;
  }));
}

/** How far the complete hours of the last seven days were from a usual week, by weekday and hour: 0.25 is a quarter more. */
export function deviations(windows, usual, zone, now = Date.now()) {
  const found = Array.from({ length: 7 }, () => Array(24).fill(undefined));
  for (const window of windows.filter((one) => one.from >= now - 7 * DAY && complete(one, now))) {
    const { weekday, hour } = local(window.from, zone);
    const typical = usual[weekday][hour];
    if (typical > 0) found[weekday][hour] = window.total / typical - 1;
  }
  return found;
}

/** What is usual at the hour of an instant: the median of the complete windows of the same hour and weekday on other days. */
export function usualAt(windows, instant, zone) {
  const { weekday, hour } = local(instant, zone);
  const same = windows.filter((window) => {
    if (window.from >= startOfDay(instant, zone) || !complete(window)) return false;
    const then = local(window.from, zone);
    return then.weekday === weekday && then.hour === hour;
  });
  return median(same.map((window) => window.total));
}

/** The strongest hour and day, the quietest day and the mean of the days, of complete ones. */
export function records(hours, days) {
  const whole = days.filter((day) => complete(day));
  const most = (list) => list.reduce((best, one) => (best === undefined || one.total > best.total ? one : best), undefined);
  const least = (list) => list.reduce((best, one) => (best === undefined || one.total < best.total ? one : best), undefined);
  return { hour: most(hours.filter((hour) => complete(hour))), day: most(whole), quiet: least(whole), mean: mean(whole.map((day) => day.total)) };
}

/**
 * The usual course of a weekday: of samples `{from, value}` on earlier days of it, in steps of the day, `{minute, low, middle, high, days}`. Steps without
 * samples are left out.
 */
export function typicalDay(samples, weekday, zone, before, step = 30) {
  const steps = new Map();
  const seen = new Set();
  for (const { from, value } of samples) {
    if (from >= before || value === undefined) continue;
    const when = local(from, zone);
    if (when.weekday !== weekday) continue;
    const minute = Math.floor((when.hour * 60 + when.minute) / step) * step;
    const day = `${when.year}-${when.month}-${when.day}`;
    seen.add(day);
    if (!steps.has(minute)) steps.set(minute, new Map());
    steps.get(minute).set(day, [...(steps.get(minute).get(day) ?? []), value]);
  }
  const course = [...steps].sort(([left], [right]) => left - right).map(([minute, byDay]) => {
    const values = [...byDay.values()].map(mean);
    return { minute, low: Math.min(...values), middle: mean(values), high: Math.max(...values) };
  });
  return { course, days: seen.size };
}

/** The step of a usual course that holds an instant. */
export function stepAt({ course }, instant, zone, step = 30) {
  const { hour, minute } = local(instant, zone);
  return course.find((one) => one.minute === Math.floor((hour * 60 + minute) / step) * step);
}

/** The instant of a minute of a day, also on days on which clocks change. */
export function instantOf(day, minute, zone) {
  const guess = day + minute * MINUTE;
  const shown = local(guess, zone);
  const missed = minute - (shown.hour * 60 + shown.minute);
  return guess + (Math.abs(missed) <= 120 ? missed * MINUTE : 0);
}

/** Of whole hours, the mean of a usual course. */
export function byHour({ course }) {
  return Array.from({ length: 24 }, (none, hour) => mean(course.filter((one) => Math.floor(one.minute / 60) === hour).map((one) => one.middle)));
}
