// A trace as a tree beside a time line. Rows are windowed, so ten thousand spans cost forty rows of DOM.

import { duration } from "./duration.js";
import { Minimap } from "./minimap.js";
import { drawRow, make, ROW_PX } from "./row.js";
import { Scale } from "./scale.js";
import { ERROR, OPEN, SLOW, Tree } from "./tree.js";

const SPARE_ROWS = 6, TICK_MS = 1000, TICK_ROOM_PX = 90;
const PILLS = [[ERROR, "Errors"], [OPEN, "Open"], [SLOW, "Slow"]];
const views = new WeakMap();

class Waterfall {
  constructor(root) {
    const find = (name) => root.querySelector(`.${name}`);
    this.frame = find("frame");
    this.pills = find("pills");
    this.steps = find("steps");
    this.ticks = find("ticks");
    this.grid = find("grid");
    this.scroller = find("scroller");
    this.sheet = find("sheet");
    this.rowsBox = find("rows");
    this.note = find("note");
    this.reset = find("reset");
    this.scale = new Scale();
    this.minimap = new Minimap(find("map"), find("brush"), (a, b) => this.#zoom(a * this.scale.total, b * this.scale.total));
    this.reset.onclick = () => this.#zoom(0, this.scale.total);
    find("back").onclick = () => this.#step(-1);
    find("forth").onclick = () => this.#step(1);
    this.scroller.onscroll = () => this.#draw();
    this.scroller.onkeydown = (event) => this.#key(event);
    this.rowsBox.onclick = (event) => this.#click(event);
    // A row that is drawn anew between press and release would lose the click.
    this.rowsBox.onpointerdown = () => { this.pressed = true; };
    window.addEventListener("pointerup", () => { this.pressed = false; });
    new ResizeObserver(() => this.tree && this.#redraw()).observe(this.frame);
  }

  show(data, pick) {
    this.pick = pick;
    if (this.data !== data) this.#take(data);
    if (data.push !== this.push) {
      this.push = data.push;
      this.selected = data.selected;
      this.#reveal(this.tree.place.get(data.selected) ?? -1);
    }
    this.#redraw();
    this.frame.dataset.ready = String(this.tree.count);
  }

  #take(data) {
    if (this.data?.trace !== data.trace) {
      this.folded = new Set();
      this.flag = 0;
      this.cursor = -1;
      this.push = undefined;
      this.selected = null;
      this.scale.zoom = null;
      this.scroller.scrollTop = 0;
    }
    if (this.data?.until !== data.until) this.arrived = performance.now();
    const held = this.tree?.data.id[this.cursor];
    this.data = data;
    this.tree = new Tree(data);
    this.cursor = this.tree.place.get(held) ?? -1;
    this.live = data.flags.some((flags) => flags & OPEN);
    clearInterval(this.timer);
    if (this.live) this.timer = setInterval(() => this.#tick(), TICK_MS);
    this.#drawPills();
  }

  #tick() {
    if (!this.frame.isConnected) clearInterval(this.timer);
    else if (!document.hidden && !this.pressed) this.#redraw();
  }

  // Open spans go on growing from where they stood when the trace arrived.
  get #grown() { return this.live ? performance.now() - this.arrived : 0; }
  #length(i) { return this.data.duration[i] + (this.tree.has(i, OPEN) ? this.#grown : 0); }
  #end(i) { return this.data.start[i] + this.#length(i); }

  #zoom(from, to) {
    this.scale.zoomTo(from, to);
    this.#redraw();
  }

  #redraw() {
    this.scale.total = Math.max(this.data.total + this.#grown, 1e-3);
    this.shown = this.tree.rows(this.folded, this.flag);
    this.rowOf = new Map(this.shown.map((i, row) => [i, row]));
    this.sheet.style.height = `${this.shown.length * ROW_PX}px`;
    this.scroller.setAttribute("aria-rowcount", this.shown.length);
    const red = getComputedStyle(this.frame).getPropertyValue("--st-red-color").trim();
    this.minimap.draw(this.tree, this.scale, (i) => this.#end(i), red);
    this.#drawAxis();
    this.#drawNote();
    this.#draw();
  }

  #drawAxis() {
    const width = this.ticks.clientWidth, ticks = this.scale.ticks(Math.max(2, Math.floor(width / TICK_ROOM_PX)));
    const placed = (name, text) => (tick) => {
      const mark = make("span", name, text ? tick.text : undefined);
      mark.style.left = `${tick.left}%`;
      return mark;
    };
    this.ticks.replaceChildren(...ticks.filter((tick) => tick.left < 100 - 6000 / width).map(placed("tick", true)));
    this.grid.replaceChildren(...ticks.map(placed("line", false)));
    this.reset.hidden = !this.scale.zoom;
  }

  #drawPills() {
    this.pills.replaceChildren(...PILLS.map(([flag, label]) => {
      const number = this.tree.matching(flag).length;
      const pill = make("button", "pill", `${label} ${number.toLocaleString("en")}`);
      pill.disabled = number === 0;
      pill.setAttribute("aria-pressed", this.flag === flag);
      pill.onclick = () => this.#filter(this.flag === flag ? 0 : flag);
      return pill;
    }));
    this.steps.hidden = !this.flag;
  }

  #filter(flag) {
    this.flag = flag;
    this.#drawPills();
    this.#redraw();
    if (flag) this.#step(1); else this.#reveal(this.cursor);
  }

  #drawNote() {
    const all = this.tree.count.toLocaleString("en"), shown = this.shown.length.toLocaleString("en");
    const view = this.scale.zoom ? ` · ${duration(this.scale.width)} in view` : "";
    const text = `${shown === all ? all : `${shown} of ${all}`} spans${view}`;
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW_PX) - SPARE_ROWS);
    const last = Math.min(this.shown.length, first + Math.ceil(this.scroller.clientHeight / ROW_PX) + 2 * SPARE_ROWS);
    const { tree, scale, folded, flag, cursor, selected } = this, length = (i) => this.#length(i);
    const view = { tree, scale, folded, flag, cursor, selected, length, width: this.ticks.clientWidth };
    this.rowsBox.replaceChildren(...this.shown.slice(first, last).map((i, place) => drawRow(i, first + place, view)));
    const active = this.rowOf.get(cursor);
    if (active >= first && active < last) this.scroller.setAttribute("aria-activedescendant", `row-${cursor}`);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  #click(event) {
    const i = this.tree.place.get(event.target.closest(".row")?.dataset.id);
    if (i === undefined) return;
    if (event.target.matches(".twist") && event.target.textContent) this.#fold(i, !this.folded.has(this.data.id[i]));
    else this.#open(i);
  }

  #open(i) {
    this.cursor = i;
    this.selected = this.data.id[i];
    this.#draw();
    this.pick(this.selected);
  }

  #fold(i, fold) {
    if (fold) this.folded.add(this.data.id[i]); else this.folded.delete(this.data.id[i]);
    this.#redraw();
  }

  #reveal(i) {
    if (i < 0) return;
    this.cursor = i;
    for (const above of this.tree.ancestors(i)) this.folded.delete(this.data.id[above]);
    if (this.flag && !this.tree.has(i, this.flag)) { this.flag = 0; this.#drawPills(); }
    this.#redraw();
    const top = this.rowOf.get(i) * ROW_PX, { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop || top + ROW_PX > scrollTop + clientHeight) this.scroller.scrollTop = Math.max(0, top - clientHeight / 3);
    this.#draw();
  }

  #move(row) {
    if (!this.shown.length) return;
    this.cursor = this.shown[Math.max(0, Math.min(this.shown.length - 1, row))];
    const top = this.rowOf.get(this.cursor) * ROW_PX, { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW_PX > scrollTop + clientHeight) this.scroller.scrollTop = top + ROW_PX - clientHeight;
    this.#draw();
  }

  // The next span with the flag of the pressed pill, or an error, wherever it is folded away.
  #step(direction, flag = this.flag) {
    const found = this.tree.matching(flag);
    if (!found.length) return;
    const next = direction > 0 ? found.find((i) => i > this.cursor) : found.findLast((i) => i < this.cursor);
    this.#reveal(next ?? (direction > 0 ? found[0] : found.at(-1)));
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const i = this.cursor, row = this.rowOf.get(i) ?? -1, page = Math.floor(this.scroller.clientHeight / ROW_PX) - 1;
    const folded = i >= 0 && this.folded.has(this.data.id[i]), parent = i >= 0 && this.tree.hasChildren(i);
    const keys = {
      ArrowDown: () => this.#move(row + 1),
      ArrowUp: () => this.#move(row - 1),
      PageDown: () => this.#move(row + page),
      PageUp: () => this.#move(row - page),
      Home: () => this.#move(0),
      End: () => this.#move(this.shown.length - 1),
      ArrowLeft: () => (parent && !folded ? this.#fold(i, true) : this.#reveal(this.tree.parent[i] ?? -1)),
      ArrowRight: () => (folded ? this.#fold(i, false) : parent && this.#move(row + 1)),
      Enter: () => i >= 0 && this.#open(i),
      " ": () => i >= 0 && this.#open(i),
      e: () => this.#step(1, ERROR),
      E: () => this.#step(-1, ERROR),
      o: () => this.#step(1, OPEN),
      z: () => i >= 0 && this.#zoom(this.data.start[i] - this.#length(i) * 0.02, this.#end(i) + this.#length(i) * 0.02),
      0: () => this.#zoom(0, this.scale.total),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    keys[event.key]();
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new Waterfall(parentElement));
  views.get(parentElement).show(data, (id) => setTriggerValue("pick", id));
}
