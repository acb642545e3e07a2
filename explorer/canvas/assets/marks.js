/** Nodes and ties as vis-network draws them: sizes in pixels whatever the zoom. */
import { trace } from "./symbols.js";

const FADED_NODE = 0.16;
const FADED_TIE = 0.07;
const TIE_OPACITY = 0.72;

/** Symbols grow a little when one comes nearer. */
export const growth = (zoom) => Math.min(1.5, Math.max(0.8, zoom ** 0.25));

/** Radius in pixels with the ring around it. */
export const extent = (node) => node.r + (node.rank > 1 ? 5 : 0);

/** The renderer that vis-network calls for each node (shape "custom"). */
export function nodeRenderer(view) {
  return ({ ctx, id, x, y }) => {
    const node = view.scene.nodes.get(id);
    if (!node) return {};
    const pixel = 1 / view.scale;
    const r = node.r * growth(view.zoom) * pixel;
    return {
      drawNode: () => drawNode(ctx, view, node, x, y, r, pixel),
      nodeDimensions: { width: 2 * r, height: 2 * r },
    };
  };
}

function drawNode(ctx, view, node, x, y, r, pixel) {
  const { scene, theme } = view;
  const points = view.symbols[node.symbol];
  ctx.globalAlpha = scene.isFaded(node.id) ? FADED_NODE : node.role === "supply" ? 0.85 : 1;
  ctx.lineJoin = "round";
  if (node.rank > 1) ring(ctx, x, y, r * 1.12 + 3.4 * pixel, node.rank * 0.75 * pixel, node.colour, theme.paper);
  trace(ctx, points, x, y, r);
  if (node.rank > 0) {
    ctx.strokeStyle = theme.paper;
    ctx.lineWidth = 3 * pixel;
    ctx.stroke();
  }
  fill(ctx, node, theme, pixel);
  if (scene.selected?.id === node.id) ring(ctx, x, y, r + 7 * pixel, 2.5 * pixel, theme.accent);
  if (scene.current === node.id && view.hasKeyboard) {
    ctx.setLineDash([3 * pixel, 3 * pixel]);
    ring(ctx, x, y, r + 10 * pixel, 2 * pixel, theme.ink);
  }
}

function fill(ctx, node, theme, pixel) {
  ctx.fillStyle = node.approximate ? theme.paper : node.colour;
  ctx.fill();
  if (!node.approximate) return;
  if (node.approximate === "attached") ctx.setLineDash([2.2 * pixel, 1.8 * pixel]);
  ctx.strokeStyle = node.colour;
  ctx.lineWidth = (node.rank > 0 ? 2 : 1.3) * pixel;
  ctx.stroke();
  ctx.setLineDash([]);
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
  const { scene, scale } = view;
  const patterns = Object.fromEntries(
    Object.entries(view.dashes).map(([style, dash]) => [style, dash && dash.map((d) => d / scale)]),
  );
  for (const tie of scene.ties.values()) {
    const edge = edges[tie.id];
    if (!edge) continue;
    const lit = scene.isLit(tie) ?? (scene.isHovered(tie) || null);
    const { options } = edge;
    options.width = (lit ? 2.2 : 1.25) / scale;
    options.dashes = patterns[tie.style];
    const opacity = lit === null ? TIE_OPACITY : lit ? 1 : FADED_TIE;
    options.color.color = translucent(scene.nodes.get(tie.to).colour, opacity);
  }
}

const mixed = new Map();

/** "#RRGGBB" with an opacity, in the one form that vis-network passes on without parsing. */
function translucent(colour, opacity) {
  const key = colour + opacity;
  let value = mixed.get(key);
  if (!value) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    value = `rgba(${r},${g},${b},${opacity})`;
    mixed.set(key, value);
  }
  return value;
}
