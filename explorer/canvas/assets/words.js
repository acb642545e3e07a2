/** Names as canvas text: never markup, never able to disturb what stands around them. */

// Control characters and direction overrides; a name keeps its own direction by an isolate.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;
const segmenter = globalThis.Intl?.Segmenter
  ? new Intl.Segmenter(undefined, { granularity: "grapheme" })
  : null;

const characters = (text) =>
  segmenter ? Array.from(segmenter.segment(text), (s) => s.segment) : Array.from(text);

/** One line of plain text, at most `limit` characters as people count them. */
export function clean(text, limit = Infinity) {
  const line = String(text ?? "").replace(UNSAFE, " ").replace(/\s+/g, " ").trim();
  if (line.length <= limit) return line;
  const parts = characters(line);
  return parts.length <= limit ? line : `${parts.slice(0, limit - 1).join("").trimEnd()}…`;
}

/** The same, isolated for canvas drawing beside other text. */
export const isolate = (text) => `\u2068${text}\u2069`;
