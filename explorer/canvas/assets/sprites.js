/**
 * Symbols while all moves: pictures, each drawn once, and plain squares for supply, which is many and
 * small.
 */
import { FADED_NODE, SUPPLY, drawNode, growth, outermost } from "./marks.js";
import { tone } from "./theme.js";

const SHARP = 1.2; // pictures are drawn a little larger than symbols of a whole view
const SQUARE = 0.88; // half a side of the square as large as a disc of radius 1

export class Sprites {
  constructor(view) {
    this.view = view;
    this.dense = SHARP * (window.devicePixelRatio || 1);
    this.made = new Map();
    this.looks = view.scene.ordered.map((node) => [node, this.#look(node)]);
  }

  /** Colour of a square, or the one picture of all nodes that look the same. */
  #look(node) {
    const { scene, theme } = this.view;
    const pinned = scene.pins[scene.layout].has(node.id);
    const [faded, chosen, current] = [scene.isFaded(node.id), scene.isChosen(node.id), scene.current === node.id];
    const { symbol, colour, r, rank, role, approximate, code, change } = node;
    const marked = pinned || chosen || current || Boolean(change);
    if (rank === 0 && !marked) return { colour: tone(colour, theme, faded ? FADED_NODE : SUPPLY), half: r * SQUARE };
    const key = [symbol, colour, r, rank, role, approximate, code, change, pinned, faded, chosen, current].join("/");
    if (!this.made.has(key)) this.made.set(key, this.#picture(node, marked));
    return this.made.get(key);
  }

  #picture(node, marked) {
    const side = Math.ceil(2 * outermost(node, marked) * this.dense);
    const half = side / this.dense / 2;
    const canvas = new OffscreenCanvas(side, side);
    const ctx = canvas.getContext("2d");
    ctx.scale(this.dense, this.dense);
    drawNode(ctx, this.view, node, { x: half, y: half, r: node.r, pixel: 1, grown: 1 });
    return { picture: canvas.transferToImageBitmap(), half };
  }

  draw(ctx) {
    const grown = growth(this.view.zoom) / this.view.scale;
    ctx.globalAlpha = 1;
    for (const [node, { picture, colour, half }] of this.looks) {
      const away = half * grown;
      if (picture) ctx.drawImage(picture, node.x - away, node.y - away, 2 * away, 2 * away);
      else {
        ctx.fillStyle = colour;
        ctx.fillRect(node.x - away, node.y - away, 2 * away, 2 * away);
      }
    }
  }
}
