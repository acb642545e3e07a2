/** One canvas: takes payloads, drives vis-network, keeps camera and selection through reruns. */
import { Backdrop } from "./backdrop.js";
import { Board } from "./board.js";
import { Camera } from "./camera.js";
import { changed } from "./change.js";
import { applyDelta } from "./delta.js";
import { followKeyboard } from "./keyboard.js";
import { Labels } from "./labels.js";
import { drawSteps, drawTieSigns, nodeRenderer } from "./marks.js";
import { Morph } from "./morph.js";
import { drawNames } from "./names.js";
import { Panel } from "./panel.js";
import { followPointer } from "./pointer.js";
import { METRES_PER_UNIT, Scene } from "./scene.js";
import { applyOffsets, drawLeaders, spread } from "./spread.js";
import * as store from "./store.js";
import { readTheme } from "./theme.js";
import { bundles, drawBundles, oneByOne, styleTies } from "./ties.js";
import { Tooltip } from "./tooltip.js";

const MOST = 200; // structures chosen, hidden or opened at most: see explorer/canvas_state.py
const WHILE_MOVING = 1500; // ties drawn of many while the map moves
const RELABEL = 90; // milliseconds between two layouts of labels while zooming

/** Cameras by canvas key, for a canvas that is left and found again. */
const cameras = new Map();

export class CanvasView {
  constructor(host) {
    this.panel = new Panel(host);
    this.tooltip = new Tooltip(this.panel.map);
    this.scene = new Scene();
    this.labels = new Labels();
    this.backdrop = new Backdrop(() => this.redraw());
    this.digests = {};
    this.onPick = () => {};
    this.onBoard = () => {};
    this.board = null; // what people did here; null where the page only shows
    this.mapness = 1; // how much of the territory is seen
    this.morph = null;
    this.boxing = false;
    this.viewpoints = {}; // where one looked from, by layout
    this.stopListening = store.listen(() => this.#takeParts());
    this.abort = new AbortController();
    this.panel.root.maillage = this; // for tests and for the curious
  }

  get scale() {
    return this.network.body.view.scale;
  }

  get zoom() {
    return this.camera.zoom;
  }

  /** Ties as vis-network holds them. */
  get edges() {
    return this.network.body.edges;
  }

  /** Take what Python sends with each run. */
  update(data) {
    const { frame } = data;
    this.data = data;
    this.language = frame.language;
    this.symbols = frame.symbols;
    this.looks = frame.looks;
    document.documentElement.lang = frame.language;
    this.panel.map.style.height = `var(--mc-height, ${data.height}px)`; // a page may state it
    this.theme = readTheme(this.panel.root, frame);
    this.tieOpacity = frame.tie_opacity;
    this.panel.update(frame, this.theme);
    for (const [name, colour] of Object.entries(frame.papers[this.theme.name])) {
      this.panel.root.style.setProperty(`--mc-${name}`, colour);
    }
    this.labels.widths.clear();
    if (!this.#isOld(data)) this.scene.selected = data.selected;
    this.scene.paths = data.paths ?? [];
    this.changes = Boolean(frame.changes);
    this.#takeBoard(data);
    this.#takeParts();
  }

  /** Whether Python had not heard of the last thing done here. */
  #isOld({ board, turn }) {
    return Boolean(this.board && board && turn < this.board.turn);
  }

  #takeBoard({ board, turn, key }) {
    this.panel.actions.root.hidden = !board;
    if (!board) return;
    const first = !this.board;
    this.board ??= Board.of(key);
    const changed = this.board.take(board, turn);
    if (first) {
      this.scene.layout = this.board.now.layout;
      this.#dress();
    }
    if (first || changed) this.scene.adopt(this.board.now);
    if (changed && this.network) this.#boardChanged();
  }

  #takeParts() {
    if (!this.data) return;
    const network = store.get(this.data.parts.network);
    const backdrop = store.get(this.data.parts.backdrop);
    const { parts } = this.data;
    const change = parts.change && store.get(parts.change);
    if (!network || !backdrop || (parts.change && !change)) return;
    const drawn = parts.change ? `${parts.network}/${parts.change}` : parts.network;
    if (drawn !== this.digests.network) this.#load(changed(network, change));
    if (parts.backdrop !== this.digests.backdrop) {
      this.backdrop.load(backdrop.territories, (x, y) => this.scene.place(x, y));
    }
    this.digests = { network: drawn, backdrop: parts.backdrop };
    this.scene.refresh();
    this.#showActions();
    this.refresh();
  }

  #load(network) {
    const first = !this.network;
    this.morph?.finish();
    const moved = this.scene.load(network);
    if (this.board) {
      this.scene.adopt(this.board.now); // pins on the map wait for its origin
      this.scene.sift();
    }
    if (first) this.#start(network.options);
    this.network.body.emitter.emit("_blockRedraw"); // else it draws after each change of its data
    const optionsKey = JSON.stringify(network.options);
    if (!first && optionsKey !== this.optionsKey) this.network.setOptions(network.options);
    this.optionsKey = optionsKey;
    applyDelta(this);
    this.laidOut = null;
    this.tiesKey = null;
    if (moved) this.digests.backdrop = null;
    if (first) this.#restore();
    // A filter keeps the view, unless it would show nothing.
    const nodes = this.#framedNodes();
    const move = moved || !this.camera.wanted || !this.camera.sees(nodes);
    this.camera.fit(nodes, { move });
    this.panel.empty.hidden = this.scene.nodes.size > 0;
    this.#showActions();
    this.tooltip.hide();
    // A new network has draws of its own in wait for the next frame: let them pass.
    const unblock = () => this.network?.body.emitter.emit("_allowRedraw");
    if (!first) unblock();
    else {
      requestAnimationFrame(() => {
        unblock();
        this.network?.redraw();
      });
    }
  }

  #start(options) {
    const { vis } = globalThis;
    this.nodeSet = new vis.DataSet();
    this.edgeSet = new vis.DataSet();
    this.renderer = nodeRenderer(this);
    const { stage } = this.panel;
    this.network = new vis.Network(stage, { nodes: this.nodeSet, edges: this.edgeSet }, options);
    stage.firstElementChild.removeAttribute("tabindex"); // the stage itself takes the focus
    this.camera = new Camera(this.network, (wanted) => this.#remember(wanted));
    this.network.on("beforeDrawing", (ctx) => this.#drawUnder(ctx));
    this.network.on("afterDrawing", (ctx) => this.#drawOver(ctx));
    // After vis-network has adjusted its own view to the new size.
    this.network.on("resize", () => queueMicrotask(() => this.#resized()));
    const { buttons } = this.panel;
    const press = (name, action) => buttons[name].addEventListener("click", action);
    press("zoom_in", () => this.camera.zoomBy(1.5));
    press("zoom_out", () => this.camera.zoomBy(1 / 1.5));
    press("fit", () => this.fit(true));
    followPointer(this, this.abort.signal);
    followKeyboard(this, this.abort.signal);
    this.panel.actions.listen(this, this.abort.signal);
  }

  #framedNodes() {
    const all = [...this.scene.nodes.values()];
    const tied = all.filter((node) => node.role !== "supply");
    return tied.length > 1 ? tied : all;
  }

  /** Show everything, with names that keep to what is then in view. */
  fit(animate) {
    this.camera?.fit(this.#framedNodes(), { animate });
    this.refresh();
  }

  #resized() {
    this.camera?.resized(this.#framedNodes());
    this.refresh();
  }

  #remember({ position, scale, fitted }) {
    this.viewpoints[this.scene.layout] = fitted ? null : { position, scale };
    const { layout } = this.scene;
    const metres = fitted ? null : this.scene.metres(position);
    cameras.set(this.data.key, { crs: this.scene.crs, layout, metres, scale });
  }

  #restore() {
    const kept = cameras.get(this.data.key);
    const other = kept?.crs !== this.scene.crs || kept.layout !== this.scene.layout;
    if (!kept?.metres || other) return;
    const [x, y] = this.scene.place(...kept.metres);
    this.camera.go({ position: { x, y }, scale: kept.scale }, false);
  }

  #drawUnder(ctx) {
    const old = !this.morph && this.#layoutIsOld();
    const nodes = this.scene.ordered;
    if (old && this.laidOut?.scale !== this.scale) spread(nodes, this.scale, this.zoom);
    applyOffsets(nodes, this.network.body.nodes, this.scale);
    this.#styleTies();
    if (old) this.#layout(ctx);
    if (this.mapness > 0) this.backdrop.draw(ctx, this);
    if (this.mapness > 0 && !this.morph) drawNames(ctx, this);
    drawLeaders(ctx, this);
    drawSteps(ctx, this);
    if (!oneByOne(this.scene)) this.#drawTies(ctx);
  }

  #drawTies(ctx) {
    const { dragging, zooming } = this.network.renderer;
    const moving = Boolean(this.morph || dragging || zooming);
    const every = moving ? Math.ceil(this.scene.ties.size / WHILE_MOVING) : 1;
    drawBundles(ctx, this.bundles, this.scale, { every, plainly: every > 1 });
  }

  /** Only when something that they depend on changed: panning does not. */
  #styleTies() {
    const { scene, scale, theme, digests } = this;
    const lit = [scene.selected, scene.hovered, [...scene.chosen], scene.paths, scene.ties.size];
    const single = oneByOne(scene);
    const key = JSON.stringify([single && scale, theme.name, digests.network, lit]);
    if (key === this.tiesKey) return;
    this.tiesKey = key;
    if (single) styleTies(this);
    else this.bundles = bundles(this);
  }

  #layoutIsOld() {
    if (!this.laidOut) return true;
    if (!this.laidOut.labels) return true;
    if (this.laidOut.scale === this.scale) return false;
    if (performance.now() - this.laidOut.at > RELABEL) return true;
    clearTimeout(this.relabel);
    this.relabel = setTimeout(() => this.redraw(), RELABEL);
    return false;
  }

  #layout(ctx) {
    this.labels.layout(ctx, this);
    this.laidOut = { scale: this.scale, at: performance.now(), labels: true };
    this.panel.showScale(this.scale, this.language);
  }

  #drawOver(ctx) {
    drawTieSigns(ctx, this);
    if (!this.morph) this.labels.draw(ctx, this);
    performance.mark("maillage:frame");
    this.panel.root.dataset.frame = Number(this.panel.root.dataset.frame ?? 0) + 1;
  }

  /** Draw with the next frame: once, however many ask. */
  redraw() {
    this.network?.body.emitter.emit("_requestRedraw");
  }

  /** The same, with labels chosen anew. */
  refresh() {
    if (this.laidOut) this.laidOut.labels = false;
    this.redraw();
  }

  /** The pointer is over `target` (or nothing). */
  point(target, at) {
    const { scene } = this;
    const changed = target?.id !== scene.hovered?.id;
    scene.hovered = target;
    this.panel.stage.classList.toggle("mc-over", Boolean(target));
    if (!target) this.tooltip.hide();
    else this.tooltip.show(...this.describe(target), at);
    if (changed) this.redraw();
  }

  /** Name and lines that say what `target` is. */
  describe(target) {
    const item = this.scene.get(target);
    if (target.kind === "node") {
      const pinned = this.scene.pins[this.scene.layout].has(item.id);
      return [item.name, pinned ? [...item.lines, this.data.frame.texts.pinned] : item.lines];
    }
    const ends = [item.from, item.to].map((id) => this.scene.nodes.get(id).name);
    return [ends.join(" – "), [item.words]];
  }

  /** Choose a node, a tie, or nothing; Python is told. */
  pick(target) {
    const { scene } = this;
    const same = target?.id === scene.selected?.id && target?.kind === scene.selected?.kind;
    if (same && !scene.chosen.size) return;
    scene.selected = target;
    scene.chosen.clear();
    const turn = this.board?.pick() ?? 0;
    scene.refresh();
    if (target?.kind === "node" && scene.current) scene.current = target.id;
    this.tooltip.hide();
    this.#showActions();
    this.refresh();
    this.onPick({ ...(target ?? { kind: "none", id: "" }), turn });
  }

  /** Go to `node` by keyboard and say it. */
  reach(node) {
    if (!node) return false;
    this.scene.current = node.id;
    this.camera.reveal(node.x, node.y);
    this.panel.live.textContent = [node.name, ...node.lines].join(". ");
    this.tooltip.hide();
    this.refresh();
    return true;
  }

  escape() {
    const had = Boolean(this.scene.current || this.scene.selected || this.scene.chosen.size || this.boxing);
    this.scene.current = null;
    this.setBoxing(false);
    this.pick(null);
    this.refresh();
    return had;
  }

  /** Whether one works by keyboard: the node reached is then ringed. */
  keyboard(used) {
    if (used === this.hasKeyboard) return;
    this.hasKeyboard = used;
    this.redraw();
  }

  // --- what people do on the canvas ----------------------------------------------------

  /** Do something to the board; Python is told. */
  #act(change) {
    if (!this.board?.change(change)) return false;
    return this.#told();
  }

  #told() {
    this.scene.adopt(this.board.now);
    if (!this.board.now.path.length) this.scene.paths = [];
    this.#boardChanged();
    this.onBoard({ turn: this.board.turn, ...this.board.now });
    return true;
  }

  /** Draw what the board says: another layout travels, all else is there at once. */
  #boardChanged() {
    const { layout } = this.board.now;
    if (layout !== this.scene.layout) this.#travel(layout);
    else {
      this.morph?.finish();
      const before = this.nearKey;
      this.nearKey = JSON.stringify(this.scene.near);
      this.#resift();
      if (before !== this.nearKey) this.fit(true);
    }
    this.#showActions();
  }

  #resift(also) {
    this.scene.sift(also);
    this.network.body.emitter.emit("_blockRedraw");
    applyDelta(this);
    this.network.body.emitter.emit("_allowRedraw");
    this.laidOut = null;
    this.tiesKey = null;
    this.panel.empty.hidden = this.scene.nodes.size > 0;
    this.refresh();
  }

  #travel(layout) {
    this.morph?.finish();
    const { scene, camera } = this;
    const start = (node) => ({ x: node.ax, y: node.ay, ...node.offset });
    const starts = new Map(scene.ordered.map((node) => [node.id, start(node)]));
    const from = { position: this.network.getViewPosition(), scale: this.scale };
    const before = scene.layout;
    scene.layout = layout;
    this.#dress();
    this.#resift(before);
    const whole = camera.aim(this.#framedNodes());
    const target = this.viewpoints[layout] ?? whole;
    if (!target) return;
    const fitted = !this.viewpoints[layout];
    const settled = { starts, mapness: this.mapness, camera: from, target };
    this.morph = { finish: () => {} }; // a move that is over at once calls back before it returns
    const done = () => {
      this.morph = null;
      this.mapness = layout === "carte" ? 1 : 0;
      camera.fitScale = whole.scale;
      this.#resift();
      camera.go(target, false, fitted);
    };
    const morph = new Morph(this, settled, done);
    if (this.morph) this.morph = morph;
  }

  /** North, scale bar and the tone of the map belong to the ground. */
  #dress() {
    this.panel.root.classList.toggle("mc-net", this.scene.layout === "reseau");
    if (!this.morph && !this.network) this.mapness = this.scene.layout === "carte" ? 1 : 0;
  }

  #showActions() {
    if (this.board) this.panel.actions.update(this);
  }

  setLayout(layout) {
    return this.#act({ layout });
  }

  /** Put a node into the multiple selection or take it out. */
  toggle(id) {
    if (!this.board) return this.pick({ kind: "node", id });
    const chosen = new Set(this.scene.subjects());
    if (!chosen.delete(id)) chosen.add(id);
    return this.#choose([...chosen]);
  }

  #choose(ids) {
    this.tooltip.hide();
    if (ids.length < 2) return this.pick(ids.length ? { kind: "node", id: ids[0] } : null);
    this.scene.selected = null;
    const done = this.#act({ chosen: ids });
    this.panel.live.textContent = `${this.data.frame.texts.chosen_n} ${ids.length}`;
    return done;
  }

  /** Choose what stands in an area of the stage, in pixels. */
  chooseIn({ left, right, top, bottom }, beside) {
    const inside = this.scene.ordered.filter((node) => {
      const { x, y } = this.camera.toScreen(node.x, node.y);
      return x >= left && x <= right && y >= top && y <= bottom;
    });
    const ids = inside.map((node) => node.id).slice(0, MOST);
    this.#choose([...new Set([...(beside ? this.scene.subjects() : []), ...ids])].slice(0, MOST));
  }

  /** Show what is chosen, or reached by keyboard, and what is near it, alone. */
  showNear(depth) {
    const { near } = this.scene;
    const subjects = this.#subjects();
    const of = subjects.length ? subjects : near?.of ?? [];
    const same = near?.depth === depth && JSON.stringify(near.of) === JSON.stringify(of);
    if (!of.length) return false;
    return this.#act(same ? { near: [], depth: 0 } : { near: of, depth });
  }

  #subjects() {
    const ids = this.scene.subjects();
    return ids.length || !this.scene.current ? ids : [this.scene.current];
  }

  openNeighbours() {
    const ids = this.#subjects();
    if (!ids.length) return false;
    const now = this.board.now;
    const opened = [...new Set([...now.opened, ...ids])].slice(0, MOST);
    // What was hidden around them comes back.
    const around = new Set(ids);
    for (const tie of this.scene.allTies.values()) {
      if (ids.includes(tie.from)) around.add(tie.to);
      if (ids.includes(tie.to)) around.add(tie.from);
    }
    const near = [...new Set([...now.near, ...(now.near.length ? ids : [])])];
    return this.#act({ opened, hidden: now.hidden.filter((id) => !around.has(id)), near });
  }

  showPaths() {
    if (this.board?.now.path.length) return this.#act({ path: [] });
    const ids = this.scene.subjects();
    return ids.length === 2 ? this.#act({ path: ids }) : false;
  }

  hideChosen() {
    const ids = this.#subjects();
    if (!ids.length) return false;
    const gone = new Set([...this.board.now.hidden, ...ids]);
    const hidden = [...gone].slice(0, MOST);
    const had = this.scene.selected;
    this.scene.selected = null;
    const done = this.#act({ hidden, chosen: [] });
    if (had) this.onPick({ kind: "none", id: "" });
    return done;
  }

  /** Keep what is chosen where it stands, or let it go back to its place. */
  togglePin() {
    const { layout } = this.scene;
    const ids = new Set(this.#subjects().filter((id) => this.scene.nodes.has(id)));
    if (!ids.size) return false;
    const { pins } = this.board.now;
    const others = pins.filter((pin) => pin.layout !== layout || !ids.has(pin.id));
    const all = [...ids].every((id) => this.scene.pins[layout].has(id));
    return this.#act({ pins: all ? others : [...others, ...[...ids].map((id) => this.#pinAt(id))] });
  }

  #pinAt(id) {
    const node = this.scene.nodes.get(id);
    const { layout } = this.scene;
    const [x, y] = layout === "carte" ? this.scene.metres({ x: node.ax, y: node.ay }) : [node.ax, -node.ay];
    return { layout, id, x: Math.round(x), y: Math.round(y) };
  }

  /** A symbol goes with the pointer. */
  carry(id, { x, y }) {
    const node = this.scene.nodes.get(id);
    if (!node) return;
    this.tooltip.hide();
    Object.assign(node, { ax: x, ay: y, offset: { dx: 0, dy: 0 } });
    this.redraw();
  }

  /** And stays where it is let go. */
  drop(id) {
    if (!this.scene.nodes.has(id)) return;
    const { layout } = this.scene;
    const others = this.board.now.pins.filter((pin) => pin.layout !== layout || pin.id !== id);
    this.#act({ pins: [...others, this.#pinAt(id)].slice(-MOST) });
  }

  /** What is chosen goes some pixels further, and stays there. */
  nudge(dx, dy) {
    const { layout } = this.scene;
    const ids = new Set(this.#subjects().filter((id) => this.scene.nodes.has(id)));
    if (!ids.size) return false;
    const step = layout === "carte" ? Math.max(1, METRES_PER_UNIT / this.scale) : 1 / this.scale;
    const moved = [...ids].map((id) => {
      const pin = this.#pinAt(id);
      return { ...pin, x: Math.round(pin.x + dx * step), y: Math.round(pin.y - dy * step) };
    });
    const others = this.board.now.pins.filter((pin) => pin.layout !== layout || !ids.has(pin.id));
    return this.#act({ pins: [...others, ...moved] });
  }

  /** Undo or redo. */
  step(way) {
    return this.board?.[way]() ? this.#told() : false;
  }

  resetBoard() {
    this.viewpoints = {};
    this.setBoxing(false);
    if (this.board?.reset()) this.#told();
    this.fit(true);
  }

  /** The next press on the map draws a box. */
  setBoxing(on) {
    this.boxing = on;
    this.panel.stage.classList.toggle("mc-boxing", on);
    this.#showActions();
  }

  destroy() {
    this.abort.abort();
    this.morph?.finish();
    this.stopListening();
    clearTimeout(this.relabel);
    this.network?.destroy();
    this.network = null;
    this.camera = null;
    this.panel.root.remove();
  }
}
