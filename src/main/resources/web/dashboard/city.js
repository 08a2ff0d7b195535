// What is known of a city: its spaces, places and counters. A look at the interface replaces it, the live stream changes it.

import * as api from "./api.js";
import { count, instant, list, observed, position, value } from "./entity.js";
import { language, sorter } from "./i18n.js";

export const STATES = ["free", "occupied", "unknown", "closed"];
/** After this time without any reading people are told that the state may be out of date. */
export const STALE_AFTER = 30 * 60 * 1000;

/** Lengths of windows by which it is told when a counter was last heard of. */
const LENGTHS = ["PT5M", "PT15M", "PT1H"];

const RESERVED = { disabled: /disabled$/i, charging: /charging$/i };
const lastOf = (id) => id.split(":").at(-1);
const types = (entity) => [entity.type].flat().map((type) => type.split("/").at(-1));
const byName = (left, right) => sorter.compare(left.name, right.name);

function spot(entity) {
  const kinds = list(entity.category);
  const state = value(entity.status);
  return {
    id: entity.id,
    name: value(entity.name, language) ?? lastOf(entity.id),
    state: STATES.includes(state) ? state : "unknown",
    since: observed(entity.status),
    site: value(entity.refParkingSite),
    at: position(entity.location),
    disabled: kinds.some((kind) => RESERVED.disabled.test(kind)),
    charging: kinds.some((kind) => RESERVED.charging.test(kind)),
  };
}

function site(entity) {
  const total = count(entity.totalSpotNumber);
  const free = count(entity.availableSpotNumber);
  const unknown = count(entity.unknownSpotNumber) ?? 0;
  const closed = count(entity.closedSpotNumber) ?? 0;
  const taken = count(entity.occupiedSpotNumber) ?? (total === undefined || free === undefined ? undefined : Math.max(0, total - free - unknown - closed));
  return {
    id: entity.id, name: value(entity.name, language) ?? lastOf(entity.id), at: position(entity.location),
    total, free, occupied: taken, unknown, closed,
    known: free !== undefined && (total === undefined || total > unknown + closed),
    observed: Math.max(observed(entity.availableSpotNumber) ?? 0, observed(entity.occupiedSpotNumber) ?? 0),
  };
}

function counter(entity) {
  return {
    id: entity.id, name: value(entity.name, language) ?? lastOf(entity.id), at: position(entity.location),
    towards: value(entity.towardsLabel, language), away: value(entity.awayLabel, language),
  };
}

/** A city; says `change` after each change. */
export class City extends EventTarget {
  constructor({ tenant, name, zone, idPattern }, key) {
    super();
    Object.assign(this, { tenant, name, zone, idPattern, key, loaded: false });
    this.spotsById = new Map();
    this.sitesById = new Map();
    this.countersById = new Map();
    this.newestCount = 0;
  }

  /** Reads everything that is shown of now. */
  async load() {
    const [spots, sites, counters, windows] = await Promise.all([
      api.entities(this, "parking", { type: "ParkingSpot", pick: "id,type,name,status,category,refParkingSite,location" }),
      api.entities(this, "parking", { type: "OffStreetParking,OnStreetParking" }),
      api.entities(this, "footfall", { type: "CrowdFlowObserved", q: "!windowLength", pick: "id,type,name,location,towardsLabel,awayLabel" }),
      api.entities(this, "footfall", { type: "CrowdFlowObserved", q: '(windowLength=="PT5M"|windowLength=="PT15M"|windowLength=="PT1H");refCounter', pick: "id,type,windowLength,dateObservedTo" }),
    ]);
    const kept = (entities, make) => new Map(entities.map((entity) => [entity.id, make(entity)]));
    this.spotsById = kept(spots, spot);
    this.sitesById = kept(sites, site);
    this.countersById = kept(counters, counter);
    const lengths = windows.map((entity) => value(entity.windowLength));
    this.shortest = LENGTHS.find((length) => lengths.includes(length));
    for (const entity of windows) this.#heard(entity);
    this.loaded = true;
    this.dispatchEvent(new Event("change"));
  }

  /** Takes an entity from the live stream; true if it concerns this city. */
  take(id, deleted, entity) {
    const kinds = types(entity);
    let known, make;
    if (kinds.includes("ParkingSpot")) [known, make] = [this.spotsById, spot];
    else if (kinds.some((kind) => kind.endsWith("StreetParking"))) [known, make] = [this.sitesById, site];
    else if (kinds.includes("CrowdFlowObserved") && !entity.windowLength) [known, make] = [this.countersById, counter];
    else if (kinds.includes("CrowdFlowObserved")) {
      this.#heard(entity);
      return;
    } else return;
    if (deleted) known.delete(id);
    else known.set(id, make(entity));
    this.dispatchEvent(new Event("change"));
  }

  /** A running window ends later than now: then its counter was heard of now, if it is a short one. */
  #heard(entity) {
    if (value(entity.windowLength) !== (this.shortest ??= value(entity.windowLength))) return;
    const to = instant(value(entity.dateObservedTo));
    if (to) this.newestCount = Math.max(this.newestCount, Math.min(to, Date.now()));
  }

  /** The places to park that have numbers, by name. */
  get sites() {
    return [...this.sitesById.values()].filter((found) => found.total !== undefined || found.free !== undefined).sort(byName);
  }

  get counters() {
    return [...this.countersById.values()].sort(byName);
  }

  /** Spaces of a place, or of all; of a kind (`disabled`, `charging`), or all. */
  spots({ place, need } = {}) {
    return [...this.spotsById.values()].filter((found) => (!place || found.site === place) && (!need || found[need]));
  }

  /** Spaces of a kind, or all, by their place. */
  spotsBySite(need) {
    const bySite = new Map();
    for (const found of this.spots({ need })) {
      if (bySite.has(found.site)) bySite.get(found.site).push(found);
      else bySite.set(found.site, [found]);
    }
    return bySite;
  }

  /** When anything was last measured. */
  get newest() {
    return Math.max(this.newestCount, ...this.sites.map((found) => found.observed));
  }
}

/** Numbers of several places together; those of which nothing is known are left out. */
export function together(sites) {
  const known = sites.filter((found) => found.free !== undefined);
  const sum = (name) => known.reduce((all, found) => all + (found[name] ?? 0), 0);
  return {
    places: known.length, total: sum("total"), free: sum("free"), occupied: sum("occupied"), unknown: sum("unknown"), closed: sum("closed"),
    known: known.some((found) => found.known), observed: Math.max(0, ...known.map((found) => found.observed)),
  };
}

/** The same numbers, counted from single spaces. */
export function counted(spots) {
  const numbers = { total: spots.length, free: 0, occupied: 0, unknown: 0, closed: 0 };
  for (const found of spots) numbers[found.state]++;
  const known = numbers.free + numbers.occupied > 0;
  return { places: spots.length ? 1 : 0, ...numbers, known, observed: Math.max(0, ...spots.map((found) => found.since ?? 0)) };
}
