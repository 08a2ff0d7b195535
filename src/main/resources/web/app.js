// Loads each city's state, keeps it current over the live stream, and polls while there is none.

import * as api from "./api.js";
import { language, number, text, translatePage } from "./i18n.js";
import { CityView, definePatterns } from "./view.js";

const POLL = 15000;
const SETTLE = 300;
const ANNOUNCE = 60000;

const collator = new Intl.Collator(language, { numeric: true });
const views = new Map();
const pending = new Map();
let streaming = false;

// An attribute in concise form is a plain value, or an object with value or object and what is known of it, or a list of instances.
const instance = (attribute) => (Array.isArray(attribute) ? attribute[0] : attribute);
const one = (attribute) => {
  const first = instance(attribute);
  if (first === null || typeof first !== "object") return first;
  return first["@value"] ?? first.value ?? first.object ?? first.languageMap?.[language] ?? first.vocab;
};
const instant = (text) => { const at = Date.parse(text); return Number.isFinite(at) ? at : undefined; };
const dateOf = (attribute) => { const value = one(attribute); return value?.["@value"] ?? value; };

function site(entity) {
  return {
    id: entity.id,
    name: one(entity.name) ?? entity.id.split(":").at(-1),
    free: one(entity.availableSpotNumber),
    total: one(entity.totalSpotNumber),
    unknown: one(entity.unknownSpotNumber),
    observed: instant(instance(entity.availableSpotNumber)?.observedAt),
  };
}

function counter(window, counters) {
  const about = counters.get(one(window.refCounter)) ?? {};
  const to = instant(dateOf(window.dateObservedTo));
  return {
    id: window.id,
    name: one(about.name) ?? one(window.name) ?? window.id.split(":").at(-2),
    count: one(window.peopleCount), towards: one(window.peopleCountTowards), away: one(window.peopleCountAway),
    from: dateOf(window.dateObservedFrom), quality: one(window.quality), observed: to && to <= Date.now() ? to : undefined,
    towardsLabel: one(about.towardsLabel), awayLabel: one(about.awayLabel),
  };
}

/** What is known of a city: entities by id. The live stream changes it, a look at the interface replaces it. */
const known = new Map();

async function load(tenant) {
  const [sites, hours, counters] = await Promise.all([api.sites(tenant), api.hours(tenant), api.counters(tenant)]);
  const byId = (entities) => new Map(entities.map((entity) => [entity.id, entity]));
  known.set(tenant, { sites: byId(sites), hours: byId(hours), counters: byId(counters) });
}

function show(tenant) {
  const { sites, hours, counters } = known.get(tenant);
  const byName = (a, b) => collator.compare(a.name, b.name);
  views.get(tenant).show({
    sites: [...sites.values()].filter((entity) => Number.isFinite(one(entity.totalSpotNumber))).map(site).sort(byName),
    counters: [...hours.values()].map((window) => counter(window, counters)).sort(byName),
  });
}

async function refresh(tenant) {
  try {
    await load(tenant);
    show(tenant);
    state(streaming ? "live" : "polling");
  } catch (failure) {
    console.warn("no answer for", tenant, failure);
    state("lost");
  }
}

/** Takes a changed entity from the stream; changes come in bursts, so the page is drawn once at the end of one. */
function take({ tenant, id, deleted, entity }) {
  const city = known.get(tenant);
  if (!city) return;
  const types = [].concat(entity.type);
  let kind;
  if (types.some((type) => type.endsWith("StreetParking"))) kind = city.sites;
  else if (one(entity.windowLength) === "PT1H" && entity.refCounter) kind = city.hours;
  else if (entity.towardsLabel) kind = city.counters;
  else return;
  if (deleted) kind.delete(id);
  else kind.set(id, entity);
  if (!pending.has(tenant)) pending.set(tenant, setTimeout(() => { pending.delete(tenant); show(tenant); }, SETTLE));
}

function state(name) {
  const node = document.getElementById("state");
  if (node.dataset.state === name) return;
  node.dataset.state = name;
  document.getElementById("state-text").textContent = text(name);
}

function announce() {
  const parts = [...views.values()].filter((view) => view.freeTotal !== undefined)
    .map((view) => text("cityFree", { city: view.city.name, n: number(view.freeTotal) }));
  if (parts.length && !document.hidden) document.getElementById("announce").textContent = text("announce", { text: parts.join(", ") });
}

function listen() {
  const all = () => { for (const tenant of views.keys()) refresh(tenant); };
  const tenants = [...views.keys()].map((tenant) => tenant || "default");
  const search = new URLSearchParams({ tenant: tenants.join(","), type: "OffStreetParking,OnStreetParking,CrowdFlowObserved" });
  const stream = new EventSource("/live?" + search);
  // What changed before the stream began is not in it.
  stream.onopen = () => { streaming = true; all(); };
  stream.addEventListener("entity", (event) => take(JSON.parse(event.data)));
  stream.addEventListener("reset", all);
  stream.onerror = () => {
    streaming = false;
    all();
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, POLL);
  };
}

async function start() {
  translatePage();
  definePatterns();
  const settings = await api.settings();
  document.title = settings.title;
  document.getElementById("title").textContent = settings.title;
  document.getElementById("simulated").hidden = !settings.simulated;
  const links = document.getElementById("links");
  for (const key of ["imprint", "privacy"]) {
    if (!settings[key]) continue;
    const link = document.createElement("a");
    link.href = settings[key];
    link.textContent = text(key);
    links.appendChild(document.createElement("li")).append(link);
  }
  const nav = document.getElementById("cities-nav");
  nav.setAttribute("aria-label", text("cities"));
  nav.hidden = settings.cities.length < 2;
  for (const city of settings.cities) {
    const view = new CityView(city);
    views.set(city.tenant, view);
    document.getElementById("cities").append(view.node);
    const link = document.createElement("a");
    link.href = "#" + view.node.id;
    link.textContent = city.name;
    nav.append(link);
  }
  await Promise.all([...views.keys()].map(refresh));
  listen();
  setInterval(() => { for (const tenant of views.keys()) if (!streaming && !document.hidden) refresh(tenant); }, POLL);
  setInterval(() => { for (const view of views.values()) view.showAge(); }, 5000);
  setInterval(announce, ANNOUNCE);
}

start().catch((failure) => { console.error(failure); state("lost"); setTimeout(() => location.reload(), POLL); });
