// The public NGSI-LD interface, as any other application would use it.

const CONTEXTS = "https://w3id.org/freiraum/context/";
const PAGE = 500;

async function query(tenant, context, parameters) {
  const headers = {
    Accept: "application/json",
    Link: `<${CONTEXTS}${context}.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
  };
  if (tenant) headers["NGSILD-Tenant"] = tenant;
  const search = new URLSearchParams({ format: "concise", limit: String(PAGE), ...parameters });
  const answer = await fetch(`/ngsi-ld/v1/entities?${search}`, { headers, signal: AbortSignal.timeout(10000) });
  if (answer.status === 404) return []; // a city that has not sent anything yet
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

/** The parking sites of a city with their totals. */
export const sites = (tenant) =>
  query(tenant, "parking", { type: "OffStreetParking,OnStreetParking" });

/** The hour's counts of a city's counters. */
export const hours = (tenant) =>
  query(tenant, "footfall", { type: "CrowdFlowObserved", q: 'windowLength=="PT1H";refCounter' });

/** The counters themselves: names of place and directions. */
export const counters = (tenant) =>
  query(tenant, "footfall", { type: "CrowdFlowObserved", q: "towardsLabel" });

/** What this installation shows. */
export async function settings() {
  const answer = await fetch("/dashboard.json", { signal: AbortSignal.timeout(10000) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}
