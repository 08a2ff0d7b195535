// How full places to park were: the share of spaces that were taken, over time.

import * as api from "./api.js";
import { instant } from "./entity.js";
import { remembered } from "./remember.js";
import { HOUR, MINUTE } from "./time.js";

const STEP = 15 * MINUTE;
/** A number that stays the same is not written again, so it holds until the next, but not for ever. */
const HOLDS = 12 * HOUR;

/** Samples `{from, to, value}` of each place between two instants, `value` from 0 to 1. */
export function occupancy(city, sites, from, to) {
  const ids = sites.map((site) => site.id);
  return remembered(["occupancy", city.key, ids, from, Math.floor(to / MINUTE)].join(" "), async () => {
    const found = await api.evolutions(city, "parking", { type: "OffStreetParking,OnStreetParking", ids, attributes: ["occupancy"], method: "avg", period: "PT15M", from, to });
    return new Map(found.map((evolution) => [evolution.id, held([evolution.occupancy].flat()[0]?.avg ?? [], to)]));
  });
}

function held(rows, to) {
  const samples = [];
  const known = rows.map(([value, from]) => [instant(from), value]);
  known.forEach(([from, value], place) => {
    const next = Math.min(known[place + 1]?.[0] ?? to, from + HOLDS, to);
    for (let at = from; at < next; at += STEP) samples.push({ from: at, to: at + STEP, value });
  });
  return samples;
}

/** The mean of several places, each by its spaces; a step counts only if at least half of the spaces are known in it. */
export function joined(samples, sites) {
  const steps = new Map();
  let all = 0;
  for (const site of sites) {
    const weight = site.total ?? 0;
    all += weight;
    for (const { from, to, value } of samples.get(site.id) ?? []) {
      const at = Math.floor(from / STEP) * STEP;
      const step = steps.get(at) ?? { from: at, to: at + (to - from), weight: 0, sum: 0 };
      step.weight += weight;
      step.sum += weight * value;
      steps.set(at, step);
    }
  }
  return [...steps.values()].filter((step) => step.weight * 2 >= all && step.weight > 0).sort((left, right) => left.from - right.from)
    .map(({ from, to, weight, sum }) => ({ from, to, value: sum / weight }));
}
