/** One canvas: takes payloads, drives vis-network, keeps camera and selection through reruns. */
import { Backdrop } from "./backdrop.js";
import { Camera } from "./camera.js";
import { applyDelta } from "./delta.js";
import { followKeyboard } from "./keyboard.js";
import { Labels } from "./labels.js";
import { nodeRenderer, styleTies } from "./marks.js";
import { drawNames } from "./names.js";
import { Panel } from "./panel.js";
import { followPointer } from "./pointer.js";
import { Scene } from "./scene.js";
import { applyOffsets, drawLeaders, spread } from "./spread.js";
import * as store from "./store.js";
import { readTheme } from "./theme.js";
import { Tooltip } from "./tooltip.js";

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
    this.scene.selected = data.selected;
    this.#takeParts();
  }

  #takeParts() {
    if (!this.data) return;
    const network = store.get(this.data.parts.network);
    const backdrop = store.get(this.data.parts.backdrop);
    if (!network || !backdrop) return;
    const { parts } = this.data;
    if (parts.network !== this.digests.network) this.#load(network);
    if (parts.backdrop !== this.digests.backdrop) {
      this.backdrop.load(backdrop.territories, (x, y) => this.scene.place(x, y));
    }
    this.digests = { ...parts };
    this.scene.refresh();
    this.refresh();
  }

  #load(network) {
    const first = !this.network;
    const moved = this.scene.load(network);
    if (first) this.#start(network.options);
    this.network.body.emitter.emit("_blockRedraw"); // else it draws after each change of its data
    const optionsKey = JSON.stringify(network.options);
    if (!first && optionsKey !== this.optionsKey) this.network.setOptions(network.options);
    this.optionsKey = optionsKey;
    applyDelta(this, network);
    this.laidOut = null;
    if (moved) this.digests.backdrop = null;
    if (first) this.#restore();
    // A filter keeps the view, unless it would show nothing.
    const nodes = this.#framedNodes();
    const move = moved || !this.camera.wanted || !this.camera.sees(nodes);
    this.camera.fit(nodes, { move });
    this.panel.empty.hidden = this.scene.nodes.size > 0;
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
    this.network.on("resize", () => queueMicrotask(() => this.camera?.resized(this.#framedNodes())));
    const { buttons } = this.panel;
    const press = (name, action) => buttons[name].addEventListener("click", action);
    press("zoom_in", () => this.camera.zoomBy(1.5));
    press("zoom_out", () => this.camera.zoomBy(1 / 1.5));
    press("fit", () => this.fit(true));
    followPointer(this, this.abort.signal);
    followKeyboard(this, this.abort.signal);
  }

  #framedNodes() {
    const all = [...this.scene.nodes.values()];
    const tied = all.filter((node) => node.role !== "supply");
    return tied.length > 1 ? tied : all;
  }

  /** Show everything. */
  fit(animate) {
    this.camera?.fit(this.#framedNodes(), { animate });
  }

  #remember({ position, scale, fitted }) {
    const metres = fitted ? null : this.scene.metres(position);
    cameras.set(this.data.key, { crs: this.scene.crs, metres, scale });
  }

  #restore() {
    const kept = cameras.get(this.data.key);
    if (!kept?.metres || kept.crs !== this.scene.crs) return;
    const [x, y] = this.scene.place(...kept.metres);
    this.camera.go({ position: { x, y }, scale: kept.scale }, false);
  }

  #drawUnder(ctx) {
    const old = this.#layoutIsOld();
    const nodes = this.scene.ordered;
    if (old && this.laidOut?.scale !== this.scale) spread(nodes, this.scale, this.zoom);
    applyOffsets(nodes, this.network.body.nodes, this.scale);
    this.#styleTies();
    if (old) this.#layout(ctx);
    this.backdrop.draw(ctx, this);
    drawNames(ctx, this);
    drawLeaders(ctx, this);
  }

  /** Only when something that they depend on changed: panning does not. */
  #styleTies() {
    const { scene, scale, theme, digests } = this;
    const key = JSON.stringify([scale, theme.name, digests.network, scene.selected, scene.hovered]);
    if (key === this.tiesKey) return;
    this.tiesKey = key;
    styleTies(this, this.edges);
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
    this.labels.draw(ctx, this);
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
    if (target.kind === "node") return [item.name, item.lines];
    const ends = [item.from, item.to].map((id) => this.scene.nodes.get(id).name);
    return [ends.join(" – "), [item.words]];
  }

  /** Choose a node, a tie, or nothing; Python is told. */
  pick(target) {
    const { scene } = this;
    if (target?.id === scene.selected?.id && target?.kind === scene.selected?.kind) return;
    scene.selected = target;
    scene.refresh();
    if (target?.kind === "node" && scene.current) scene.current = target.id;
    this.tooltip.hide();
    this.refresh();
    this.onPick(target ?? { kind: "none", id: "" });
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
    const had = Boolean(this.scene.current || this.scene.selected);
    this.scene.current = null;
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

  destroy() {
    this.abort.abort();
    this.stopListening();
    clearTimeout(this.relabel);
    this.network?.destroy();
    this.network = null;
    this.camera = null;
    this.panel.root.remove();
  }
}
