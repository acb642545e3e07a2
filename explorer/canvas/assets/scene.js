/**
 * What is on the canvas: nodes and ties with their neighbours, places in network coordinates, and
 * what is chosen, pointed at or reached by keyboard. No drawing here.
 */
import { clean, mapName, wrap } from "./words.js";

/** Metres in one network unit: at scale 1, one pixel is 25 m. */
export const METRES_PER_UNIT = 25;

const MINOR = 6; // a smaller site of the group is one of many, beside its legal entity
const RANK = { supply: 0, partner: 1, focus_site: 2, focus: 3 };
const LINE_LIMIT = 25; // characters in a line of a label

export class Scene {
  constructor() {
    this.nodes = new Map();
    this.ties = new Map();
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
    this.nodes = new Map(network.nodes.map((item) => [item.id, this.#node(item)]));
    this.ties = new Map(network.edges.map((item) => [item.id, item]));
    for (const tie of this.ties.values()) {
      this.nodes.get(tie.from).neighbours.add(tie.to);
      this.nodes.get(tie.to).neighbours.add(tie.from);
    }
    this.ordered = [...this.nodes.values()].sort((a, b) => a.rank - b.rank);
    if (this.current && !this.nodes.has(this.current)) this.current = null;
    this.hovered = null;
    this.refresh();
    return moved;
  }

  #node(item) {
    const [ax, ay] = this.place(item.x, item.y);
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
      ax, ay, // its place
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
    const target = this.get(this.selected);
    if (!target) this.active = null;
    else if (this.selected.kind === "tie") this.active = new Set([target.from, target.to]);
    else this.active = new Set([target.id, ...target.neighbours]);
  }

  isFaded(id) {
    return this.active !== null && !this.active.has(id) && id !== this.current;
  }

  /** Whether a tie belongs to what is chosen (true), is faded (false), or neither (null). */
  isLit(tie) {
    if (this.active === null) return null;
    if (this.selected.kind === "tie") return tie.id === this.selected.id;
    return tie.from === this.selected.id || tie.to === this.selected.id;
  }

  isHovered(tie) {
    const { hovered } = this;
    if (!hovered) return false;
    if (hovered.kind === "tie") return hovered.id === tie.id;
    return tie.from === hovered.id || tie.to === hovered.id;
  }
}
