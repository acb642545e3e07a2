/** The figure around the map: title, buttons, legend, scale bar, caption. Text only, no markup. */
import { Actions } from "./actions.js";
import { METRES_PER_UNIT } from "./scene.js";
import { shape, svg, svgSymbol } from "./symbols.js";
import { tone } from "./theme.js";
import { CHANGE_COLOURS, WIDER } from "./ties.js";

const BAR = 130; // pixels the scale bar may take
const NICE = [5, 2, 1];
const LEGEND_R = 5.5;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export class Panel {
  constructor(host) {
    this.root = element("figure", "mc");
    this.title = element("p", "mc-title");
    this.subtitle = element("p", "mc-subtitle");
    this.map = element("div", "mc-map");
    this.stage = element("div", "mc-stage");
    this.keys = element("p", "mc-hidden");
    this.keys.id = "mc-keys";
    this.live = element("p", "mc-hidden");
    this.live.setAttribute("aria-live", "polite");
    this.empty = element("p", "mc-empty");
    this.legend = element("div", "mc-legend");
    this.caption = element("figcaption", "mc-caption");
    this.map.append(this.stage, this.#buttons(), this.#north(), this.#scale(), this.empty);
    const head = element("div", "mc-head");
    head.append(this.title, this.subtitle);
    const body = element("div", "mc-body");
    body.append(this.map, this.legend);
    this.actions = new Actions();
    this.map.append(this.actions.count);
    this.root.append(head, this.actions.root, body, this.caption, this.keys, this.live);
    host.append(this.root);
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-describedby", "mc-keys");
  }

  #buttons() {
    const group = element("div", "mc-buttons");
    this.buttons = {};
    for (const [name, sign] of [["zoom_in", "+"], ["zoom_out", "−"], ["fit", ""]]) {
      const button = element("button", `mc-button mc-${name}`, sign);
      button.type = "button";
      if (name === "fit") button.append(fitIcon());
      this.buttons[name] = button;
      group.append(button);
    }
    return group;
  }

  #north() {
    const box = element("div", "mc-north");
    const arrow = svg(14, 20);
    arrow.append(shape("path", { d: "M0 9V-7M-4 -2L0 -8L4 -2", fill: "none", class: "mc-line" }));
    this.northLetter = element("span");
    box.append(arrow, this.northLetter);
    box.setAttribute("aria-hidden", "true");
    return box;
  }

  #scale() {
    this.scaleBox = element("div", "mc-scale");
    this.scaleBar = element("div", "mc-scale-bar");
    this.scaleText = element("div", "mc-scale-text");
    this.scaleBox.append(this.scaleBar, this.scaleText);
    return this.scaleBox;
  }

  update(frame, theme) {
    const { texts } = frame;
    this.root.lang = frame.language;
    this.title.textContent = frame.title;
    this.subtitle.textContent = frame.subtitle;
    this.caption.textContent = frame.caption;
    this.keys.textContent = `${texts.keys} ${texts.keys_more}`;
    this.actions.speak(texts);
    this.northLetter.textContent = texts.north;
    this.empty.textContent = texts.empty;
    this.stage.setAttribute("aria-label", frame.description);
    this.stage.setAttribute("aria-roledescription", texts.map);
    for (const [name, button] of Object.entries(this.buttons)) {
      button.setAttribute("aria-label", texts[name]);
      button.title = texts[name];
    }
    this.#legend(frame, theme);
  }

  #legend(frame, theme) {
    const groups = frame.legend.map((group) => {
      const section = element("section", "mc-group");
      section.append(element("p", "mc-group-title", group.title));
      const list = element("ul", "mc-list");
      for (const entry of group.entries) {
        const row = element("li", "mc-row");
        row.append(sample(entry, frame, theme), element("span", "mc-word", entry.label));
        if (entry.n !== undefined) row.append(element("span", "mc-count", String(entry.n)));
        list.append(row);
      }
      section.append(list);
      return section;
    });
    this.legend.replaceChildren(...groups);
    this.legend.hidden = groups.length === 0;
  }

  /** A round number of metres or kilometres, as long as it is true at this scale. */
  showScale(scale, language) {
    const most = (BAR / scale) * METRES_PER_UNIT;
    const power = 10 ** Math.floor(Math.log10(most));
    const metres = power * NICE.find((step) => step * power <= most);
    const unit = metres >= 1000 ? "kilometer" : "meter";
    const value = metres >= 1000 ? metres / 1000 : metres;
    this.scaleBar.style.width = `${(metres / METRES_PER_UNIT) * scale}px`;
    this.scaleBox.dataset.metres = metres;
    this.scaleText.textContent = new Intl.NumberFormat(language, { style: "unit", unit }).format(value);
  }
}

function fitIcon() {
  const icon = svg(14, 14);
  icon.append(shape("path", { d: "M-2 -5H-5V-2M2 -5H5V-2M-2 5H-5V2M2 5H5V2", fill: "none", class: "mc-line" }));
  return icon;
}

/** What an entry of the legend looks like on the map. */
function sample(entry, { symbols, looks }, theme) {
  const icon = svg(26, 18);
  if (entry.mark === "symbol") {
    icon.append(svgSymbol(symbols[entry.symbol], LEGEND_R, { fill: tone(entry.colour, theme) }));
  } else if (entry.mark === "tie") {
    const { width, dashes } = looks[entry.style];
    const line = { x1: -13, x2: 13, y1: 0, y2: 0, class: "mc-tie", "stroke-linecap": "round" };
    line["stroke-width"] = width * 1.2;
    icon.append(shape("line", dashes ? { ...line, "stroke-dasharray": dashes.join(" ") } : line));
  } else if (entry.mark === "group") {
    icon.append(shape("circle", { r: 7, fill: tone(entry.colour, theme) }), letter(entry.code, theme.paper));
  } else if (entry.mark === "size") {
    const r = Math.min(entry.size, 12);
    icon.setAttribute("height", Math.max(18, 2 * r + 3));
    icon.setAttribute("viewBox", `-13 ${-Math.max(9, r + 1.5)} 26 ${Math.max(18, 2 * r + 3)}`);
    icon.append(shape("circle", { r, fill: "none", class: "mc-line" }));
  } else if (entry.mark === "node_change" || entry.mark === "tie_change") {
    icon.append(...changed(entry, theme, looks));
  } else {
    icon.append(...sign(entry.mark));
  }
  return icon;
}

function letter(code, colour) {
  const text = shape("text", { "text-anchor": "middle", y: 3.6, fill: colour, class: "mc-letter" });
  text.textContent = code;
  return text;
}

/** A line or nothing, with the sign of what changed. */
function changed({ mark, change }, theme, looks) {
  const colour = CHANGE_COLOURS[change];
  const ink = colour ? tone(colour, theme) : tone("#5F6B76", theme, 0.45);
  const parts = [];
  if (mark === "tie_change") {
    const width = looks.solid.width * (WIDER[change] ?? 1) * 1.2;
    const line = { x1: -13, x2: 13, y1: 0, y2: 0, stroke: ink, "stroke-width": width };
    parts.push(shape("line", change === "ended" ? { ...line, "stroke-dasharray": "2 5" } : line));
  } else if (!colour) {
    parts.push(shape("circle", { r: LEGEND_R, fill: ink }));
  }
  if (!colour) return parts;
  const arms = change === "new" ? "M-2.8 0H2.8M0 -2.8V2.8" : "M-2.8 0H2.8";
  parts.push(shape("circle", { r: 5.2, fill: theme.paper, stroke: ink, "stroke-width": 1.6 }));
  parts.push(shape("path", { d: arms, fill: "none", stroke: ink, "stroke-width": 1.8 }));
  return parts;
}

function sign(name) {
  const hollow = { r: LEGEND_R - 1, fill: "none", class: "mc-line" };
  if (name === "centroid") return [shape("circle", hollow)];
  if (name === "attached") return [shape("circle", hollow), shape("circle", { r: 1.6, class: "mc-solid" })];
  const [inner, outer] = name === "focus" ? [5, 8] : [4, 6.8];
  const width = name === "focus" ? 2.2 : 1.5;
  return [
    shape("circle", { r: inner, class: "mc-solid" }),
    shape("circle", { r: outer, fill: "none", class: "mc-line", "stroke-width": width }),
  ];
}
