// Which boxes are already taken on the screen: a grid of cells, so that a test looks at a few neighbours only.
const CELL = 48;

export class Taken {
  constructor() { this.cells = new Map(); }

  * around(box) {
    for (let x = Math.floor(box[0] / CELL); x <= Math.floor(box[2] / CELL); x++) {
      for (let y = Math.floor(box[1] / CELL); y <= Math.floor(box[3] / CELL); y++) yield x * 100003 + y;
    }
  }

  /** Is [x1, y1, x2, y2] free of every box taken so far? */
  isFree(box) {
    for (const key of this.around(box)) {
      for (const b of this.cells.get(key) || []) {
        if (box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1]) return false;
      }
    }
    return true;
  }

  take(box) {
    for (const key of this.around(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }

  /** Take the box if it is free; says whether it was. */
  tryTake(box) {
    const free = this.isFree(box);
    if (free) this.take(box);
    return free;
  }
}
