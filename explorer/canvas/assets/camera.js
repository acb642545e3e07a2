/** Where one looks from: fit, zoom with limits, pan. Positions in network coordinates. */

const MARGIN = { top: 34, right: 96, bottom: 52, left: 56 }; // pixels: labels, buttons, scale bar
const WIDEST = 0.4; // of the scale that shows all
const CLOSEST = 8; // pixels in a network unit: 3 m in a pixel
const LARGEST_FIT = 1.6; // two structures in one street do not fill the screen

export const stillness = () => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;

export class Camera {
  constructor(network, onChange) {
    this.network = network;
    this.fitScale = 1;
    this.good = null; // the last view within the limits
    this.wanted = null; // where to be whatever the size of the map; `fitted`: all in view
    this.onChange = onChange;
    network.on("zoom", () => {
      this.#limit();
      this.#want();
    });
    network.on("dragEnd", () => this.#want());
  }

  #want(target = {}, fitted = false) {
    const position = target.position ?? this.network.getViewPosition();
    this.wanted = { position, scale: target.scale ?? this.scale, fitted };
    this.onChange(this.wanted);
  }

  /** The view of vis-network, which gives no public access to its translation. */
  get #view() {
    return this.network.body.view;
  }

  get scale() {
    return this.#view.scale;
  }

  /** How much nearer than when all is in view. */
  get zoom() {
    return this.scale / this.fitScale;
  }

  state() {
    const { clientWidth: width, clientHeight: height } = this.network.canvas.frame.canvas;
    const { scale, translation } = this.#view;
    return { scale, translation, width, height };
  }

  /** The same once a move to all is over: what `wanted` shows at this scale. */
  rest() {
    const state = this.state();
    if (!this.wanted?.fitted) return state;
    const { width, height, scale } = state;
    const { x, y } = this.wanted.position;
    return { ...state, translation: { x: width / 2 - x * scale, y: height / 2 - y * scale } };
  }

  toScreen(x, y) {
    const { scale, translation } = this.#view;
    return { x: x * scale + translation.x, y: y * scale + translation.y };
  }

  /** The wheel stops at the limits, without drifting. */
  #limit() {
    const view = this.#view;
    const outside = view.scale < this.fitScale * WIDEST || view.scale > CLOSEST;
    if (outside && this.good) {
      view.scale = this.good.scale;
      view.translation = { ...this.good.translation };
    }
    this.good = { scale: view.scale, translation: { ...view.translation } };
  }

  /** Whether one of `points` is in view. */
  sees(points) {
    const { width, height } = this.state();
    return points.some((point) => {
      const { x, y } = this.toScreen(point.ax, point.ay);
      return x > 0 && y > 0 && x < width && y < height;
    });
  }

  /** Look from there at once, without remembering it: a frame of a move. */
  look(position, scale) {
    const { width, height } = this.state();
    const view = this.#view;
    view.scale = scale;
    view.translation = { x: width / 2 - position.x * scale, y: height / 2 - position.y * scale };
    this.good = null;
  }

  /** From where all of `points` are in view; null where there is nothing to see. */
  aim(points) {
    const { width, height } = this.state();
    if (!points.length || !width || !height) return null;
    const xs = points.map((point) => point.ax);
    const ys = points.map((point) => point.ay);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const across = Math.max(80, width - MARGIN.left - MARGIN.right) / Math.max(right - left, 1);
    const down = Math.max(80, height - MARGIN.top - MARGIN.bottom) / Math.max(bottom - top, 1);
    const scale = Math.min(across, down, LARGEST_FIT);
    const shift = { x: (MARGIN.right - MARGIN.left) / 2, y: (MARGIN.bottom - MARGIN.top) / 2 };
    const position = {
      x: (left + right) / 2 + shift.x / scale,
      y: (top + bottom) / 2 + shift.y / scale,
    };
    return { position, scale };
  }

  /** Work out the scale that shows `points`, and go there if `move`. */
  fit(points, { move = true, animate = false } = {}) {
    const target = this.aim(points);
    if (!target) return false;
    this.fitScale = target.scale;
    if (move) this.go(target, animate, true);
    return true;
  }

  go(target, animate, fitted = false) {
    this.#want(target, fitted);
    this.good = null;
    const animation = animate && !stillness() ? { duration: 220, easingFunction: "easeInOutQuad" } : false;
    this.network.moveTo({ ...target, animation });
  }

  /** The map has another size: vis-network would zoom with it. */
  resized(points) {
    const { wanted } = this;
    this.fit(points, { move: wanted?.fitted ?? true });
    if (wanted && !wanted.fitted) this.go(wanted, false);
  }

  zoomBy(factor) {
    const scale = Math.min(CLOSEST, Math.max(this.fitScale * WIDEST, this.scale * factor));
    this.go({ scale }, true);
  }

  panBy(dx, dy) {
    const { x, y } = this.network.getViewPosition();
    this.go({ position: { x: x + dx / this.scale, y: y + dy / this.scale } }, false);
  }

  /** Bring a point into view if it is out of it. */
  reveal(x, y) {
    const { width, height } = this.state();
    const at = this.toScreen(x, y);
    const inside = at.x > 40 && at.y > 40 && at.x < width - 40 && at.y < height - 40;
    if (!inside) this.go({ position: { x, y } }, true);
  }
}
