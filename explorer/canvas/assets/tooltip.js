/** What one points at, in words. Text only. */

const AWAY = 14;

export class Tooltip {
  constructor(map) {
    this.map = map;
    this.box = document.createElement("div");
    this.box.className = "mc-tooltip";
    this.box.hidden = true;
    this.box.setAttribute("aria-hidden", "true"); // the live region says the same
    map.append(this.box);
  }

  show(title, lines, at) {
    const rows = [title, ...lines].map((text, i) => {
      const row = document.createElement("div");
      row.className = i ? "mc-tooltip-line" : "mc-tooltip-title";
      row.textContent = text;
      return row;
    });
    this.box.replaceChildren(...rows);
    this.box.hidden = false;
    this.#place(at);
  }

  #place(at) {
    const { clientWidth, clientHeight } = this.map;
    const { offsetWidth, offsetHeight } = this.box;
    const right = at.x + AWAY + offsetWidth <= clientWidth - 4;
    const left = right ? at.x + AWAY : Math.max(4, at.x - AWAY - offsetWidth);
    const below = at.y + AWAY + offsetHeight <= clientHeight - 4;
    const top = below ? at.y + AWAY : Math.max(4, at.y - AWAY - offsetHeight);
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  hide() {
    this.box.hidden = true;
  }
}
