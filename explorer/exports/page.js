/** The page exported as one file: the canvas, a card about what is chosen, and the tables. */
import * as store from "./store.js";
import { CanvasView } from "./view.js";

const DIGITS = 32; // length of the name of a part, see store.js
const read = (id) => JSON.parse(document.getElementById(id).textContent);

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  node.dir = "auto";
  return node;
}

function put(name, content) {
  const digest = name.padEnd(DIGITS, ".");
  store.put(new TextEncoder().encode(digest + JSON.stringify(content)));
  return digest;
}

const data = read("maillage-data");
const view = new CanvasView(document.getElementById("map"));
const parts = { network: put("network", data.network), backdrop: put("backdrop", data.backdrop) };
view.onPick = (pick) => card(pick.id ? pick : null);
view.update({ key: "file", height: 640, frame: data.frame, parts, selected: null });

const box = element("section", "card");
box.setAttribute("aria-label", data.words.details);
box.setAttribute("aria-live", "polite");
box.hidden = true;
view.panel.map.append(box);

/** Say what is chosen: name, lines, agreements. Text only: names come from files. */
function card(pick) {
  box.hidden = !pick;
  if (!pick) return;
  const [name, lines] = view.describe(pick);
  const close = element("button", "close", "×");
  close.type = "button";
  close.setAttribute("aria-label", data.words.close);
  close.addEventListener("click", () => {
    view.escape();
    view.panel.stage.focus();
  });
  const list = element("ul");
  for (const id of data.agreements_of[pick.kind][pick.id] ?? []) {
    const item = element("li");
    const { title, line } = data.agreements[id];
    item.append(element("span", "agreement", title), element("span", "line", line));
    list.append(item);
  }
  box.replaceChildren(close, element("p", "name", name));
  for (const line of lines) box.append(element("p", "line", line));
  if (list.childElementCount) box.append(list);
}

for (const button of document.querySelectorAll("button[data-node]")) {
  button.addEventListener("click", () => {
    const { node: id } = button.dataset;
    view.reach(view.scene.nodes.get(id));
    view.pick({ kind: "node", id });
    view.panel.root.scrollIntoView();
    view.panel.stage.focus({ preventScroll: true });
  });
}

const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const search = document.getElementById("search");
search.parentElement.hidden = false;
search.addEventListener("input", () => {
  const wanted = fold(search.value).split(/\s+/);
  for (const row of document.querySelectorAll("tbody tr")) {
    const text = fold(row.textContent);
    row.hidden = !wanted.every((word) => text.includes(word));
  }
});
