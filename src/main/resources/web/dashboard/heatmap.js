// Hour by weekday as a table whose cells are coloured: the numbers are there for everyone.

import { h } from "./dom.js";
import { compact, difference, hourName, number, t, weekday } from "./i18n.js";

const SHADES = 8;
const HOURS = Array.from({ length: 24 }, (none, hour) => hour);
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** Where one shade of a deviation ends and the next begins. */
const STEPS = [-0.5, -0.25, -0.1, 0.1, 0.25, 0.5];

/** Numbers of people: the more, the darker. */
function people(week) {
  const most = Math.max(0, ...week.flat().filter((value) => value !== undefined));
  return {
    shade: (value) => `heat-${most ? Math.min(SHADES - 1, Math.floor((value / most) * SHADES)) : 0}`,
    title: number,
    text: (value) => (value < 10_000 ? number(value) : compact(value)),
  };
}

/** Deviations from what is usual: less in one colour, more in another one. */
const DEVIATION = { shade: (value) => `off-${STEPS.filter((step) => value > step).length}`, title: difference, text: difference };

/** The table of `week[weekday][hour]`, numbers of people or deviations; on narrow screens the hours go down instead of across. */
export function heatTable(week, { caption, now, narrow, deviation = false }) {
  const { shade, title, text } = deviation ? DEVIATION : people(week);
  const cell = (day, hour) => {
    const value = week[day][hour];
    const classes = `heat ${value === undefined ? "heat-none" : shade(value)}${now && now.weekday === day && now.hour === hour ? " heat-now" : ""}`;
    return h("td", { class: classes, title: `${weekday(day)}, ${hourName(hour)}: ${value === undefined ? t("missing") : title(value)}` },
      value === undefined ? h("span", { class: "visually-hidden" }, t("missing")) : text(value));
  };
  const dayHead = (day, scope) => h("th", { scope }, h("abbr", { title: weekday(day) }, weekday(day, "short")));
  const hourHead = (hour, scope) => h("th", { scope }, h("abbr", { title: hourName(hour) }, String(hour)));
  const corner = h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, t(narrow ? "hourHead" : "weekdayHead")));
  return h("table", { class: `heat-table${narrow ? " narrow" : ""}` }, h("caption", { class: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, corner, narrow ? DAYS.map((day) => dayHead(day, "col")) : HOURS.map((hour) => hourHead(hour, "col")))),
    h("tbody", {}, narrow ? HOURS.map((hour) => h("tr", {}, hourHead(hour, "row"), DAYS.map((day) => cell(day, hour))))
      : DAYS.map((day) => h("tr", {}, dayHead(day, "row"), HOURS.map((hour) => cell(day, hour))))));
}

/** The key of the shades. */
export function heatKey(deviation = false) {
  const [low, high, shades, name] = deviation ? ["less", "moreThan", STEPS.length + 1, "off"] : ["few", "many", SHADES, "heat"];
  return h("p", { class: "heat-key", "aria-hidden": "true" }, t(low), h("span", {}, Array.from({ length: shades }, (none, shade) => h("i", { class: `${name}-${shade}` }))), t(high));
}
