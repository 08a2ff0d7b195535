// Instants (milliseconds) in the time zone of a city, with the days on which clocks change.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const formats = new Map();

function format(zone) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-GB", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric",
    }));
  }
  return formats.get(zone);
}

/** Calendar fields of an instant; `weekday` counts from Monday, 0. */
export function local(instant, zone) {
  const found = {};
  for (const { type, value } of format(zone).formatToParts(instant)) found[type] = Number(value);
  const { year, month, day, hour, minute } = found;
  return { year, month, day, hour, minute, weekday: (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7 };
}

function offset(instant, zone) {
  const { year, month, day, hour, minute } = local(instant, zone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(instant / MINUTE) * MINUTE;
}

/** The instant at which a clock in the zone shows this; months count from 1, and days may overflow. */
export function at(zone, year, month, day, hour = 0) {
  const wall = Date.UTC(year, month - 1, day, hour);
  const guess = wall - offset(wall, zone);
  return wall - offset(guess, zone);
}

/** Midnight of the day of an instant, or of a day some days later. */
export function startOfDay(instant, zone, later = 0) {
  const { year, month, day } = local(instant, zone);
  return at(zone, year, month, day + later);
}

/** The begins of the days from one instant to another. */
export function days(from, to, zone) {
  const found = [];
  for (let day = startOfDay(from, zone); day < to; day = startOfDay(day, zone, 1)) found.push(day);
  return found;
}

/** The begin of the hour of an instant. */
export const startOfHour = (instant) => Math.floor(instant / HOUR) * HOUR;
