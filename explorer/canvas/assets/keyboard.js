/** The map by keyboard: move, zoom, go from structure to structure, choose. */

const STEP = 60; // pixels
const NUDGE = 12; // pixels
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function followKeyboard(view, signal) {
  const { stage } = view.panel;
  stage.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    view.keyboard(true);
    const held = event.ctrlKey || event.metaKey;
    if (held ? actHeld(view, event) : act(view, event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, { signal });
  const other = () => view.keyboard(false);
  stage.addEventListener("pointerdown", other, { signal });
  stage.addEventListener("blur", other, { signal });
}

function act(view, event) {
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) return view.reach(toward(view, arrow));
  if (arrow) return done(view.camera.panBy(arrow[0] * STEP, arrow[1] * STEP));
  switch (event.key) {
    case "+": case "=": return done(view.camera.zoomBy(1.4));
    case "-": case "_": return done(view.camera.zoomBy(1 / 1.4));
    case "0": return done(view.fit(true));
    case "n": case "N": case "PageDown": return view.reach(beside(view, 1));
    case "p": case "P": case "PageUp": return view.reach(beside(view, -1));
    case "Home": return view.reach(reading(view)[0]);
    case "Enter":
      return view.scene.current ? done(view.pick({ kind: "node", id: view.scene.current })) : false;
    case " ": return view.scene.current ? done(view.toggle(view.scene.current)) : false;
    case "m": case "M": return done(view.setLayout(view.scene.layout === "carte" ? "reseau" : "carte"));
    case "1": case "2": case "3": return done(view.showNear(Number(event.key)));
    case "v": case "V": return done(view.openNeighbours());
    case "c": case "C": return done(view.showPaths());
    case "x": case "X": case "Delete": return done(view.hideChosen());
    case "e": case "E": return done(view.togglePin());
    case "Escape": return view.escape();
    default: return false;
  }
}

/** With Ctrl: undo, redo, and the structure chosen a step further. */
function actHeld(view, event) {
  const arrow = ARROWS[event.key];
  if (arrow) return done(view.nudge(arrow[0] * NUDGE, arrow[1] * NUDGE));
  const key = event.key.toLowerCase();
  if (key === "z") return done(view.step(event.shiftKey ? "redo" : "undo"));
  if (key === "y") return done(view.step("redo"));
  return false;
}

const done = () => true;

/** Nodes in the order one reads them: the focus, its sites, partners by name, supply. */
function reading(view) {
  return [...view.scene.nodes.values()].sort(
    (a, b) => b.rank - a.rank || a.name.localeCompare(b.name, view.language),
  );
}

function beside(view, step) {
  const nodes = reading(view);
  const { current, selected } = view.scene;
  const at = nodes.findIndex((node) => node.id === (current ?? selected?.id));
  if (at < 0) return nodes[step > 0 ? 0 : nodes.length - 1];
  return nodes[(at + step + nodes.length) % nodes.length];
}

/** The nearest node in a direction: within 45 degrees of it. */
function toward(view, [dx, dy]) {
  const from = view.scene.nodes.get(view.scene.current ?? view.scene.selected?.id);
  if (!from) return reading(view)[0];
  let best = null;
  for (const node of view.scene.nodes.values()) {
    const along = (node.x - from.x) * dx + (node.y - from.y) * dy;
    const aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
    const cost = along + 2 * aside;
    if (along > 0 && aside <= along && (!best || cost < best.cost)) best = { node, cost };
  }
  return best?.node;
}
