// The spans of a trace as columns in pre-order, and which of them stand in a row now.

export const ERROR = 1, OPEN = 2, SLOW = 4, CANCELLED = 8, LOST = 16;

export class Tree {
  constructor(data) {
    this.data = data;
    this.count = data.id.length;
    this.place = new Map(data.id.map((id, i) => [id, i]));
    this.parent = this.#parents();
  }

  #parents() {
    const parent = new Int32Array(this.count).fill(-1), line = [];
    this.data.depth.forEach((depth, i) => {
      line.length = Math.min(line.length, depth);
      parent[i] = line.length ? line[line.length - 1] : -1;
      line.push(i);
    });
    return parent;
  }

  has(i, flag) { return (this.data.flags[i] & flag) !== 0; }
  hasChildren(i) { return i + 1 < this.count && this.data.depth[i + 1] > this.data.depth[i]; }
  matching(flag) { return this.data.id.flatMap((_, i) => (this.has(i, flag) ? [i] : [])); }

  ancestors(i) {
    const found = [];
    for (let above = this.parent[i]; above >= 0; above = this.parent[above]) found.push(above);
    return found;
  }

  // With a flag only the spans that have it, and what leads to them; folds then hide nothing.
  rows(folded, flag) {
    if (flag) {
      const kept = new Set(this.matching(flag).flatMap((i) => [i, ...this.ancestors(i)]));
      return [...kept].sort((a, b) => a - b);
    }
    const rows = [];
    let under = Infinity;
    for (let i = 0; i < this.count; i++) {
      const depth = this.data.depth[i];
      if (depth > under) continue;
      under = folded.has(this.data.id[i]) ? depth : Infinity;
      rows.push(i);
    }
    return rows;
  }
}
