/**
 * How ties look and where they run. vis-network draws some hundreds one by one, curved and dashed. It
 * keeps dozens of objects for each tie, so that beyond it is not told of them: they are straight, and
 * drawn here in one stroke for those that look alike.
 */
import { tone } from "./theme.js";

export const ONE_BY_ONE = 600; // ties up to which vis-network draws them: as explorer/canvas/payload.py

const FADED = 0.07;
const KEPT = 0.45; // of two days compared: what goes on steps back
const HAIRLINE = 0.98; // pixels up to which a browser draws thousands of lines in one stroke at once

/** Colours of what began and of what ended between two days; a plus and a minus go with them. */
export const CHANGE_COLOURS = { new: "#097A5C", ended: "#BF4B08" };
export const WIDER = { new: 2.2, ended: 1.4 };

/** Whether vis-network draws the ties of `scene`. */
export const oneByOne = (scene) => scene.ties.size <= ONE_BY_ONE;

/** Width and dashes in pixels, colour, and whether it stands out (1), is plain (0) or faded (-1). */
function look(view, tie) {
  const { scene, theme, looks } = view;
  const lit = scene.isLit(tie) ?? (scene.isHovered(tie) || null);
  const { width, dashes } = looks[tie.style];
  const changed = CHANGE_COLOURS[tie.change];
  const plain = tie.change === "kept" ? KEPT : view.tieOpacity;
  return {
    width: width * (changed ? WIDER[tie.change] : 1) + (lit ? (scene.steps.size ? 2.5 : 1) : 0),
    dashes: tie.change === "ended" ? [2, 5] : dashes,
    colour: tone(changed ?? scene.nodes.get(tie.to).colour, theme, lit === null ? plain : lit ? 1 : FADED),
    level: lit === null ? 0 : lit ? 1 : -1,
  };
}

/** Give each tie of vis-network its width, dashes and colour for this scale. */
export function styleTies(view) {
  const { scene, edges, scale } = view;
  for (const tie of scene.ties.values()) {
    const edge = edges[tie.id];
    if (!edge) continue;
    const { width, dashes, colour } = look(view, tie);
    edge.options.width = width / scale;
    edge.options.dashes = dashes && dashes.map((dash) => dash / scale);
    edge.options.color.color = colour;
  }
}

/** Ties by what they look like, what stands out last: [{width, dashes, colour, ends}]. */
export function bundles(view) {
  const { scene } = view;
  const found = new Map();
  for (const tie of scene.ties.values()) {
    const seen = look(view, tie);
    const key = `${seen.colour}/${seen.width}/${seen.dashes}`;
    let bundle = found.get(key);
    if (!bundle) found.set(key, (bundle = { ...seen, ends: [] }));
    bundle.ends.push(scene.nodes.get(tie.from), scene.nodes.get(tie.to));
  }
  return [...found.values()].sort((a, b) => a.level - b.level);
}

/** Draw one tie in `every`; `plainly`, while all moves: no broader than a pixel, without dashes. */
export function drawBundles(ctx, list, scale, { every = 1, plainly = false } = {}) {
  ctx.lineCap = "butt";
  for (const { width, dashes, colour, ends } of list) {
    ctx.strokeStyle = colour;
    // Broader lines of one path are joined into one shape first: quicker one by one.
    const together = plainly || width <= 1;
    ctx.lineWidth = (together ? Math.min(HAIRLINE, width) : width) / scale;
    ctx.setLineDash(dashes && !plainly ? dashes.map((dash) => dash / scale) : []);
    ctx.beginPath();
    for (let i = 0; i < ends.length; i += 2 * every) {
      if (!together) ctx.beginPath();
      ctx.moveTo(ends[i].x, ends[i].y);
      ctx.lineTo(ends[i + 1].x, ends[i + 1].y);
      if (!together) ctx.stroke();
    }
    if (together) ctx.stroke();
  }
  ctx.setLineDash([]);
}

/** The point of a tie at a share of its way, in network coordinates. */
export function pointOf(view, tie, share) {
  const type = view.edges[tie.id]?.edgeType;
  if (type) return type.getPoint(share, type.getViaNode());
  const [a, b] = [view.scene.nodes.get(tie.from), view.scene.nodes.get(tie.to)];
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** How far `point` is from a tie, in network units. */
export function distanceTo(view, tie, { x, y }) {
  const [a, b] = [view.scene.nodes.get(tie.from), view.scene.nodes.get(tie.to)];
  const type = view.edges[tie.id]?.edgeType;
  if (type) return type.getDistanceToEdge(a.x, a.y, b.x, b.y, x, y);
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const share = ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, share));
  return Math.hypot(a.x + t * dx - x, a.y + t * dy - y);
}
