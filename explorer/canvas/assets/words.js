/** Names as canvas text: never markup, never able to disturb what stands around them. */

// Control characters and direction overrides; a name keeps its own direction by an isolate.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;
const segmenter = globalThis.Intl?.Segmenter
  ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
  : null;

// eslint-disable-next-line no-control-regex
const SIMPLE = /^[\u0000-\u02ff\u2010-\u2027]*$/; // one code unit, one character

const characters = (text) =>
  SIMPLE.test(text) || !segmenter ? Array.from(text) : Array.from(segmenter.segment(text), (s) => s.segment);

/** One line of plain text, at most `limit` characters as people count them. */
export function clean(text, limit = Infinity) {
  const line = String(text ?? "").replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
  if (line.length <= limit) return line;
  const parts = characters(line);
  return parts.length <= limit ? line : `${parts.slice(0, limit - 1).join("").trimEnd()}…`;
}

/** The same, isolated for canvas drawing beside other text. */
export const isolate = (text) => `\u2068${text}\u2069`;

/** At most two lines of at most `width` characters, cut at a space near the middle. */
export function wrap(text, width) {
  if (text.length <= width || characters(text).length <= width) return [text];
  const spaces = [...text.matchAll(/ /g)].map((match) => match.index);
  const middle = Math.min(text.length / 2, width * 0.9);
  const cut = spaces.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  if (cut === undefined || cut > width) return [clean(text, width)];
  return [text.slice(0, cut), clean(text.slice(cut + 1), width)];
}

/** The name to write on the map: the short one, or the whole when that was only cut. */
export function mapName(short, name) {
  return short.endsWith("…") && name.startsWith(short.slice(0, -1).trimEnd()) ? name : short;
}
