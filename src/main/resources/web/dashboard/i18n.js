// The language comes from ?lang=, else from the browser; nothing is stored. Numbers and times follow the language, times also the city's zone.

import de from "./texts-de.js";
import en from "./texts-en.js";

const TEXTS = { de, en };
const asked = new URLSearchParams(location.search).get("lang");

/** `de` or `en`. */
export const language = asked in TEXTS ? asked : (navigator.language || "de").toLowerCase().startsWith("de") ? "de" : "en";
export const otherLanguage = language === "de" ? "en" : "de";

const locale = language === "de" ? "de-DE" : "en-GB";
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const shares = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
const signed = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const formats = new Map();

/** A text of the language with its values; with `n` in the singular if there is one and n is 1. */
export function t(key, values = {}) {
  const texts = TEXTS[language];
  const found = (values.n === 1 || values.n === "1") && texts[key + "One"] ? texts[key + "One"] : texts[key];
  if (found === undefined) throw new Error("no text " + key);
  return found.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A whole number; a dash for what is not known. */
export const number = (value) => (Number.isFinite(value) ? whole.format(value) : "–");
export const compact = (value) => (Number.isFinite(value) ? short.format(value) : "–");
export const percent = (share) => (Number.isFinite(share) ? shares.format(share) : "–");
export const difference = (share) => (Number.isFinite(share) ? signed.format(share) : "–");
export const sorter = new Intl.Collator(locale, { numeric: true });

function written(instant, zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone, ...options }));
  return formats.get(key).format(instant);
}

export const clock = (instant, zone) => written(instant, zone, { hour: "2-digit", minute: "2-digit" });
export const date = (instant, zone) => written(instant, zone, { weekday: "short", day: "numeric", month: "short" });
export const month = (instant, zone) => written(instant, zone, { month: "short" });
export const longDate = (instant, zone) => written(instant, zone, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
export const weekdayOf = (instant, zone) => written(instant, zone, { weekday: "long" });
/** Name of a weekday; 0 is Monday. */
export const weekday = (day, width = "long") => written(Date.UTC(2024, 0, 1 + day, 12), "UTC", { weekday: width });
export const hourName = (hour) => t("oclock", { hour });

/** How long ago, in the largest unit that fits. */
export function ago(instant, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - instant) / 1000));
  if (seconds < 60) return relative.format(-(seconds - (seconds % 5)), "second");
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86400) return relative.format(-Math.floor(seconds / 3600), "hour");
  return relative.format(-Math.floor(seconds / 86400), "day");
}

/** Puts the texts of the language into the page as it was delivered. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-i18n]")) element.textContent = t(element.dataset.i18n);
}
