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
export function readTheme(element, papers) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  const background = read("--st-background-color") || "#ffffff";
  const name = luminance(background) < 0.4 ? "dark" : "light";
  const accent = read("--st-primary-color") || "#1f5c7a";
  return { name, accent, font: read("--st-font") || FALLBACK_FONT, ...papers[name] };
}
