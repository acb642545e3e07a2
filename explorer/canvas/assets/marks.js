/** Nodes and ties as vis-network draws them: sizes in pixels whatever the zoom. */
import { trace } from "./symbols.js";
import { tone } from "./theme.js";

const FADED_NODE = 0.16;
const FADED_TIE = 0.07;

/** Symbols grow a little when one comes nearer. */
export const growth = (zoom) => Math.min(1.5, Math.max(0.8, zoom ** 0.25));

const ringRadius = (node) => node.r * 1.25 + 3;

/** Radius in pixels with the ring around it. */
export const extent = (node) => (node.rank > 1 ? ringRadius(node) + 1 : node.r);

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

function drawNode(ctx, view, node, { x, y, r, pixel, grown }) {
  const { scene, theme } = view;
  const points = view.symbols[node.symbol];
  const colour = tone(node.colour, theme);
  ctx.globalAlpha = scene.isFaded(node.id) ? FADED_NODE : node.role === "supply" ? 0.85 : 1;
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
  fill(ctx, node, colour, theme, pixel);
  if (node.approximate === "attached") dot(ctx, x, y, r * 0.3, colour);
  const outside = extent(node) * grown;
  if (scene.selected?.id === node.id) around(outside + 4.5 * pixel, 2.5, theme.accent);
  if (scene.current === node.id && view.hasKeyboard) {
    ctx.setLineDash([3 * pixel, 3 * pixel]);
    around(outside + 8 * pixel, 2, theme.ink);
  }
}

function fill(ctx, node, colour, theme, pixel) {
  ctx.fillStyle = node.approximate ? theme.paper : colour;
  ctx.fill();
  if (!node.approximate) return;
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

/** Give each tie its width, dashes and colour for this scale, just before vis-network draws it. */
export function styleTies(view, edges) {
  const { scene, scale, theme } = view;
  const looks = Object.entries(view.looks).map(([style, { width, dashes }]) => [
    style,
    { width: width / scale, dashes: dashes && dashes.map((dash) => dash / scale) },
  ]);
  const scaled = Object.fromEntries(looks);
  for (const tie of scene.ties.values()) {
    const edge = edges[tie.id];
    if (!edge) continue;
    const lit = scene.isLit(tie) ?? (scene.isHovered(tie) || null);
    const { options } = edge;
    options.width = scaled[tie.style].width + (lit ? 1 / scale : 0);
    options.dashes = scaled[tie.style].dashes;
    const opacity = lit === null ? view.tieOpacity : lit ? 1 : FADED_TIE;
    options.color.color = tone(scene.nodes.get(tie.to).colour, theme, opacity);
  }
}
