/**
 * What is on the canvas: nodes and ties with their neighbours, places in network coordinates, and
 * what is chosen, pointed at or reached by keyboard. No drawing here.
 */
import { clean, mapName, wrap } from "./words.js";

/** Metres in one network unit: at scale 1, one pixel is 25 m. */
export const METRES_PER_UNIT = 25;

const MINOR = 6; // a smaller site of the group is one of many, beside its legal entity
const RANK = { supply: 0, neighbour: 1, partner: 1, focus_site: 2, focus: 3 };
const LINE_LIMIT = 25; // characters in a line of a label

export class Scene {
  constructor() {
    this.all = new Map(); // all nodes that Python sent
    this.allTies = new Map();
    this.nodes = new Map(); // those drawn now
    this.ties = new Map();
    this.layout = "carte";
    this.hidden = new Set();
    this.near = null; // {of: ids, depth}: only these and what is near them is drawn
    this.pins = { carte: new Map(), reseau: new Map() };
    this.chosen = new Set(); // ids of a multiple selection
    this.paths = []; // chains of ids looked at
    this.origin = null;
    this.crs = null;
    this.selected = null; // {kind: "node" | "tie", id}
    this.hovered = null;
    this.current = null; // id of the node reached by keyboard
    this.active = null; // ids that stay in full colour, or null for all
  }

  /** Network coordinates of a point in metres; the first point seen sets the origin. */
  place(x, y) {
    this.origin ??= [Math.round(x / 1000) * 1000, Math.round(y / 1000) * 1000];
    return [(x - this.origin[0]) / METRES_PER_UNIT, (this.origin[1] - y) / METRES_PER_UNIT];
  }

  /** Metres of a point in network coordinates. */
  metres({ x, y }) {
    return [x * METRES_PER_UNIT + this.origin[0], this.origin[1] - y * METRES_PER_UNIT];
  }

  /** Take a `network` part. Returns whether the projection changed, so that all moves. */
  load(network) {
    const moved = this.crs !== null && this.crs !== network.crs;
    if (moved) this.origin = null;
    this.crs = network.crs;
    this.all = new Map(network.nodes.map((item) => [item.id, this.#node(item)]));
    this.allTies = new Map(network.edges.map((item) => [item.id, item]));
    this.hovered = null;
    this.sift();
    return moved;
  }

  /** Take what people did on the canvas: see board.js. Layout is changed by the view. */
  adopt(board) {
    this.hidden = new Set(board.hidden);
    this.near = board.near.length && board.depth ? { of: board.near, depth: board.depth } : null;
    this.chosen = new Set(board.chosen);
    this.pins = { carte: new Map(), reseau: new Map() };
    for (const { layout, id, x, y } of board.pins) {
      const spot = layout === "carte" ? this.origin && this.place(x, y) : [x, -y];
      if (spot) this.pins[layout].set(id, spot);
    }
  }

  /** Where a node stands in a layout; null where it has no place there. */
  spot(node, layout = this.layout) {
    return this.pins[layout].get(node.id) ?? (layout === "carte" ? node.place : node.net ?? node.place);
  }

  /** Choose what is drawn: in this layout (or `also` in another), not hidden, near enough. */
  sift(also = this.layout) {
    const stands = (node) => this.spot(node) ?? this.spot(node, also);
    const open = [...this.all.values()].filter((node) => !this.hidden.has(node.id));
    this.#keep(open);
    // Near by way of whoever it is: a structure without a place on the map joins others too.
    const kept = this.near ? this.within(this.near.of, this.near.depth) : new Set();
    this.#keep(open.filter((node) => stands(node) && (!kept.size || kept.has(node.id))));
    for (const node of this.nodes.values()) [node.ax, node.ay] = stands(node);
    this.ordered = [...this.nodes.values()].sort((a, b) => a.rank - b.rank);
    if (this.current && !this.nodes.has(this.current)) this.current = null;
    this.refresh();
  }

  #keep(nodes) {
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    const drawn = [...this.allTies.values()].filter(
      (tie) => this.nodes.has(tie.from) && this.nodes.has(tie.to),
    );
    this.ties = new Map(drawn.map((tie) => [tie.id, tie]));
    for (const node of this.nodes.values()) node.neighbours = new Set();
    for (const tie of drawn) {
      this.nodes.get(tie.from).neighbours.add(tie.to);
      this.nodes.get(tie.to).neighbours.add(tie.from);
    }
  }

  /** Ids of what is drawn within `depth` steps of some. */
  within(ids, depth) {
    let edge = ids.filter((id) => this.nodes.has(id));
    const found = new Set(edge);
    for (let step = 0; step < depth; step += 1) {
      edge = edge.flatMap((id) => [...this.nodes.get(id).neighbours]).filter((id) => !found.has(id));
      edge.forEach((id) => found.add(id));
    }
    return found;
  }

  /** What actions are about: the multiple selection, else the node chosen. */
  subjects() {
    if (this.chosen.size) return [...this.chosen];
    return this.selected?.kind === "node" ? [this.selected.id] : [];
  }

  #node(item) {
    const place = item.x === null ? null : this.place(item.x, item.y);
    const net = item.net ? [item.net[0], -item.net[1]] : null;
    const [ax, ay] = place ?? net;
    const name = clean(item.name);
    return {
      id: item.id,
      label: wrap(mapName(clean(item.label), name), LINE_LIMIT), // one or two lines
      name,
      lines: item.lines.map((line) => clean(line)),
      role: item.role,
      rank: RANK[item.role],
      minor: item.role === "focus_site" && item.size < MINOR,
      symbol: item.shape,
      colour: item.color,
      r: item.size,
      approximate: item.approximate,
      code: item.code,
      change: item.change,
      place, net,
      ax, ay, // its place in this layout
      x: ax, y: ay, // where it is drawn: beside its place when several share it
      offset: { dx: 0, dy: 0 }, // pixels, between the two
      neighbours: new Set(),
    };
  }

  get(reference) {
    if (!reference) return undefined;
    return (reference.kind === "tie" ? this.ties : this.nodes).get(reference.id);
  }

  /** Work out what stays in full colour. */
  refresh() {
    this.steps = new Set(this.paths.flatMap((ids) => ids.slice(1).map((id, i) => pair(ids[i], id))));
    const target = this.get(this.selected);
    if (this.steps.size) this.active = new Set([...this.paths.flat(), ...this.subjects()]);
    else if (this.chosen.size) this.active = this.within([...this.chosen], 1);
    else if (!target) this.active = null;
    else if (this.selected.kind === "tie") this.active = new Set([target.from, target.to]);
    else this.active = new Set([target.id, ...target.neighbours]);
  }

  isFaded(id) {
    return this.active !== null && !this.active.has(id) && id !== this.current;
  }

  /** Whether a tie belongs to what is chosen (true), is faded (false), or neither (null). */
  isLit(tie) {
    if (this.active === null) return null;
    if (this.steps.size) return this.steps.has(pair(tie.from, tie.to));
    if (this.chosen.size) return this.chosen.has(tie.from) || this.chosen.has(tie.to);
    if (this.selected.kind === "tie") return tie.id === this.selected.id;
    return tie.from === this.selected.id || tie.to === this.selected.id;
  }

  isChosen(id) {
    return this.chosen.has(id) || this.selected?.id === id;
  }

  isHovered(tie) {
    const { hovered } = this;
    if (!hovered) return false;
    if (hovered.kind === "tie") return hovered.id === tie.id;
    return tie.from === hovered.id || tie.to === hovered.id;
  }
}

/** One key for a tie, whichever way it is read. */
export const pair = (a, b) => (a < b ? `${a}\n${b}` : `${b}\n${a}`);
