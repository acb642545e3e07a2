/** Names of territories, in small grey capitals under the network, where they have room. */
import { visible } from "./backdrop.js";
import { corners, frameOf, within } from "./labels.js";

const ROOM = { heavy: 0.95, thin: 0.8 }; // of the width of the territory
const SIZES = { heavy: 11, thin: 9.5 };
const TOO_NEAR = 2.2; // a large territory wider than so many views needs no name
const SHIFTS = [0, -2, 2, -4, 4]; // in heights of the text, to leave room to labels

const around = (x, y, width, size) => ({
  left: x - width / 2, right: x + width / 2, top: y - size * 0.8, bottom: y + size * 0.8,
});

const meets = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

export function drawNames(ctx, view) {
  const { scale, theme, language, labels, backdrop } = view;
  const box = visible(view);
  const frame = frameOf(view.camera.state());
  const taken = corners(frame, view);
  const items = backdrop.territories
    .filter((item) => item.label && item.fill === "inside" && item.box.width < TOO_NEAR * box.width)
    .sort((a, b) => (a.weight === b.weight ? 0 : a.weight === "heavy" ? -1 : 1));
  ctx.save();
  ctx.scale(1 / scale, 1 / scale);
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.place;
  const opacity = view.mapness;
  for (const item of items) drawName(ctx, item, { scale, theme, language, labels, taken, frame, opacity });
  ctx.restore();
}

function drawName(ctx, item, { scale, theme, language, labels, taken, frame, opacity }) {
  const size = SIZES[item.weight];
  const text = item.name.toLocaleUpperCase(language);
  const css = `${item.weight === "heavy" ? 500 : 400} ${size}px ${theme.font}`;
  const width = labels.width(ctx, css, text) + text.length * size * 0.06;
  if (width > item.box.width * scale * ROOM[item.weight]) return;
  const x = item.label[0] * scale;
  const free = SHIFTS.map((shift) => around(x, item.label[1] * scale + shift * size, width, size))
    .filter((place) => within(place, frame))
    .filter((place) => !taken.some((other) => meets(place, other)) && labels.isFree(place));
  // Ties pass over names: a commune's is left out rather than struck through.
  const box = free.find((place) => !labels.isCrossed(place)) ?? (item.weight === "heavy" ? free[0] : null);
  if (!box) return;
  taken.push(box);
  ctx.font = css;
  ctx.letterSpacing = `${size * 0.06}px`;
  ctx.globalAlpha = (item.weight === "heavy" ? 1 : 0.9) * opacity;
  ctx.fillText(text, x, (box.top + box.bottom) / 2);
}
