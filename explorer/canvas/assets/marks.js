/** Nodes and ties as vis-network draws them: sizes in pixels whatever the zoom. */
import { pair } from "./scene.js";
import { trace } from "./symbols.js";
import { tone } from "./theme.js";
import { CHANGE_COLOURS, pointOf } from "./ties.js";

export const FADED_NODE = 0.16;
export const SUPPLY = 0.85; // opacity
const READABLE = 6.5; // pixels from which a sign in a symbol is written

/** Symbols grow a little when one comes nearer. */
export const growth = (zoom) => Math.min(1.5, Math.max(0.8, zoom ** 0.25));

const ringRadius = (node) => node.r * 1.25 + 3;

/** Radius in pixels with the ring around it. */
export const extent = (node) => (node.rank > 1 ? ringRadius(node) + 1 : node.r);

/** Whether a plus or a minus stands at a node. */
export const hasBadge = (node) => node.change === "new" || node.change === "ended";

/** Pixels around a node within which it is drawn; `marked`: with badge, pin and ring of choice. */
export const outermost = (node, marked) => (marked ? extent(node) * 1.75 + 14 : extent(node) + 2);

/** The renderer that vis-network calls for each node (shape "custom"). */
export function nodeRenderer(view) {
  return ({ ctx, id, x, y }) => {
    const node = view.scene.nodes.get(id);
    if (!node) return {};
    const pixel = 1 / view.scale;
    const grown = growth(view.zoom) * pixel;
    const r = node.r * grown;
    return {
      drawNode: () => drawNode(ctx, view, node, { x, y, r, pixel, grown }),
      nodeDimensions: { width: 2 * r, height: 2 * r },
    };
  };
}

export function drawNode(ctx, view, node, { x, y, r, pixel, grown }) {
  const { scene, theme } = view;
  const points = view.symbols[node.symbol];
  const colour = tone(node.colour, theme);
  ctx.globalAlpha = scene.isFaded(node.id) ? FADED_NODE : node.role === "supply" ? SUPPLY : 1;
  ctx.lineJoin = "round";
  ctx.lineCap = "butt"; // vis-network leaves round caps after dashed ties
  const around = (radius, width, colour, inside) => ring(ctx, x, y, radius, width * pixel, colour, inside);
  if (node.rank > 1) around(ringRadius(node) * grown, node.rank * 0.75, colour, theme.paper);
  trace(ctx, points, x, y, r);
  if (node.rank > 0) {
    ctx.strokeStyle = theme.paper;
    ctx.lineWidth = 3 * pixel;
    ctx.stroke();
  }
  const hollow = node.approximate && scene.layout === "carte";
  fill(ctx, node, colour, theme, pixel, hollow);
  if (hollow && node.approximate === "attached" && !node.code) dot(ctx, x, y, r * 0.3, colour);
  if (node.code && r / pixel >= READABLE) sign(ctx, node.code, x, y, r, hollow ? colour : theme.paper, theme);
  const outside = extent(node) * grown;
  if (hasBadge(node)) badge(ctx, node, x, y, outside, pixel, theme);
  if (scene.pins[scene.layout].has(node.id)) dot(ctx, x - r * 0.9, y - r * 0.9, 2.6 * pixel, theme.ink);
  if (scene.isChosen(node.id)) around(outside + 4.5 * pixel, 2.5, theme.accent);
  if (scene.current === node.id && view.hasKeyboard) {
    ctx.setLineDash([3 * pixel, 3 * pixel]);
    around(outside + 8 * pixel, 2, theme.ink);
  }
}

/** The sign of the group that it is coloured by. */
function sign(ctx, code, x, y, r, colour, theme) {
  ctx.font = `700 ${r * 1.25}px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colour;
  ctx.fillText(code, x, y + r * 0.08);
}

/** A plus or a minus at the upper right: new, or ended, between two days. */
function badge(ctx, node, x, y, outside, pixel, theme) {
  const r = 5.2 * pixel;
  const [cx, cy] = [x + outside * 0.75 + 2.5 * pixel, y - outside * 0.75 - 2.5 * pixel];
  const colour = tone(CHANGE_COLOURS[node.change], theme);
  ring(ctx, cx, cy, r, 1.6 * pixel, colour, theme.paper);
  cross(ctx, cx, cy, 2.8 * pixel, 1.8 * pixel, colour, node.change === "new");
}

function cross(ctx, x, y, arm, width, colour, plus) {
  ctx.beginPath();
  ctx.moveTo(x - arm, y);
  ctx.lineTo(x + arm, y);
  if (plus) {
    ctx.moveTo(x, y - arm);
    ctx.lineTo(x, y + arm);
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}

/** The same signs in the middle of ties that began or ended. */
export function drawTieSigns(ctx, view) {
  const { scene, scale, theme } = view;
  if (!view.changes || view.morph) return;
  const pixel = 1 / scale;
  for (const tie of scene.ties.values()) {
    if (!CHANGE_COLOURS[tie.change] || scene.isLit(tie) === false) continue;
    const { x, y } = pointOf(view, tie, 0.5);
    const colour = tone(CHANGE_COLOURS[tie.change], theme);
    ring(ctx, x, y, 4.4 * pixel, 1.4 * pixel, colour, theme.paper);
    cross(ctx, x, y, 2.3 * pixel, 1.6 * pixel, colour, tie.change === "new");
  }
}

/** A broad line under each step of the chains looked at, where no tie is drawn too. */
export function drawSteps(ctx, view) {
  const { scene, scale, theme } = view;
  if (!scene.steps.size) return;
  ctx.strokeStyle = tone(theme.accent.startsWith("#") ? theme.accent : "#1f5c7a", theme, 0.3);
  ctx.lineWidth = 7 / scale;
  ctx.lineCap = "round";
  const tied = new Set([...scene.ties.values()].map((tie) => pair(tie.from, tie.to)));
  for (const step of scene.steps) {
    if (tied.has(step)) continue;
    const [a, b] = step.split("\n").map((id) => scene.nodes.get(id));
    if (!a || !b) continue;
    ctx.beginPath();
    ctx.moveTo(a.x, a.y);
    ctx.lineTo(b.x, b.y);
    ctx.stroke();
  }
}

function fill(ctx, node, colour, theme, pixel, hollow) {
  ctx.fillStyle = hollow ? theme.paper : colour;
  ctx.fill();
  if (!hollow) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = (node.rank > 0 ? 2 : 1.3) * pixel;
  ctx.stroke();
}

function dot(ctx, x, y, r, colour) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
}

function ring(ctx, x, y, r, width, colour, inside) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 2 * Math.PI);
  if (inside) {
    ctx.fillStyle = inside;
    ctx.fill();
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}
