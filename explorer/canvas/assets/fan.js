/**
 * Structures at one address stand side by side: each gets an offset in pixels from their place,
 * small when the map is seen from afar, full when zoomed in.
 */
import { extent } from "./marks.js";

const SAME_PLACE = 0.6; // network units: 15 m
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Set `fan` on the nodes that share a place. `nodes` goes from the least to the most important. */
export function fanOut(nodes) {
  const places = new Map();
  for (const node of nodes) {
    const key = `${Math.round(node.ax / SAME_PLACE)},${Math.round(node.ay / SAME_PLACE)}`;
    if (places.has(key)) places.get(key).push(node);
    else places.set(key, [node]);
  }
  for (const group of places.values()) {
    if (group.length > 1) spread(group.reverse());
  }
}

function spread(group) {
  const [first, second] = group;
  const least = first.rank > 0 ? 0.85 : 0.4; // what has ties must be seen apart from afar too
  const step = extent(first) + extent(second) + 2;
  group.forEach((node, i) => {
    // The most important stays at the place itself, the others turn around it.
    const ring = group.length <= 7 ? step : step * 0.85 * Math.sqrt(i);
    const angle = group.length <= 7
      ? -Math.PI / 5 + (2 * Math.PI * i) / Math.max(3, group.length - 1)
      : GOLDEN_ANGLE * i;
    const distance = i === 0 ? 0 : ring;
    node.fan = { dx: distance * Math.cos(angle), dy: distance * Math.sin(angle), least };
  });
}

/** Move the nodes to where they are drawn at this scale (`zoom` = 1 when all is in view). */
export function applyFan(nodes, bodies, scale, zoom) {
  const opened = Math.min(1, Math.max(0, (zoom - 1) / 2));
  for (const node of nodes) {
    if (!node.fan) continue;
    const share = (node.fan.least + (1 - node.fan.least) * opened) / scale;
    node.x = node.ax + node.fan.dx * share;
    node.y = node.ay + node.fan.dy * share;
    const body = bodies[node.id];
    if (body) {
      body.x = node.x;
      body.y = node.y;
    }
  }
}
