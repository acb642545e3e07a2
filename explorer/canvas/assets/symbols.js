/** Symbols from the unit polygons of explorer/palette.py: on canvas, and as SVG in the legend. */

const SVG = "http://www.w3.org/2000/svg";

/** Trace `points` (a disc when empty) around (x, y) with radius `r`; y goes down here. */
export function trace(ctx, points, x, y, r) {
  ctx.beginPath();
  if (!points?.length) {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    return;
  }
  points.forEach(([px, py], i) => {
    if (i) ctx.lineTo(x + px * r, y - py * r);
    else ctx.moveTo(x + px * r, y - py * r);
  });
  ctx.closePath();
}

export function svg(width, height) {
  const element = document.createElementNS(SVG, "svg");
  element.setAttribute("viewBox", `${-width / 2} ${-height / 2} ${width} ${height}`);
  element.setAttribute("width", width);
  element.setAttribute("height", height);
  element.setAttribute("aria-hidden", "true");
  return element;
}

export function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** The same symbol as an SVG shape. */
export function svgSymbol(points, r, attributes) {
  if (!points?.length) return shape("circle", { r, ...attributes });
  const list = points.map(([x, y]) => `${x * r},${-y * r}`).join(" ");
  return shape("polygon", { points: list, ...attributes });
}
