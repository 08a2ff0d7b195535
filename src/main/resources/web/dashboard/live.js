// Keeps cities current: by the live stream of changes, and by asking again from time to time, since a stream does not show what other brokers hold.

const ASK_LIVE = 120_000;
const ASK_ALONE = 30_000;
const ASK_BROKEN = 5_000;
const FIRST_RETRY = 4_000;

/** Says `state` when it changes: `live`, `polling` or `lost`. */
export class Live extends EventTarget {
  constructor(cities) {
    super();
    this.cities = cities;
    this.streaming = false;
    this.state = "loading";
    this.failures = 0;
  }

  start() {
    this.#ask();
    this.#listen();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && Date.now() - this.askedAt > ASK_ALONE) this.#ask();
    });
  }

  async #ask() {
    clearTimeout(this.timer);
    this.askedAt = Date.now();
    const round = (this.round = {});
    const answers = await Promise.allSettled(this.cities.map((city) => city.load()));
    // A later question has the newer answer.
    if (round !== this.round) return;
    const refused = answers.filter(({ status }) => status === "rejected");
    for (const { reason } of refused) console.warn("no answer:", reason);
    this.failures = refused.length ? this.failures + 1 : 0;
    const wait = refused.length ? Math.min(60_000, FIRST_RETRY * 2 ** (this.failures - 1)) : this.streaming ? ASK_LIVE : ASK_ALONE;
    this.timer = setTimeout(() => this.#ask(), wait);
    this.#say(refused.length ? "lost" : this.streaming ? "live" : "polling");
  }

  #listen() {
    const tenants = [...new Set(this.cities.map((city) => city.tenant || "default"))];
    const search = new URLSearchParams({ tenant: tenants.join(","), type: "ParkingSpot,OffStreetParking,OnStreetParking,CrowdFlowObserved" });
    const stream = new EventSource("/live?" + search);
    // What changed before the stream began is not in it.
    stream.onopen = () => {
      this.streaming = true;
      this.#ask();
    };
    stream.addEventListener("entity", (event) => this.#take(JSON.parse(event.data)));
    stream.addEventListener("reset", () => this.#ask());
    stream.onerror = () => {
      const before = this.streaming;
      this.streaming = false;
      // The server may be going, and still have answered at the first time.
      if (this.state !== "lost" && (before || Date.now() - this.askedAt > ASK_BROKEN)) this.#ask();
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => this.#listen(), ASK_ALONE);
    };
    addEventListener("pagehide", () => stream.close());
  }

  #take({ tenant, id, deleted, entity }) {
    for (const city of this.cities) {
      const same = (city.tenant || "default") === (tenant || "default");
      if (same && (!city.idPattern || new RegExp(city.idPattern).test(id))) city.take(id, deleted, entity);
    }
  }

  #say(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
