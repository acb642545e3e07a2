/** What lies under a point of the screen, and what pointing and clicking do. */
import { growth } from "./marks.js";

const NEAR_NODE = 5; // pixels around a symbol
const NEAR_TIE = 6;

/** The node or tie at a point of the stage, else null. */
export function hit(view, at) {
  return hitNode(view, at) ?? hitTie(view, at);
}

function hitNode(view, at) {
  let best = null;
  for (const node of view.scene.nodes.values()) {
    const { x, y } = view.camera.toScreen(node.x, node.y);
    const distance = Math.hypot(x - at.x, y - at.y) - node.r * growth(view.zoom);
    const closer = !best || distance < best.distance || (distance < 0 && node.rank > best.rank);
    if (distance < NEAR_NODE && closer) best = { distance, rank: node.rank, id: node.id };
  }
  return best && { kind: "node", id: best.id };
}

function hitTie(view, at) {
  const { scale, edges, scene } = view;
  const point = view.network.DOMtoCanvas(at);
  let best = null;
  for (const tie of scene.ties.values()) {
    const edge = edges[tie.id];
    if (!edge?.connected || scene.isLit(tie) === false) continue;
    const { from, to } = edge;
    const distance = edge.edgeType.getDistanceToEdge(from.x, from.y, to.x, to.y, point.x, point.y);
    if (distance * scale < NEAR_TIE && (!best || distance < best.distance)) {
      best = { distance, id: tie.id };
    }
  }
  return best && { kind: "tie", id: best.id };
}

/** Follow the pointer over the stage. */
export function followPointer(view, signal) {
  const { stage } = view.panel;
  const at = (event) => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  stage.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return view.point(null);
    return view.point(hit(view, at(event)), at(event));
  }, { signal });
  stage.addEventListener("pointerleave", () => view.point(null), { signal });
  view.network.on("click", ({ pointer }) => view.pick(hit(view, pointer.DOM)));
}
