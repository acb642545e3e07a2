/**
 * Panels of the pages: trees of tags and texts become elements (explorer/ui/tree.py).
 * Nothing is ever parsed as HTML; what is not in these lists is not built.
 */
const TAGS = new Set(
  ("article aside button circle dd defs details div dl dt em footer g h2 h3 h4 header li line ol p path " +
    "pattern polygon section small span strong sub summary sup svg table tbody td text th thead title tr ul").split(" "),
);
const ATTRIBUTES = new Set(
  ("class cx cy d data-key data-open fill fill-rule height hidden id lang open patternTransform patternUnits " +
    "points r role scope stroke stroke-dasharray stroke-width text-anchor title transform type viewBox width " +
    "x x1 x2 y y1 y2").split(" "),
);
const SVG = new Set("svg circle defs g line path pattern polygon text title".split(" "));
const subjects = new WeakMap();

function build(node) {
  if (typeof node === "string") return document.createTextNode(node);
  const [tag, attributes, children] = node;
  if (!TAGS.has(tag)) return document.createTextNode("");
  const element = SVG.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (ATTRIBUTES.has(name) || name.startsWith("aria-")) element.setAttribute(name, value);
  }
  element.append(...children.map(build));
  return element;
}

/** Fill `root`, keeping what the reader had opened while the subject stays the same. */
function fill(root, data) {
  const open = new Map();
  if (subjects.get(root) === data.subject) {
    root.querySelectorAll("details[data-key]").forEach((item) => open.set(item.dataset.key, item.open));
  }
  root.replaceChildren(...data.nodes.map(build));
  root.querySelectorAll("details[data-key]").forEach((item) => {
    if (open.has(item.dataset.key)) item.open = open.get(item.dataset.key);
  });
  if (subjects.has(root) && subjects.get(root) !== data.subject) toTop(root);
  subjects.set(root, data.subject);
}

/** Bring the start of a new subject into view in the scrolling box around the panel. */
function toTop(root) {
  for (let box = root.getRootNode().host ?? root; box; box = box.parentElement) {
    if (box.scrollTop > 0 && box !== document.scrollingElement) {
      box.scrollTop = 0;
      return;
    }
  }
}

/** Lift the colours of kinds on a dark page, as the canvas does (LIFT in explorer/palette.py). */
function lift(root) {
  if (!isDark(root)) return;
  root.querySelectorAll(".icon:not(.swatch) [fill]").forEach((shape) => {
    shape.style.fill = `color-mix(in srgb, ${shape.getAttribute("fill")} 67%, white)`;
  });
}

function isDark(root) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color").trim() || "#ffffff";
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(probe.fillStyle.slice(at, at + 2), 16));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 100;
}

export default function mount({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".panel");
  root.lang = data.language;
  document.documentElement.lang = data.language;
  fill(root, data);
  lift(root);
  root.onclick = (event) => {
    const target = event.target.closest("[data-open]");
    if (target) setTriggerValue("open", target.dataset.open);
  };
}
