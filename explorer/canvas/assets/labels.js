/**
 * Names that do not pile up. Each label tries eight places around its symbol and takes the one that
 * hides least; what finds no room stays silent until one zooms in. The layout is worked out in
 * pixels from the origin of the network, for all nodes, so that panning never changes it.
 */
import { extent, growth, hasBadge } from "./marks.js";
import { pointOf } from "./ties.js";
import { isolate } from "./words.js";

const GAP = 4;
const CELL = 64;
const LINE = 1.15; // height of a line, in sizes of the letters
const MOST = 220; // labels worked out at once
const TIES_AVOIDED = 400;
const SUPPLY_ZOOM = 3; // supply is named from this zoom on
const SILENT = 9; // what costs as much is not written
const SLID = 0.3; // price of a name moved sideways into the map
const CUT = { whole: 20, part: 6 }; // price of a cut name, too high where all is in view

// Direction of each place, and what it costs to be there rather than at the right.
const PLACES = [
  [1, 0, 0], [-1, 0, 0.5], [1, -1, 0.6], [1, 1, 0.6],
  [0, -1, 0.8], [0, 1, 0.8], [-1, -1, 1], [-1, 1, 1],
];

/** Boxes by cell, to find quickly what overlaps. */
class Grid {
  constructor() {
    this.cells = new Map();
  }

  *#keys(box) {
    for (let i = Math.floor(box.left / CELL); i <= Math.floor(box.right / CELL); i += 1) {
      for (let j = Math.floor(box.top / CELL); j <= Math.floor(box.bottom / CELL); j += 1) {
        yield i * 65536 + j;
      }
    }
  }

  add(box) {
    for (const key of this.#keys(box)) {
      if (this.cells.has(key)) this.cells.get(key).push(box);
      else this.cells.set(key, [box]);
    }
  }

  *meeting(box) {
    const seen = new Set();
    for (const key of this.#keys(box)) {
      for (const other of this.cells.get(key) ?? []) {
        if (!seen.has(other) && overlap(box, other)) {
          seen.add(other);
          yield other;
        }
      }
    }
  }
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export class Labels {
  constructor() {
    this.widths = new Map();
    this.placed = [];
    this.pointed = null; // the label of what one points at, over the others
  }

  font(node, theme) {
    const rank = node.minor ? 1 : node.rank;
    const size = [11, 12, 13, 14.5][rank];
    return { size, css: `${rank > 1 ? 600 : 400} ${size}px ${theme.font}` };
  }

  width(ctx, css, text) {
    const key = css + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      ctx.font = css;
      width = ctx.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  /** Choose the labels for this scale. */
  layout(ctx, view) {
    this.grid = new Grid();
    this.placed = [];
    for (const node of view.scene.ordered) this.grid.add(symbolBox(node, view));
    this.pointed = null;
    this.view = frameOf(view.camera.rest());
    this.taken = corners(this.view, view);
    this.cut = view.camera.wanted?.fitted ? CUT.whole : CUT.part;
    this.segments = tieSegments(view);
    for (const { node, forced } of candidates(view).slice(0, MOST)) {
      const label = this.#place(ctx, view, node, forced);
      if (label) {
        this.placed.push(label);
        this.grid.add(label);
      }
    }
  }

  #place(ctx, view, node, forced) {
    const { size, css } = this.font(node, view.theme);
    const width = Math.max(...node.label.map((line) => this.width(ctx, css, line)));
    const own = symbolBox(node, view);
    const seen = within(own, this.view);
    let best = null;
    for (const [dx, dy, price] of PLACES) {
      const box = beside(own, dx, dy, width, size * LINE * node.label.length);
      const slid = seen && dy && slide(box, this.view) ? SLID : 0;
      const cost = price + slid + this.#cost(box, node) + (seen && this.#isCut(box) ? this.cut : 0);
      if (!best || cost < best.cost) best = { ...box, cost, node, css, size };
      if (cost === 0) break;
    }
    return best.cost < SILENT || forced ? best : null;
  }

  /** Whether a name would leave the map, or stand under what is pinned to its corners. */
  #isCut(box) {
    return !within(box, this.view) || this.taken.some((other) => overlap(box, other));
  }

  #cost(box, node) {
    let cost = 0;
    for (const other of this.grid.meeting(box)) {
      if (other.symbol === node) continue;
      cost += other.symbol ? (other.symbol.rank ? 9 : 0.9) : 20; // no partner is hidden by a name
      if (cost > 20) return cost;
    }
    for (const segment of this.segments) {
      if (crosses(segment, box)) cost += 0.25;
      if (cost > 20) break;
    }
    return cost;
  }

  /** Give what one points at a label if it has none to be seen. */
  #point(ctx, view) {
    const { scene } = view;
    const node = scene.hovered?.kind === "node" ? scene.nodes.get(scene.hovered.id) : null;
    if (this.pointed?.node === node) return;
    const shown = this.placed.some((label) => label.node === node) && !scene.isFaded(node?.id);
    this.pointed = node && !shown ? this.#place(ctx, view, node, true) : null;
  }

  /** Whether neither a symbol nor a label stands in `box`. */
  isFree(box) {
    return this.grid.meeting(box).next().done;
  }

  /** Whether a tie passes through `box`. */
  isCrossed(box) {
    return this.segments.some((segment) => crosses(segment, box));
  }

  draw(ctx, view) {
    const { scale, theme, scene } = view;
    ctx.save();
    ctx.scale(1 / scale, 1 / scale);
    ctx.textBaseline = "middle";
    ctx.direction = "ltr";
    ctx.lineJoin = "round";
    this.#point(ctx, view);
    for (const label of [...this.placed, this.pointed]) {
      if (!label || (scene.isFaded(label.node.id) && label !== this.pointed)) continue;
      write(ctx, label, label.node.x * scale - label.at.x, label.node.y * scale - label.at.y, theme);
    }
    ctx.restore();
  }
}

/** Write a label, moved by what its symbol moved since it was placed. */
function write(ctx, label, dx, dy, theme) {
  const { node, size, side } = label;
  ctx.font = label.css;
  ctx.textAlign = side > 0 ? "left" : side < 0 ? "right" : "center";
  const x = dx + (side > 0 ? label.left : side < 0 ? label.right : (label.left + label.right) / 2);
  const lines = node.label.map((line, i) => [
    isolate(line), x, label.top + dy + size * LINE * (i + 0.5),
  ]);
  ctx.strokeStyle = theme.paper;
  ctx.lineWidth = 3.5;
  ctx.globalAlpha = 0.9;
  for (const line of lines) ctx.strokeText(...line);
  ctx.globalAlpha = 1;
  ctx.fillStyle = node.rank > 0 ? theme.ink : theme.muted;
  for (const line of lines) ctx.fillText(...line);
}

/** What the map shows, in pixels from the origin of the network. */
export function frameOf({ translation, width, height }) {
  const margin = 4;
  return {
    left: margin - translation.x, right: width - margin - translation.x,
    top: margin - translation.y, bottom: height - margin - translation.y,
  };
}

function symbolBox(node, { scale, zoom, scene }) {
  const r = extent(node) * growth(zoom) + (scene.isChosen(node.id) ? 6 : hasBadge(node) ? 4 : 0);
  const x = node.x * scale;
  const y = node.y * scale;
  return { left: x - r, right: x + r, top: y - r, bottom: y + r, symbol: node };
}

function beside(own, dx, dy, width, height) {
  const x = (own.left + own.right) / 2;
  const y = (own.top + own.bottom) / 2;
  const r = (own.right - own.left) / 2;
  const away = dx && dy ? r * 0.6 : r;
  const left = dx > 0 ? x + away + GAP : dx < 0 ? x - away - GAP - width : x - width / 2;
  const middle = dy === 0 ? y : y + dy * (away + (dx ? GAP / 2 : GAP) + height / 2);
  const [top, bottom] = [middle - height / 2, middle + height / 2];
  return { left, right: left + width, top, bottom, at: { x, y }, side: dx };
}

export const within = (box, frame) =>
  box.left > frame.left && box.right < frame.right && box.top > frame.top && box.bottom < frame.bottom;

/** Where north, buttons and scale bar stand; off the map, there are only the buttons. */
export function corners({ left, right, top, bottom }, { mapness }) {
  const buttons = { left: right - 52, right, top, bottom: top + 118 };
  if (!mapness) return [buttons];
  const north = { left, right: left + 40, top, bottom: top + 48 };
  return [north, buttons, { left, right: left + 160, top: bottom - 46, bottom }];
}

/** Move a label above or below its symbol sideways, no further than into the frame. */
function slide(box, frame) {
  const shift = Math.max(0, frame.left + 1 - box.left) - Math.max(0, box.right - frame.right + 1);
  box.left += shift;
  box.right += shift;
  return shift !== 0;
}

/** Who may have a label, the most important first. */
const standing = (node) => (node.minor ? 0.5 : node.rank); // partners are named before minor sites

const few = (ids) => [...ids].slice(0, 25); // of many chosen at once, not all are named

function candidates(view) {
  const { scene, zoom } = view;
  const centre = scene.ordered.filter((node) => node.role === "focus").map((node) => node.id);
  const chosen = new Set([scene.selected?.id, scene.current, ...few(scene.chosen), ...few(scene.steps.size ? scene.paths.flat() : []), ...centre].filter(Boolean));
  const near = zoom >= SUPPLY_ZOOM;
  return scene.ordered
    .filter((node) => node.rank > 0 || near || chosen.has(node.id) || scene.active?.has(node.id))
    .map((node) => ({ node, forced: chosen.has(node.id), degree: node.neighbours.size }))
    .sort(
      (a, b) =>
        b.forced - a.forced ||
        scene.isFaded(a.node.id) - scene.isFaded(b.node.id) ||
        standing(b.node) - standing(a.node) ||
        b.degree - a.degree ||
        a.node.name.length - b.node.name.length ||
        (a.node.id < b.node.id ? -1 : 1),
    );
}

/** Ties as short straight pieces, in pixels; none where there are too many to avoid. */
function tieSegments(view) {
  const { scene, scale } = view;
  if (scene.ties.size > TIES_AVOIDED) return [];
  const pieces = [];
  for (const tie of scene.ties.values()) {
    if (scene.isLit(tie) === false) continue;
    let last = pointOf(view, tie, 0);
    for (let t = 1; t <= 5; t += 1) {
      const next = pointOf(view, tie, t / 5);
      pieces.push([last.x * scale, last.y * scale, next.x * scale, next.y * scale]);
      last = next;
    }
  }
  return pieces;
}

/** Whether a segment passes through a box (Liang and Barsky). */
function crosses([x0, y0, x1, y1], box) {
  let [start, end] = [0, 1];
  const sides = [
    [x0 - x1, x0 - box.left], [x1 - x0, box.right - x0],
    [y0 - y1, y0 - box.top], [y1 - y0, box.bottom - y0],
  ];
  for (const [p, q] of sides) {
    if (p === 0 && q < 0) return false;
    if (p < 0) start = Math.max(start, q / p);
    else if (p > 0) end = Math.min(end, q / p);
    if (start > end) return false;
  }
  return true;
}
