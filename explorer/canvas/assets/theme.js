/** Light or dark, read from Streamlit's theme variables. */

const FALLBACK_FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif";

function luminance(colour) {
  const probe = document.createElement("canvas").getContext("2d");
  probe.fillStyle = "#ffffff";
  probe.fillStyle = colour;
  const hex = /^#(..)(..)(..)$/.exec(probe.fillStyle);
  if (!hex) return 1;
  const [r, g, b] = hex.slice(1).map((part) => parseInt(part, 16) / 255);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Choose the inks for the theme around `element`. */
export function readTheme(element, { papers, lift }) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const background = read("--st-background-color") || "#ffffff";
  const name = luminance(background) < 0.4 ? "dark" : "light";
  const accent = read("--st-primary-color") || "#1f5c7a";
  return { name, accent, font: read("--st-font") || FALLBACK_FONT, lift: lift[name], ...papers[name] };
}

const tones = new Map();

/** The colour of a mark in this theme, in the one form that vis-network passes on unparsed. */
export function tone(colour, theme, opacity = 1) {
  const key = `${colour}${theme.lift}/${opacity}`;
  let value = tones.get(key);
  if (!value) {
    const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const lifted = parts.map((part) => Math.round(part + (255 - part) * theme.lift));
    value = `rgba(${lifted.join(",")},${opacity})`;
    tones.set(key, value);
  }
  return value;
}
