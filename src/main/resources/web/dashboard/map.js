// The map: Leaflet with a canvas for the spaces, so that thousands of them stay smooth, and a badge for each place. Loaded only where it is shown.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { drawState } from "./signs.js";

/** More badges than this show their number only. */
const MANY = 12;
/** Pixels between a place and its badge. */
const GAP = 14;

let library;

function leaflet() {
  library ??= new Promise((done, failed) => {
    const script = h("script", { src: "/dashboard/leaflet.js" });
    const style = h("link", { rel: "stylesheet", href: "/dashboard/leaflet.css" });
    script.addEventListener("load", () => done(window.L));
    script.addEventListener("error", () => { library = undefined; failed(new Error("leaflet.js")); });
    document.head.prepend(style, script);
  });
  return library;
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--${name}`).trim();
  return { free: of("free"), occupied: of("taken"), unknown: of("unknown"), closed: of("closed"), paper: of("card") };
}

/** Lines where a background would be, so that moving and zooming are seen. */
function grid(L) {
  return new (L.GridLayer.extend({ createTile: () => h("div", { class: "grid-tile" }) }))({ tileSize: 128 });
}

/** Leaflet takes attributions for markup. */
const plain = (text) => h("span", {}, text).innerHTML;

/** Some servers refuse who does not say which site asks; the path of the page stays untold. */
function tiles(L, { url, attribution, maxZoom }) {
  return L.tileLayer(url, { attribution: plain(attribution), maxZoom: 20, maxNativeZoom: maxZoom, referrerPolicy: "origin" });
}

function markers(L) {
  return L.CircleMarker.extend({
    _updatePath() {
      const context = this._renderer?._ctx;
      if (!context || this._empty()) return;
      const { x, y } = this._point;
      const size = sizeAt(this._map.getZoom(), this._latlng.lat);
      this._radius = size;
      drawState(context, this.options.state, x, y, size, this.options.colours);
    },
  });
}

/** A sign is as large as its space where there is room, and never too small to be seen. */
function sizeAt(zoom, latitude) {
  const metres = (156543 * Math.cos((latitude * Math.PI) / 180)) / 2 ** zoom;
  return Math.max(2.4, Math.min(11, 1.1 / metres));
}

/** A map in an element of its own. */
export class CityMap {
  /**
   * @param settings tiles, if there is a server for them
   * @param label what screen readers say
   * @param choose is called with the id of a badge that was chosen
   */
  constructor(settings, label, choose) {
    Object.assign(this, { settings, choose });
    this.holder = h("div", { class: "map", role: "group", "aria-label": label });
    this.node = h("div", { class: "map-box" }, this.holder);
    this.spots = new Map();
    this.badges = new Map();
    this.ready = leaflet().then((L) => this.#open(L)).catch((failure) => {
      console.warn(failure);
      this.node.replaceChildren(h("p", { class: "empty" }, t("mapFailed")));
    });
  }

  #open(L) {
    this.L = L;
    this.Marker = markers(L);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map = L.map(this.holder, {
      preferCanvas: true, zoomControl: false, zoomSnap: 0.25, maxZoom: 20, zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm,
      scrollWheelZoom: "center", dragging: true, attributionControl: false,
    });
    this.map.setView([51.5, 7.5], 9);
    const { tiles: server, background } = this.settings;
    if (server || background) L.control.attribution({ prefix: false }).addTo(this.map);
    L.control.zoom({ position: "bottomright", zoomInTitle: t("zoomIn"), zoomOutTitle: t("zoomOut") }).addTo(this.map);
    L.control.scale({ imperial: false }).addTo(this.map);
    (server ? tiles(L, server) : grid(L)).addTo(this.map);
    this.node.classList.toggle("with-tiles", Boolean(server));
    if (background) this.#background(L, background);
    this.map.on("zoomend", () => this.#arrange());
    this.layer = L.layerGroup().addTo(this.map);
    this.colours = colours();
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.recolour = () => { this.colours = colours(); this.#redraw(); };
    this.scheme.addEventListener("change", this.recolour);
    this.themed = new MutationObserver(this.recolour);
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    this.observer = new ResizeObserver(() => {
      this.map.invalidateSize({ animate: false, pan: false });
      if (!this.touched) this.fit();
    });
    this.observer.observe(this.holder);
    this.holder.addEventListener("pointerdown", () => { this.touched = true; });
    this.holder.addEventListener("wheel", () => { this.touched = true; }, { passive: true });
    this.holder.addEventListener("keydown", () => { this.touched = true; });
  }

  async #background(L, { url, attribution }) {
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const style = getComputedStyle(document.documentElement);
      L.geoJSON(await answer.json(), {
        interactive: false, attribution: plain(attribution), pane: "tilePane", renderer: L.canvas({ pane: "tilePane" }),
        style: (feature) => ({ color: style.getPropertyValue("--ground-line").trim(), weight: 1.5, fillColor: style.getPropertyValue("--ground").trim(), fillOpacity: 1, fill: /Polygon/.test(feature.geometry.type) }),
      }).addTo(this.map);
    } catch (failure) {
      console.warn("background of the map:", failure);
    }
  }

  #redraw() {
    for (const { marker } of this.spots.values()) {
      marker.options.colours = this.colours;
      marker.redraw();
    }
  }

  /** Shows these spaces, `{id, at, state, name}`; only what changed is drawn. */
  async showSpots(spots, describe) {
    await this.ready;
    if (!this.map) return;
    const wanted = new Set();
    for (const spot of spots.filter(({ at }) => at)) {
      wanted.add(spot.id);
      const known = this.spots.get(spot.id);
      if (known && known.at.join() === spot.at.join()) {
        known.spot = spot;
        if (known.marker.options.state === spot.state) continue;
        known.marker.options.state = spot.state;
        known.marker.redraw();
        continue;
      }
      known?.marker.remove();
      const marker = new this.Marker(spot.at, { state: spot.state, colours: this.colours, radius: 11 });
      const entry = { spot, at: spot.at, marker };
      marker.bindTooltip(() => describe(entry.spot), { className: "map-tip" });
      this.spots.set(spot.id, entry);
      this.layer.addLayer(marker);
    }
    for (const [id, { marker }] of this.spots) {
      if (wanted.has(id)) continue;
      marker.remove();
      this.spots.delete(id);
    }
  }

  /** Shows these badges, `{id, at, text, name, kind, label}`. */
  async showBadges(badges) {
    await this.ready;
    if (!this.map) return;
    const { L } = this;
    this.holder.classList.toggle("many", badges.length > MANY);
    const wanted = new Set();
    for (const badge of badges.filter(({ at }) => at)) {
      wanted.add(badge.id);
      let known = this.badges.get(badge.id);
      if (!known) {
        const marker = L.marker(badge.at, { icon: L.divIcon({ className: "badge-anchor", iconSize: null, html: h("span", { class: "badge" }) }), keyboard: true, riseOnHover: true });
        marker.on("click", () => this.choose(badge.id));
        known = { marker };
        this.badges.set(badge.id, known);
        marker.addTo(this.map);
      }
      const element = known.marker.getElement();
      const shown = element.querySelector(".badge");
      shown.className = `badge badge-${badge.kind}`;
      shown.replaceChildren(h("b", {}, badge.text), h("span", {}, badge.name));
      element.setAttribute("aria-label", badge.label);
      element.title = badge.label;
      known.marker.setLatLng(badge.at);
    }
    for (const [id, { marker }] of this.badges) {
      if (wanted.has(id)) continue;
      marker.remove();
      this.badges.delete(id);
    }
    this.#arrange();
  }

  /** Puts badges below their place where they would cover another one, or another place. */
  #arrange() {
    const badges = [...this.badges.values()].map(({ marker }) => ({ shown: marker.getElement().querySelector(".badge"), at: this.map.latLngToLayerPoint(marker.getLatLng()) }));
    if (badges.length > MANY) return;
    const box = ({ shown, at }, below) => {
      const [half, height] = [shown.offsetWidth / 2, shown.offsetHeight];
      const top = at.y + (below ? GAP : -GAP - height);
      return { left: at.x - half, right: at.x + half, top, bottom: top + height };
    };
    const placed = [];
    const covers = (one, badge) => placed.some((other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
      || badges.some(({ at }) => at !== badge.at && at.x > one.left - 4 && at.x < one.right + 4 && at.y > one.top - 4 && at.y < one.bottom + 4);
    for (const badge of badges.sort((left, right) => left.at.y - right.at.y)) {
      const below = covers(box(badge, false), badge) && !covers(box(badge, true), badge);
      badge.shown.classList.toggle("below", below);
      placed.push(box(badge, below));
    }
  }

  /** Moves to these points; an unchanged view is left as people moved it. */
  async look(points, key) {
    await this.ready;
    if (!this.map || !points.length || key === this.seen) return;
    this.seen = key;
    this.touched = false;
    this.points = points;
    this.fit();
  }

  fit() {
    if (!this.points?.length || !this.holder.clientWidth) return;
    // Room for the badges, which stand above their place.
    const wide = this.holder.clientWidth > 500;
    this.map.fitBounds(this.L.latLngBounds(this.points), { paddingTopLeft: wide ? [90, 80] : [64, 64], paddingBottomRight: wide ? [90, 40] : [64, 34], maxZoom: 19, animate: false });
  }

  close() {
    this.scheme?.removeEventListener("change", this.recolour);
    this.themed?.disconnect();
    this.observer?.disconnect();
    this.map?.remove();
    this.map = undefined;
  }
}
