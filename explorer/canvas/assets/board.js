/**
 * What people do on the canvas: layout, multiple selection, what is hidden, pinned, opened, shown
 * alone. Kept by canvas, so that it outlives a change of page, with what undo and redo need.
 */
const EDITS = ["hidden", "near", "depth", "path", "opened", "pins"];
const KEPT = 60; // steps that can be undone
const boards = new Map();

const blank = () => ({
  layout: "carte", chosen: [], hidden: [], near: [], depth: 0, path: [], opened: [], pins: [],
});

const edits = (state) => Object.fromEntries(EDITS.map((name) => [name, state[name]]));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

export class Board {
  /** The board of the canvas `key`, as it was left. */
  static of(key) {
    if (!boards.has(key)) boards.set(key, new Board());
    return boards.get(key);
  }

  constructor() {
    this.now = blank();
    this.past = [];
    this.future = [];
    this.turn = 0; // counts what was done here, so that an older answer does not undo it
  }

  /** Change something; false if it was so already. */
  change(what) {
    const next = { ...this.now, ...what };
    if (same(next, this.now)) return false;
    this.#remember(next);
    this.now = next;
    this.turn += 1;
    return true;
  }

  /** One thing is picked, many no more. A turn of its own: an answer on its way would undo it. */
  pick() {
    this.now = { ...this.now, chosen: [] };
    this.turn += 1;
    return this.turn;
  }

  #remember(next) {
    if (same(edits(next), edits(this.now))) return;
    this.past = [...this.past.slice(1 - KEPT), edits(this.now)];
    this.future = [];
  }

  /** Take what Python says, unless it has not heard of the last thing done here. */
  take(state, turn) {
    if (turn < this.turn) return false;
    this.turn = turn;
    const next = { ...blank(), ...state };
    if (same(next, this.now)) return false;
    this.#remember(next);
    this.now = next;
    return true;
  }

  undo() {
    return this.#step(this.past, this.future);
  }

  redo() {
    return this.#step(this.future, this.past);
  }

  #step(from, to) {
    if (!from.length) return false;
    to.push(edits(this.now));
    this.now = { ...this.now, ...from.pop() };
    this.turn += 1;
    return true;
  }

  /** Nothing hidden, pinned, opened or shown alone; it can be undone. */
  reset() {
    return this.change({ ...edits(blank()), chosen: [] });
  }

  get isPlain() {
    return same(edits(this.now), edits(blank())) && !this.now.chosen.length;
  }
}
