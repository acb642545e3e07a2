/** The row of buttons above the map, and what each does. */
import { svg, shape } from "./symbols.js";

const DEPTHS = [1, 2, 3];
const ICONS = {
  box: "M-5 -4H5V4H-5Z",
  undo: "M-5 0H2A3 3 0 0 1 2 6H-1M-5 0L-2 -3M-5 0L-2 3",
  redo: "M5 0H-2A3 3 0 0 0 -2 6H1M5 0L2 -3M5 0L2 3",
};

/** Name of each button, its group, and what it does with the view. */
const BUTTONS = [
  ["carte", "layout", (view) => view.setLayout("carte")],
  ["reseau", "layout", (view) => view.setLayout("reseau")],
  ...DEPTHS.map((depth) => [`near_${depth}`, "near", (view) => view.showNear(depth)]),
  ["open", "chosen", (view) => view.openNeighbours()],
  ["path", "chosen", (view) => view.showPaths()],
  ["hide", "chosen", (view) => view.hideChosen()],
  ["pin", "chosen", (view) => view.togglePin()],
  ["box", "history", (view) => view.setBoxing(!view.boxing)],
  ["undo", "history", (view) => view.step("undo")],
  ["redo", "history", (view) => view.step("redo")],
  ["reset", "history", (view) => view.resetBoard()],
];

export class Actions {
  constructor() {
    this.root = document.createElement("div");
    this.root.className = "mc-bar";
    this.root.setAttribute("role", "toolbar");
    this.root.hidden = true;
    this.buttons = {};
    this.groups = {};
    for (const [name, group] of BUTTONS) this.#group(group).append(this.#button(name));
    this.nearLabel = document.createElement("span");
    this.nearLabel.className = "mc-bar-label";
    this.groups.near.prepend(this.nearLabel);
    this.count = document.createElement("span");
    this.count.className = "mc-told"; // stands on the map, so that nothing moves when it appears
  }

  #group(name) {
    if (!this.groups[name]) {
      this.groups[name] = document.createElement("div");
      this.groups[name].className = "mc-bar-group";
      this.groups[name].setAttribute("role", "group");
      this.root.append(this.groups[name]);
    }
    return this.groups[name];
  }

  #button(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `mc-act mc-act-${name}`;
    if (ICONS[name]) {
      const icon = svg(16, 16);
      icon.append(shape("path", { d: ICONS[name], fill: "none", class: "mc-line" }));
      button.append(icon);
    }
    this.buttons[name] = button;
    return button;
  }

  listen(view, signal) {
    for (const [name, , act] of BUTTONS) {
      this.buttons[name].addEventListener("click", () => act(view), { signal });
    }
  }

  /** Words of the buttons, once for a language. */
  speak(texts) {
    this.root.setAttribute("aria-label", texts.bar);
    this.groups.layout.setAttribute("aria-label", texts.layout);
    this.groups.near.setAttribute("aria-label", texts.near);
    this.nearLabel.textContent = texts.near;
    for (const depth of DEPTHS) this.#name(`near_${depth}`, String(depth), texts[`near_${depth}`]);
    for (const name of ["carte", "reseau", "open", "path", "hide", "pin", "reset"]) {
      this.#name(name, texts[`act_${name}`], texts[`help_${name}`]);
    }
    for (const name of Object.keys(ICONS)) {
      this.buttons[name].setAttribute("aria-label", texts[`act_${name}`]);
      this.buttons[name].title = texts[`help_${name}`];
    }
    this.texts = texts;
  }

  #name(name, label, help) {
    this.buttons[name].textContent = label;
    this.buttons[name].title = help;
    this.buttons[name].setAttribute("aria-label", name.startsWith("near") ? help : label);
  }

  /** Show what is on and what can be done now. */
  update(view) {
    const { scene, board, boxing } = view;
    const subjects = scene.subjects();
    const press = (name, on) => this.buttons[name].setAttribute("aria-pressed", String(Boolean(on)));
    const enable = (name, can) => {
      // A button that is switched off keeps the focus: it can still be reached and read.
      this.buttons[name].setAttribute("aria-disabled", String(!can));
    };
    press("carte", scene.layout === "carte");
    press("reseau", scene.layout === "reseau");
    for (const depth of DEPTHS) {
      press(`near_${depth}`, scene.near?.depth === depth);
      enable(`near_${depth}`, subjects.length || scene.near);
    }
    press("path", board.now.path.length);
    press("pin", subjects.length && subjects.every((id) => scene.pins[scene.layout].has(id)));
    press("box", boxing);
    enable("open", subjects.length);
    enable("path", subjects.length === 2 || board.now.path.length);
    enable("hide", subjects.length);
    enable("pin", subjects.length);
    enable("undo", board.past.length);
    enable("redo", board.future.length);
    enable("reset", !board.isPlain);
    const hidden = board.now.hidden.filter((id) => scene.all.has(id)).length;
    const said = [[scene.chosen.size, "chosen_n"], [hidden, "hidden_n"]];
    this.count.textContent = said
      .filter(([n]) => n)
      .map(([n, key]) => `${this.texts[key]} ${n}`)
      .join(" · ");
  }
}
