/** A network that is here already, turned into another by what differs: see explorer/canvas/change.py. */

const ORDER = ["supply", "neighbour", "partner", "focus_site", "focus"]; // as payload.py sorts

/** The `network` part with the `change` part, if there is one. */
export function changed(network, change) {
  if (!change) return network;
  const nodes = merged(network.nodes, change.gone.nodes, change.put.nodes);
  nodes.sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role) || (a.id < b.id ? -1 : 1));
  const ids = new Set(nodes.map((node) => node.id));
  const edges = merged(network.edges, change.gone.edges, change.put.edges);
  return {
    ...network,
    nodes,
    edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
    options: change.options,
  };
}

function merged(items, gone, put) {
  const found = new Map(items.map((item) => [item.id, item]));
  for (const id of gone) found.delete(id);
  for (const item of put) found.set(item.id, item);
  return [...found.values()];
}
