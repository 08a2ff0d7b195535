// Texts in German and English. The language comes from ?lang=, else from the browser; nothing is stored.

const TEXTS = {
  de: {
    skip: "Zum Inhalt",
    headline: "Was ist frei, was ist los?",
    lead: "Parkplätze und Fußgängerzahlen aus den Städten, gemessen von Sensoren und als offene Daten für alle.",
    loading: "Daten werden geladen …",
    live: "Live verbunden",
    polling: "Aktualisierung alle 15 Sekunden",
    lost: "Verbindung unterbrochen – die Werte sind veraltet, neuer Versuch läuft",
    simulated: "Vorführbetrieb: Alle Sensoren und Werte auf dieser Seite sind simuliert. Sie sagen nichts über die wirkliche Lage in den Städten.",
    footer: "Alle Werte sind über die offene NGSI-LD-Schnittstelle abrufbar. Diese Seite lädt nichts von Dritten und setzt keine Cookies.",
    api: "Schnittstelle", imprint: "Impressum", privacy: "Datenschutz", cities: "Städte", allCity: "Übersicht",
    parking: "Parkplätze", parkingNote: "Einzelplätze mit Sensor, zusammengezählt je Ort",
    place: "Ort", free: "frei", of: "von", unknown: "unbekannt", occupied: "belegt", full: "voll",
    counters: "Fußgängerinnen und Fußgänger", hour: "Stunde ab {from}", sum: "zusammen", directions: "je Richtung", counter: "Zählstelle",
    freeSpots: "freie Plätze", ofTotal: "von {n}", people: "Menschen gezählt", since: "seit {from}", sensors: "ohne aktuellen Messwert", spots: "Plätze",
    age: "neuester Messwert {age}", noData: "Noch keine Daten.", noAge: "kein Messwert",
    measured: "", estimated: "geschätzt", partial: "Stunde unvollständig erfasst", towards: "hin", away: "zurück",
    barLabel: "{free} frei, {taken} belegt, {unknown} unbekannt",
    announce: "Aktualisiert: {text}", cityFree: "{city} {n} frei",
    switchText: "English", switchLang: "en",
  },
  en: {
    skip: "Skip to content",
    headline: "What is free, what is going on?",
    lead: "Parking and pedestrian counts from the cities, measured by sensors and published as open data for everyone.",
    loading: "Loading data …",
    live: "Connected live",
    polling: "Refreshed every 15 seconds",
    lost: "Connection lost – values are out of date, trying again",
    simulated: "Demonstration: all sensors and values on this page are simulated. They say nothing about the real situation in the cities.",
    footer: "All values are available through the open NGSI-LD interface. This page loads nothing from third parties and sets no cookies.",
    api: "Interface", imprint: "Imprint", privacy: "Privacy", cities: "Cities", allCity: "Overview",
    parking: "Parking", parkingNote: "Single bays with sensors, added up by place",
    place: "Place", free: "free", of: "of", unknown: "unknown", occupied: "taken", full: "full",
    counters: "Pedestrians", hour: "Hour from {from}", sum: "total", directions: "by direction", counter: "Counter",
    freeSpots: "free bays", ofTotal: "of {n}", people: "people counted", since: "since {from}", sensors: "without a recent reading", spots: "bays",
    age: "newest reading {age}", noData: "No data yet.", noAge: "no reading",
    measured: "", estimated: "estimated", partial: "hour not fully covered", towards: "towards", away: "away",
    barLabel: "{free} free, {taken} taken, {unknown} unknown",
    announce: "Updated: {text}", cityFree: "{city} {n} free",
    switchText: "Deutsch", switchLang: "de",
  },
};

const asked = new URLSearchParams(location.search).get("lang");
export const language = asked in TEXTS ? asked : (navigator.language || "de").toLowerCase().startsWith("de") ? "de" : "en";

export function text(key, values = {}) {
  return TEXTS[language][key].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

const whole = new Intl.NumberFormat(language);
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

export const number = (value) => (Number.isFinite(value) ? whole.format(value) : "–");
/** The time of day where it was measured: windows carry their city's offset. */
export const time = (instant) => instant.slice(11, 16);

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
  for (const element of document.querySelectorAll("[data-i18n]")) element.textContent = text(element.dataset.i18n);
  const other = document.getElementById("lang-switch");
  other.textContent = text("switchText");
  other.lang = other.hreflang = text("switchLang");
  other.href = "?lang=" + text("switchLang");
}
