/**
 * Symbols that would hide one another stand side by side. Offsets are in pixels, so they vanish
 * against real distances as one zooms in; a short line leads back to the true place.
 *
 * Structures with ties are pushed apart until each is seen whole: the group keeps its place, what
 * else is only placed by attachment gives way first. Supply at one address opens like a fan when
 * zoomed in.
 */
import { extent, growth } from "./marks.js";

const SAME_PLACE = 0.6; // network units: 15 m
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
// Rounds of pushing by the number of structures up to which they are worth their time.
const ROUNDS = [[300, 30], [800, 8], [Infinity, 0]];
const GAP = 2.5; // pixels between two symbols
const CELL = 48;

/** Work out the offsets of `nodes` (from the least to the most important) for this scale. */
export function spread(nodes, scale, zoom) {
  const grown = growth(zoom);
  const tied = nodes.filter((node) => node.rank > 0).map((node) => body(node, scale, grown));
  startApart(tied);
  const [, rounds] = ROUNDS.find(([most]) => tied.length <= most);
  for (let round = 0; round < rounds && pushApart(tied); round += 1);
  for (const { node, x, y, x0, y0 } of tied) node.offset = { dx: x - x0, dy: y - y0 };
  openFans(nodes, grown * Math.min(1, Math.max(0.35, (zoom - 1) / 2)));
}

function body(node, scale, grown) {
  const [x0, y0] = [node.ax * scale, node.ay * scale];
  const firm = node.approximate !== "attached" || node.rank > 1;
  const weight = firm ? 4 ** (node.minor ? 1 : node.rank) : 0.02;
  return { node, x: x0, y: y0, x0, y0, r: extent(node) * grown + GAP / 2, weight };
}

/** Those at the very same place leave in directions of their own, always the same ones. */
function startApart(bodies) {
  for (const group of together(bodies, (item) => item.node)) {
    const heaviest = group.reduce((a, b) => (b.weight > a.weight ? b : a));
    group.filter((item) => item !== heaviest).forEach((item, i) => {
      const angle = -Math.PI / 2 + GOLDEN_ANGLE * i;
      item.x += Math.cos(angle);
      item.y += Math.sin(angle);
    });
  }
}

function pushApart(bodies) {
  const cells = new Map();
  for (const item of bodies) {
    const key = Math.floor(item.x / CELL) * 65536 + Math.floor(item.y / CELL);
    if (cells.has(key)) cells.get(key).push(item);
    else cells.set(key, [item]);
  }
  let moved = false;
  for (const [key, items] of cells) {
    const near = [65536 - 1, 65536, 65536 + 1, 1].flatMap((step) => cells.get(key + step) ?? []);
    items.forEach((a, i) => {
      for (const b of items.slice(i + 1)) moved = separate(a, b) || moved;
      for (const b of near) moved = separate(a, b) || moved;
    });
  }
  return moved;
}

function separate(a, b) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const distance = Math.hypot(dx, dy) || 0.01;
  const missing = a.r + b.r - distance;
  if (missing <= 0.1) return false;
  const share = a.weight / (a.weight + b.weight); // the lighter one moves more
  const [ux, uy] = [(dx / distance) * missing, (dy / distance) * missing];
  a.x -= ux * (1 - share);
  a.y -= uy * (1 - share);
  b.x += ux * share;
  b.y += uy * share;
  return true;
}

/** Supply at one address: a spiral of symbols, around whatever else stands there. */
function openFans(nodes, opened) {
  for (const group of together(nodes, (node) => node)) {
    const supply = group.filter((node) => node.rank === 0);
    const others = group.length - supply.length;
    const inner = others ? 14 + 5 * others : 0;
    supply.forEach((node, i) => {
      const distance = inner + (others || i ? (2 * node.r + GAP) * 0.8 * Math.sqrt(i + 0.4) : 0);
      const angle = GOLDEN_ANGLE * i;
      node.offset = {
        dx: distance * opened * Math.cos(angle),
        dy: distance * opened * Math.sin(angle),
      };
    });
  }
}

/** Groups of two or more that share a place; `nodeOf` gives the node of an item. */
function together(items, nodeOf) {
  const places = new Map();
  for (const item of items) {
    const { ax, ay } = nodeOf(item);
    const key = `${Math.round(ax / SAME_PLACE)},${Math.round(ay / SAME_PLACE)}`;
    if (places.has(key)) places.get(key).push(item);
    else places.set(key, [item]);
  }
  return [...places.values()].filter((group) => group.length > 1);
}

/** Move nodes, and vis-network's own copies of them, to where they are drawn at this scale. */
export function applyOffsets(nodes, bodies, scale) {
  for (const node of nodes) {
    node.x = node.ax + node.offset.dx / scale;
    node.y = node.ay + node.offset.dy / scale;
    const own = bodies[node.id];
    if (own) {
      own.x = node.x;
      own.y = node.y;
    }
  }
}

const SHORTEST = 7; // pixels: below, no line back to the place is needed

/** Lines from displaced symbols back to their place. */
export function drawLeaders(ctx, view) {
  if (view.scene.layout !== "carte" || view.morph) return;
  const pixel = 1 / view.scale;
  ctx.strokeStyle = view.theme.heavy;
  ctx.fillStyle = view.theme.heavy;
  ctx.lineWidth = pixel;
  for (const node of view.scene.ordered) {
    if (node.rank === 0 || view.scene.isFaded(node.id)) continue;
    if (Math.hypot(node.offset.dx, node.offset.dy) < SHORTEST) continue;
    ctx.beginPath();
    ctx.moveTo(node.ax, node.ay);
    ctx.lineTo(node.x, node.y);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(node.ax, node.ay, 1.5 * pixel, 0, 2 * Math.PI);
    ctx.fill();
  }
}
