// The map page: joins the Leaflet map that Folium composed with our layers, list, card, address and theme.
import {readAddress, viewText, writeAddress} from "./address.js";
import {watchGalleries} from "./gallery/gallery.js";
import {makeFilters} from "./filters.js";
import {makeDiagrams} from "./diagrams.js";
import {makeDrawer} from "./drawer/drawer.js";
import {makeTray} from "./drawer/tray.js";
import {makeGround} from "./base/ground.js";
import {makeBaseMaps} from "./base/switch.js";
import {makeItems} from "./items.js";
import {wireKeys} from "./keys.js";
import {wireLayers} from "./layers.js";
import {makeLegend} from "./legend.js";
import {makeList} from "./list.js";
import {keepTrue} from "./live.js";
import {makeMeasure} from "./measure.js";
import {calm} from "./motion.js";
import {watchNetwork} from "./net.js";
import {makeOverlay} from "./overlay.js";
import {coveredBoxes} from "./panels.js";
import {makeCovers} from "./covers.js";
import {wireCommands} from "./commands.js";
import {makeScreen} from "./screen.js";
import {makeOutline} from "./selection.js";
import {isPhone, wireSheet} from "./sheet.js";
import {wireSearch} from "./search/box.js";
import {makeStatus} from "./status.js";
import {makeStructure} from "./structure.js";
import {colour, wireTheme} from "./theme.js";
import {tileLayer} from "./tiles/layer.js";
import {makeViews} from "./views.js";
import {makeWords} from "./words.js";

function start({map, config, layers: specs}) {
  const L = globalThis.L, root = document.documentElement;
  const words = makeWords(config), items = makeItems(config), screen = makeScreen(config);
  calm(map);
  watchGalleries(document.body, {words, county: config.county.code});
  const bounds = L.latLngBounds(config.county.bounds);
  const layers = new Map(), plotsOrder = specs.find((spec) => spec.id === "parcels").order;
  let towns = [], isListSettled = false;

  for (const spec of specs) {
    const pane = map.createPane(`layer-${spec.id}`);
    pane.style.zIndex = String(210 + spec.order);
    pane.classList.add("layer-pane");
  }
  for (const [name, z] of [["selection", 420], ["labels", 430], ["diagrams", 440]]) {
    map.createPane(name).style.zIndex = String(z);
    map.getPane(name).classList.add("layer-pane");
  }

  const status = makeStatus(words, () => { for (const layer of layers.values()) if (map.hasLayer(layer)) layer.redraw(); });
  const env = {
    url: (spec, z, row, col) => items.tile(spec, z, row, col, screen.of(spec.id)), colour, bounds: bounds.pad(0.2),
    onTiles: () => overlay.redraw(),
  };
  const hasTowns = config.county.has_towns;
  for (const spec of specs) {
    if (spec.id === "parcels" && hasTowns) spec.min_zoom = config.towns_below_zoom;
    if (spec.id === "enterprises" && hasTowns) spec.min_zoom = config.towns_below_zoom - 1; // over a whole county the wheels stand alone
    const layer = tileLayer(L, spec, env), keyOf = ({x, y, z}) => `${x}:${y}:${z}`;
    layer.on("tileerror", ({coords}) => status.tileFailed(spec, keyOf(coords)));
    layer.on("tileunload", ({coords}) => status.tileGone(spec, keyOf(coords)));
    layers.set(spec.id, layer);
  }

  const switches = wireLayers({layers, map, onChange: () => { writeAddress({l: switches.text()}); structure.follow(); overlay.redraw(); settle(); if (switches.isOn("waiting_land")) askNumbers(); }});
  const structure = makeStructure({items, wishes: () => screen.of("enterprises"), isOn: () => switches.isOn("enterprises"), onChanged: () => overlay.redraw(), onSettled: settle});
  const firmSpec = specs.find((spec) => spec.id === "enterprises"), noChain = {token: firmSpec.other.mark, shape: firmSpec.other.shape};
  const chainMark = (chain) => firmSpec.marks[chain] || noChain, isFar = () => hasTowns && Math.round(map.getZoom()) < config.towns_below_zoom;
  const ground = makeGround(L, map, words), legend = makeLegend();
  const overlay = makeOverlay(L, map, {
    colour, words, towns: () => towns, groundLabels: () => ground.labels(), covered: () => coveredBoxes(map.getContainer()), onDrawn(what) { legend.show(what); diagrams.set(what.wheels); },
    layers: () => [...layers.values()].filter((layer) => map.hasLayer(layer)),
    showsTowns: () => hasTowns && towns.length > 0 && switches.isOn("parcels") && isFar(),
    firms: () => ({towns: isFar() ? structure.places().filter(({box}) => !box) : [], parks: isFar() ? [] : structure.places()}), chainMark,
    statusOrder: () => config.status_order,
  });
  const diagrams = makeDiagrams(L, map, {
    words, mark: chainMark, covered: () => coveredBoxes(map.getContainer()), below: () => sheet.covered(), isMeasuring: () => measure.isOn(),
    onOpen(wheel, button, byKey, isOne) {
      if (isOne) open(wheel.collection, wheel.codes[0], {from: button, focus: byKey});
      else nearer(wheel.places);
    },
  });
  const bases = makeBaseMaps(L, map, config.base_maps, {
    onShown(isOffline) { switches.cover("admin_areas", !isOffline); ground.show(isOffline); overlay.redraw(); },
    onChosen: (id) => writeAddress({b: id}),
    onFailed: (name) => status.say(words.text("map.base_failed", {name})),
  });
  ground.show(true);

  L.control.scale({imperial: false}).addTo(map);
  const selection = makeOutline(L, map, "selected-shape", 3.5), hovered = makeOutline(L, map, "hovered-shape", 2.5);
  const sheet = wireSheet(words, () => {});
  const {home, intoView, nearer} = makeViews({L, map, config, sheet});

  const card = makeDrawer({
    specs, words, items, onOpen: open,
    compare: makeTray(words, new URLSearchParams({county: config.county.code, lang: config.lang}).toString()),
    onShown(spec, feature) {
      selection.show(feature);
      intoView(selection.bounds());
    },
    onClosed() { selection.clear(); list.select(null); writeAddress({id: null}); },
    onMoved: (collection, code) => open(collection, code, {focus: true}),
  });

  function open(collection, code, options = {}) {
    list.select(`${collection}:${code}`);
    writeAddress({id: `${collection}:${code}`}, {push: true});
    layerPanel.open = false;
    if (options.shows) switches.turnOn(collection);
    return card.open(collection, code, options);
  }

  const list = makeList({
    map, specs, words, items, screen, dress: makeCovers(config.county.code),
    onOpen(collection, code, feature, button) {
      if (isPhone()) sheet.set("peek");
      open(collection, code, {from: button, focus: true});
    },
    onKind(kind) { screen.change({k: kind, o: null}); wish(); },
    onHover: (feature) => (feature ? hovered.show(feature) : hovered.clear()),
    onClear: () => filters.clear(),
    onWhole(whole) { screen.change({w: whole ? "all" : null}, {push: false}); list.refresh(); askNumbers(); },
  });
  const filters = makeFilters({config, screen, words, onChange: wish});
  const measure = makeMeasure({L, map, words, onStart: () => card.close({keepsFocus: true})});

  // What each collection is narrowed by on the map, as drawn now: a layer is drawn anew only when its own filters changed.
  const narrowed = new Map(specs.map((spec) => [spec.id, screen.of(spec.id)]));
  let numbersAbort = null, numbersDue = 0, asked = 0, wished = screen.query().toString();

  async function askNumbers({rings = false} = {}) {
    clearTimeout(numbersDue);
    if (numbersAbort) numbersAbort.abort();
    numbersAbort = new AbortController();
    const query = screen.query(), box = list.bbox();
    if (box) query.set("bbox", box);
    if (!rings) query.set("rings", "0");
    if (layers.has("waiting_land") && switches.isOn("waiting_land")) query.set("classes", "1");
    try {
      const summary = await items.summary(query, numbersAbort.signal);
      list.setCounts(summary.counts);
      switches.setCounts(summary.counts);
      filters.render(summary.chips);
      filters.count(summary.counts[screen.kind()]);
      if (rings) { towns = summary.towns; overlay.redraw(); }
      return true;
    } catch { return false; /* the map works without its numbers; the list says what is wrong */ }
  }

  /** The reader's wishes changed: list, numbers, rings and tiles follow. */
  function wish() {
    wished = screen.query().toString();
    list.follow();
    filters.show();
    for (const [id, layer] of layers) {
      const now = screen.of(id);
      if (now !== narrowed.get(id)) { narrowed.set(id, now); if (map.hasLayer(layer)) layer.redraw(); }
    }
    structure.follow();
    list.forget();
    askAnew();
  }

  /** List and numbers; the page is not ready before both are there. */
  function askAnew() {
    isListSettled = false;
    settle();
    const mine = ++asked;
    Promise.allSettled([list.refresh(), askNumbers({rings: true})]).then(() => { if (mine === asked) { isListSettled = true; settle(); } });
  }
  const layerPanel = document.querySelector("[data-layer-panel]");
  if (isPhone()) legend.panel.open = false;

  let pointed = null;
  /** The thing under the pointer lights up in the list, and its outline on the map. */
  function point(key) {
    if (key === pointed) return;
    pointed = key;
    hovered.show(list.point(key));
  }

  function at(latlng, point) {
    const ring = overlay.ringAt(point), wheel = overlay.wheelAt(point);
    if (ring || wheel) return {ring, wheel};
    const visible = [...layers.values()].filter((layer) => map.hasLayer(layer)).sort((a, b) => b.spec.order - a.spec.order);
    const hits = visible.map((layer) => layer.at(latlng)).filter((found) => found && (found.props.code || found.props.n));
    // What is said of a plot lies on it: the plot (or what stands on it) is what one means, unless plots are off. So it is with the
    // ground of a park's works, not with their ways and points.
    const yields = ({spec, isArea}) => spec.said_of === "parcels" || (spec.said_of && isArea);
    return hits.find((found) => !yields(found) && found.spec.order >= plotsOrder) || hits[0] || null;
  }

  map.on("click", ({latlng, containerPoint}) => {
    if (measure.isOn()) { measure.add(latlng); return; }
    const found = at(latlng, containerPoint);
    if (found && found.ring) {
      nearer(found.ring.towns);
    } else if (found && found.wheel) {
      // its button takes the click
    } else if (found && !found.props.code) {
      map.setView(latlng, map.getZoom() + 2); // a cell stands for many things
    } else if (found) {
      open(found.spec.id, found.props.code);
    } else {
      card.close({keepsFocus: true});
    }
  });
  let hoverDue = 0;
  map.on("mousemove", ({latlng, containerPoint}) => {
    if (hoverDue) return;
    hoverDue = requestAnimationFrame(() => {
      hoverDue = 0;
      const found = at(latlng, containerPoint);
      if (measure.isOn()) return;
      point(found && found.props && found.props.code ? `${found.spec.id}:${found.props.code}` : null);
      map.getContainer().classList.toggle("is-over", Boolean(found && (found.ring || found.wheel || found.spec.id !== "admin_areas")));
    });
  });

  let settling = 0;

  // html[data-ready="1"] says that list and tiles of the present view are drawn.
  function settle() {
    const busy = !isListSettled || structure.isBusy() || [...layers.values()].some((layer) => map.hasLayer(layer) && layer.isBusy());
    const mine = ++settling;
    document.querySelector("[data-progress]").hidden = !busy;
    if (busy) { root.dataset.ready = "0"; return; }
    requestAnimationFrame(() => requestAnimationFrame(() => { if (mine === settling) root.dataset.ready = "1"; }));
  }

  for (const layer of layers.values()) layer.on("loading load tileload tileerror tileunload remove", settle);

  function follow() {
    const state = readAddress();
    switches.set(state.l);
    structure.follow();
    bases.choose(state.b || null);
    if (state.view) map.setView([state.view.lat, state.view.lng], state.view.zoom, {animate: false});
    list.follow();
    list.select(state.id || null);
    const [collection, code] = [(state.id || "").split(":")[0], (state.id || "").split(":").slice(1).join(":")];
    if (!code) card.close({keepsFocus: true});
    else if (card.current() !== state.id) card.open(collection, code);
  }

  wireCommands({map, home, words, config});
  wireSearch({specs, words, county: config.county.code, openThing: open, goTo: (b) => intoView(L.latLngBounds([b[1], b[0]], [b[3], b[2]]))});
  wireKeys({card, layerPanel, filters, measure});
  watchNetwork({words, onBack() { for (const layer of layers.values()) if (map.hasLayer(layer)) layer.redraw(); structure.changed(null); askAnew(); }});
  const strange = document.querySelector("[data-strange-line]"), strangeClose = strange.querySelector("[data-strange-close]");
  strangeClose.hidden = false;
  strangeClose.addEventListener("click", () => { strange.hidden = true; });
  wireTheme(() => { for (const layer of layers.values()) if (map.hasLayer(layer)) layer.repaint(); overlay.redraw(); });

  const first = readAddress();
  if (!first.view) home();
  follow();
  map.on("moveend", () => writeAddress({m: viewText(map)}));
  map.on("movestart zoomstart", () => { settling++; root.dataset.ready = "0"; });
  map.on("moveend zoomend", settle);
  map.on("moveend", () => { clearTimeout(numbersDue); if (list.bbox()) numbersDue = setTimeout(askNumbers, 250); });
  addEventListener("popstate", () => {
    follow();
    filters.forgetUndo();
    if (screen.query().toString() !== wished) wish(); // opening and closing a thing asks for nothing anew
  });
  writeAddress({m: viewText(map)});

  if (!hasTowns) {
    // Without towns the county's outline is the land.
    items.outline().then((outline) => ground.outline(outline), () => { /* the plots stand without it */ });
  }
  if (config.has_surroundings) items.surroundings().then((around) => { ground.surround(around); overlay.redraw(); }, () => { /* the county stands without its neighbours */ });

  globalThis.onemap.layers = layers;
  globalThis.onemap.at = at;
  askAnew();
  globalThis.onemap.overlay = overlay;
  globalThis.onemap.bases = bases;
  keepTrue({config, layers, map, onDrawn: () => overlay.redraw(), onNumbers: (collections) => { structure.changed(collections); askNumbers({rings: true}); if (!document.activeElement?.closest("[data-list-rows]")) list.refresh(); }});
}

if (globalThis.onemap) start(globalThis.onemap);
else document.addEventListener("onemap:ready", ({detail}) => start(detail), {once: true});
