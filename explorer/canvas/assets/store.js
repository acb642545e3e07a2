/** Parts of payloads by digest, shared by all mounts of the page. */

const DIGEST_LENGTH = 32;
const KEPT = 12;
const GZIP = 0x1f; // JSON begins otherwise
const parts = new Map();
const waiting = new Set();

/** Keep a part: its digest in ASCII, then JSON in UTF-8, compressed or not. */
export async function put(bytes) {
  const decoder = new TextDecoder();
  const digest = decoder.decode(bytes.subarray(0, DIGEST_LENGTH));
  const content = bytes.subarray(DIGEST_LENGTH);
  if (!parts.has(digest)) {
    performance.mark("maillage:data");
    const text = content[0] === GZIP ? await unpacked(content) : decoder.decode(content);
    if (!parts.has(digest)) parts.set(digest, JSON.parse(text));
  }
  for (const oldest of parts.keys()) {
    if (parts.size <= KEPT) break;
    parts.delete(oldest);
  }
  for (const listener of [...waiting]) listener();
}

function unpacked(bytes) {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  // What is broken is told by the reader; not through a blob, which goes by another process.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return new Response(readable).text();
}

/** Return the part and make it the youngest, or undefined while it has not come. */
export function get(digest) {
  const part = parts.get(digest);
  if (part !== undefined) {
    parts.delete(digest);
    parts.set(digest, part);
  }
  return part;
}

/** Call `listener` after each part that comes; returns how to stop. */
export function listen(listener) {
  waiting.add(listener);
  return () => waiting.delete(listener);
}
