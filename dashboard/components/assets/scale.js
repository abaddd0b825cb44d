// The time axis: which part of the trace is in view, and where its ticks stand.

import { duration } from "./duration.js";

const STEPS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((n) => [n / 1e6, n / 1e3, n])
  .concat([1, 2, 5, 10, 15, 30].flatMap((n) => [n * 1e3, n * 6e4]), [1, 2, 3, 6, 12, 24, 48, 96].map((n) => n * 36e5))
  .sort((a, b) => a - b);

export class Scale {
  constructor() {
    this.zoom = null;
    this.total = 1;
  }

  get from() { return this.zoom ? this.zoom[0] : 0; }
  get to() { return this.zoom ? this.zoom[1] : this.total; }
  get width() { return Math.max(this.to - this.from, 1e-6); }

  percent(ms) { return ((ms - this.from) / this.width) * 100; }

  zoomTo(from, to) {
    const low = Math.max(0, Math.min(from, to)), high = Math.min(this.total, Math.max(from, to));
    this.zoom = high - low < this.total * 1e-7 || (low <= 0 && high >= this.total) ? null : [low, high];
  }

  ticks(room) {
    const step = STEPS_MS.find((candidate) => this.width / candidate <= room) ?? this.width;
    const ticks = [];
    for (let n = Math.ceil(this.from / step); n * step <= this.to && ticks.length <= room; n++) ticks.push(n * step);
    return ticks.map((ms) => ({ left: this.percent(ms), text: ms === 0 ? "0" : duration(ms).replace(/\.0+(?= )/, "") }));
  }
}
