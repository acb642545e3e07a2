/** What lies under a point of the screen, and what pointing and clicking do. */
import { growth } from "./marks.js";
import { distanceTo } from "./ties.js";

const NEAR_NODE = 5; // pixels around a symbol
const NEAR_TIE = 6;
const CLICK = 4; // pixels that a click may move

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
  const { scale, scene } = view;
  const point = view.network.DOMtoCanvas(at);
  let best = null;
  for (const tie of scene.ties.values()) {
    if (scene.isLit(tie) === false) continue;
    const distance = distanceTo(view, tie, point);
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
  view.network.on("click", ({ pointer, event }) => {
    const target = hit(view, pointer.DOM);
    const { shiftKey, ctrlKey, metaKey } = event.srcEvent ?? {};
    if (!(shiftKey || ctrlKey || metaKey)) view.pick(target);
    else if (target?.kind === "node") view.toggle(target.id); // touch with a keyboard at hand
  });
  // Before vis-network hears of it: a symbol is moved, a box is drawn; else the map is dragged.
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0 || !view.board) return;
    const start = at(event);
    const id = hitNode(view, start)?.id;
    const boxed = !id && (event.shiftKey || view.boxing);
    if (!id && !boxed) return;
    event.stopPropagation();
    event.preventDefault();
    stage.focus();
    follow(stage, event, at, id ? dragging(view, id, start, event) : boxing(view, start, event));
  }, { signal, capture: true });
}

/** Give the moves of one press to `hand` until the pointer is lifted. */
function follow(stage, first, at, hand) {
  const stop = new AbortController();
  const { signal } = stop;
  stage.setPointerCapture(first.pointerId);
  const mine = (act) => (event) => {
    if (event.pointerId !== first.pointerId) return;
    event.stopPropagation();
    act(event);
  };
  stage.addEventListener("pointermove", mine((event) => hand.move(at(event))), { signal, capture: true });
  const end = (last) => mine((event) => {
    stop.abort();
    last(at(event));
  });
  stage.addEventListener("pointerup", end(hand.end), { signal, capture: true });
  stage.addEventListener("pointercancel", end(hand.cancel), { signal, capture: true });
}

/** A press on a symbol: a click if it hardly moves, else the symbol goes with it and is pinned. */
function dragging(view, id, start, { shiftKey, ctrlKey, metaKey }) {
  let moved = false;
  return {
    move(point) {
      moved ||= Math.hypot(point.x - start.x, point.y - start.y) > CLICK;
      if (moved) view.carry(id, view.network.DOMtoCanvas(point));
    },
    end() {
      if (moved) view.drop(id);
      else if (shiftKey || ctrlKey || metaKey) view.toggle(id);
      else view.pick({ kind: "node", id });
    },
    cancel() {
      if (moved) view.drop(id);
    },
  };
}

/** A box drawn on the map: what stands in it is chosen, beside what was with Ctrl. */
function boxing(view, start, { ctrlKey, metaKey }) {
  const box = document.createElement("div");
  box.className = "mc-box";
  view.panel.map.append(box);
  let area = null;
  return {
    move(point) {
      const [left, right] = [start.x, point.x].sort((a, b) => a - b);
      const [top, bottom] = [start.y, point.y].sort((a, b) => a - b);
      area = { left, right, top, bottom };
      Object.assign(box.style, {
        left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px`,
      });
    },
    end() {
      box.remove();
      view.setBoxing(false);
      if (area) view.chooseIn(area, ctrlKey || metaKey);
    },
    cancel() {
      box.remove();
    },
  };
}
