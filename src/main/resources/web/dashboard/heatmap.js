// Hour by weekday as a table whose cells are coloured: the numbers are there for everyone.

import { h } from "./dom.js";
import { compact, hourName, number, t, weekday } from "./i18n.js";

const SHADES = 8;
const HOURS = Array.from({ length: 24 }, (none, hour) => hour);
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** The table of `week[weekday][hour]`; on narrow screens the hours go down instead of across. */
export function heatTable(week, { caption, now, narrow }) {
  const most = Math.max(0, ...week.flat().filter((value) => value !== undefined));
  const cell = (day, hour) => {
    const value = week[day][hour];
    const shade = value === undefined ? "none" : most ? Math.min(SHADES - 1, Math.floor((value / most) * SHADES)) : 0;
    const classes = `heat heat-${shade}${now && now.weekday === day && now.hour === hour ? " heat-now" : ""}`;
    return h("td", { class: classes, title: `${weekday(day)}, ${hourName(hour)}: ${value === undefined ? t("missing") : number(value)}` },
      value === undefined ? h("span", { class: "visually-hidden" }, t("missing")) : value < 10_000 ? number(value) : compact(value));
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
export function heatKey() {
  return h("p", { class: "heat-key", "aria-hidden": "true" }, t("few"), h("span", {}, Array.from({ length: SHADES }, (none, shade) => h("i", { class: `heat-${shade}` }))), t("many"));
}
