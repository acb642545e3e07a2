/**
 * Entry of the component `maillage.canvas`, called by Streamlit for each mount and each new data.
 *
 * One canvas is several mounts of this module. The visible one receives a small object; the others
 * receive bytes (nodes and ties, polygons) and only put them in the store, so that Streamlit's
 * message cache spares what did not change. See explorer/canvas/component.py.
 */
import "./vis-network.min.js"; // sets globalThis.vis
import * as store from "./store.js";
import { CanvasView } from "./view.js";

/** One view for each mount: it keeps camera and selection through reruns. */
const views = new WeakMap();

export default function mount({ data, parentElement, setTriggerValue }) {
  if (data instanceof Uint8Array) {
    store.put(data);
    return undefined;
  }
  let view = views.get(parentElement);
  if (!view) {
    view = new CanvasView(parentElement);
    views.set(parentElement, view);
  }
  view.onPick = (pick) => setTriggerValue("pick", pick);
  view.onBoard = (board) => setTriggerValue("board", board);
  view.update(data);
  // Streamlit also calls the clean-up of a call that newer data has overtaken: not ours to obey.
  view.calls = (view.calls ?? 0) + 1;
  const call = view.calls;
  return () => {
    if (view.calls !== call) return;
    view.destroy();
    views.delete(parentElement);
  };
}
