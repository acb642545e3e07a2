/** Bring vis-network's data to a new payload by what changed only. */

import { oneByOne } from "./ties.js";

/** Nodes and ties that the scene draws into the data sets of `view`. */
export function applyDelta(view) {
  const { scene, renderer } = view;
  const nodes = [...scene.nodes.values()].map(({ id, x, y }) => (
    { id, x, y, size: 1, shape: "custom", ctxRenderer: renderer }
  ));
  const ties = oneByOne(scene) ? [...scene.ties.values()] : [];
  const edges = ties.map(({ id, from, to }) => ({ id, from, to }));
  // Ties go before their ends and come after them.
  removeMissing(view.edgeSet, edges);
  removeMissing(view.nodeSet, nodes);
  upsert(view.nodeSet, nodes, (a, b) => a.x === b.x && a.y === b.y);
  upsert(view.edgeSet, edges, (a, b) => a.from === b.from && a.to === b.to);
  stack(view);
}

function removeMissing(set, items) {
  const kept = new Set(items.map((item) => item.id));
  const gone = set.getIds().filter((id) => !kept.has(id));
  if (gone.length) set.remove(gone);
}

function upsert(set, items, same) {
  const changed = items.filter((item) => {
    const known = set.get(item.id);
    return !known || !same(known, item);
  });
  if (changed.length) set.update(changed);
}

/** vis-network draws in the order of its indices, and puts ids that look like numbers first. */
function stack(view) {
  const rank = (id) => view.scene.nodes.get(id).rank;
  view.network.body.nodeIndices.sort((a, b) => rank(a) - rank(b));
}
