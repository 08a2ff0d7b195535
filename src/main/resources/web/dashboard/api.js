// The public NGSI-LD interface, as any other application would use it.

const CONTEXTS = "https://w3id.org/freiraum/context/";
const PAGE = 1000;
const MOST_PAGES = 50;
const PATIENCE = 20000;

/** What a request did not bring, for people: `status` is the HTTP status, or undefined without an answer. */
export class NoAnswer extends Error {
  constructor(status, detail) {
    super(detail ?? `HTTP ${status}`);
    this.status = status;
  }
}

let lastWarning = -Infinity;

/** When an answer last lacked something that another broker has, in milliseconds. */
export const warnedAt = () => lastWarning;

async function get(path, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE) });
  } catch (failure) {
    throw new NoAnswer(undefined, String(failure));
  }
  if (answer.headers.has("NGSILD-Warning")) lastWarning = Date.now();
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new NoAnswer(answer.status);
  return answer.json();
}

function headers(city, context) {
  const all = {
    Accept: "application/json",
    Link: `<${CONTEXTS}${context}.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
  };
  if (city.tenant) all["NGSILD-Tenant"] = city.tenant;
  return all;
}

/** All entities that match, page by page. A city that has not sent anything yet has none. */
export async function entities(city, context, parameters) {
  const found = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const search = new URLSearchParams({ format: "concise", ...parameters, limit: PAGE, offset: page * PAGE });
    if (city.idPattern) search.set("idPattern", city.idPattern);
    const part = (await get(`/ngsi-ld/v1/entities?${search}`, headers(city, context))) ?? [];
    found.push(...part);
    if (part.length < PAGE) break;
  }
  return found;
}

/** Evolutions of these entities between two instants, summed up by period: missing periods are left out. */
export async function evolutions(city, context, { type, ids, attributes, method, period, from, to }) {
  if (!ids.length) return [];
  const search = new URLSearchParams({
    type, id: ids.join(","), attrs: attributes.join(","), limit: PAGE,
    timerel: "between", timeAt: new Date(from).toISOString(), endTimeAt: new Date(to).toISOString(),
    format: "aggregatedValues", aggrMethods: method, aggrPeriodDuration: period,
  });
  return (await get(`/ngsi-ld/v1/temporal/entities?${search}`, headers(city, context))) ?? [];
}

/** What this installation shows. */
export async function settings() {
  const found = await get("/dashboard.json");
  if (!found) throw new NoAnswer(404);
  return found;
}
