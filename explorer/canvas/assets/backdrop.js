/**
 * The territories behind the network. Outlines are kept as paths; where drawing them is slow, a
 * bitmap a little larger than the view is kept and moved about, and drawn anew once zooming stops.
 */
const MARGIN = 0.3; // of the view, on each side of the bitmap
const QUICK = 9; // milliseconds: under this, no stretched bitmap is ever shown
const CALM = 140; // milliseconds without zooming before a slow bitmap is drawn anew

export class Backdrop {
  constructor(redraw) {
    this.redraw = redraw;
    this.territories = [];
    this.bitmap = null;
    this.cost = 0;
    this.timer = null;
  }

  load(territories, place) {
    this.bitmap = null;
    this.territories = territories.map((item) => outline(item, place));
  }

  draw(ctx, view) {
    if (!this.territories.length) return;
    const box = visible(view);
    const { bitmap } = this;
    const fresh = bitmap && bitmap.scale === view.scale && bitmap.theme === view.theme.name;
    if (!(fresh && contains(bitmap, box))) {
      const slow = this.cost > QUICK || view.morph;
      const stretch = bitmap && !fresh && bitmap.theme === view.theme.name && slow;
      if (stretch) this.#later();
      else this.#render(view, box);
    }
    const { canvas, x, y, width, height } = this.bitmap;
    ctx.globalAlpha = view.mapness;
    ctx.drawImage(canvas, x, y, width, height);
    ctx.globalAlpha = 1;
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.bitmap = null;
      this.redraw();
    }, CALM);
  }

  #render(view, box) {
    const started = performance.now();
    const width = box.width * (1 + 2 * MARGIN);
    const height = box.height * (1 + 2 * MARGIN);
    const x = box.x - box.width * MARGIN;
    const y = box.y - box.height * MARGIN;
    const canvas = this.bitmap?.canvas ?? document.createElement("canvas");
    const dense = view.scale * (window.devicePixelRatio || 1);
    canvas.width = Math.ceil(width * dense);
    canvas.height = Math.ceil(height * dense);
    const ctx = canvas.getContext("2d");
    ctx.scale(dense, dense);
    ctx.translate(-x, -y);
    const area = { x, y, width, height };
    paint(ctx, this.territories.filter((item) => meets(item.box, area)), view.theme, 1 / view.scale);
    const drawn = { width: canvas.width / dense, height: canvas.height / dense };
    this.bitmap = { canvas, x, y, ...drawn, scale: view.scale, theme: view.theme.name };
    this.cost = performance.now() - started;
  }
}

function outline(item, place) {
  const path = new Path2D();
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of item.rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const [x, y] = place(ring[i], ring[i + 1]);
      if (i) path.lineTo(x, y);
      else path.moveTo(x, y);
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    path.closePath();
  }
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  const label = item.label && place(...item.label);
  return { name: item.name, fill: item.fill, weight: item.outline, path, box, label };
}

function paint(ctx, territories, theme, pixel) {
  const stroke = (items, colour, width) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width * pixel;
    for (const item of items) ctx.stroke(item.path);
  };
  const inside = territories.filter((item) => item.fill === "inside");
  const around = territories.filter((item) => item.fill !== "inside");
  ctx.lineJoin = "round";
  stroke(around.filter((item) => item.weight === "thin"), theme.context, 0.6);
  stroke(around.filter((item) => item.weight === "heavy"), theme.context, 1.2);
  ctx.fillStyle = theme.land;
  for (const item of inside) ctx.fill(item.path, "evenodd");
  stroke(inside.filter((item) => item.weight === "thin"), theme.thin, 0.9);
  stroke(inside.filter((item) => item.weight === "heavy"), theme.heavy, 1.5);
}

/** What the view shows, in network coordinates. */
export function visible(view) {
  const { scale, translation, width, height } = view.camera.state();
  return {
    x: -translation.x / scale,
    y: -translation.y / scale,
    width: width / scale,
    height: height / scale,
  };
}

const contains = (outer, inner) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

const meets = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
