/** The move between map and network: structures travel, the territory fades, nothing jumps. */
import { stillness } from "./camera.js";
import { spread } from "./spread.js";
import { Sprites } from "./sprites.js";

const DURATION = 700; // milliseconds
const MANY = 800; // structures from which pictures of them travel

const ease = (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2);
const between = (a, b, t) => a + (b - a) * t;

export class Morph {
  /** Move `view`, whose scene already holds both layouts' nodes, from `starts` to its layout. */
  constructor(view, { starts, mapness, camera, target }, done) {
    Object.assign(this, { view, mapness, camera, target, done });
    this.goal = view.scene.layout === "carte" ? 1 : 0;
    this.moves = view.scene.ordered.map((node) => {
      const from = starts.get(node.id) ?? { x: node.ax, y: node.ay, dx: 0, dy: 0 };
      return { node, from, to: { x: node.ax, y: node.ay } };
    });
    spread(view.scene.ordered, target.scale, 1);
    for (const move of this.moves) Object.assign(move.to, move.node.offset);
    if (stillness()) this.finish();
    else {
      if (this.moves.length > MANY) this.#travelAsPictures();
      this.#set(0);
      this.frame = requestAnimationFrame((now) => this.#start(now));
    }
  }

  /** Many structures: instead of vis-network's way, which asks each for its shape. */
  #travelAsPictures() {
    const sprites = new Sprites(this.view);
    this.view.network.renderer._drawNodes = (ctx) => {
      sprites.draw(ctx);
      return { drawExternalLabels() {} };
    };
  }

  #start(now) {
    this.began = now;
    this.#tick(now);
  }

  #tick(now) {
    const share = Math.min(1, Math.max(0, (now - this.began) / DURATION));
    if (share === 1) return this.finish();
    this.#set(ease(share));
    this.view.network.body.emitter.emit("_redraw");
    this.frame = requestAnimationFrame((next) => this.#tick(next));
    return undefined;
  }

  #set(t) {
    for (const { node, from, to } of this.moves) {
      node.ax = between(from.x, to.x, t);
      node.ay = between(from.y, to.y, t);
      node.offset.dx = between(from.dx, to.dx, t);
      node.offset.dy = between(from.dy, to.dy, t);
    }
    this.view.mapness = between(this.mapness, this.goal, t);
    const { camera, target } = this;
    const scale = Math.exp(between(Math.log(camera.scale), Math.log(target.scale), t));
    this.view.camera.look(
      {
        x: between(camera.position.x, target.position.x, t),
        y: between(camera.position.y, target.position.y, t),
      },
      scale,
    );
  }

  finish() {
    cancelAnimationFrame(this.frame);
    delete this.view.network.renderer._drawNodes;
    this.#set(1);
    this.done();
  }
}
