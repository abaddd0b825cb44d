// A trace as a tree beside a time line. Rows are windowed, so ten thousand spans cost forty rows of DOM.
// All texts reach the page through textContent or a property: what agents write stays text.

import { age, duration } from "./duration.js";
import { Minimap } from "./minimap.js";
import { Scale } from "./scale.js";
import { CANCELLED, ERROR, LOST, OPEN, SLOW, Tree } from "./tree.js";

const ROW_PX = 24, INDENT_PX = 14, INDENTS_MAX = 14, SPARE_ROWS = 6, TICK_MS = 1000;
const PILLS = [[ERROR, "Errors"], [OPEN, "Open"], [SLOW, "Slow"]];
const views = new WeakMap();

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

class Waterfall {
  constructor(root) {
    const find = (name) => root.querySelector(`.${name}`);
    this.root = root;
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
    if (!this.root.isConnected && !this.frame.isConnected) return clearInterval(this.timer);
    if (!document.hidden) this.#redraw();
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
    this.#drawAxis();
    this.minimap.draw(this.tree, this.scale, (i) => this.#end(i), this.#colour("--st-red-color"));
    this.#drawNote();
    this.#draw();
  }

  #colour(name) { return getComputedStyle(this.frame).getPropertyValue(name).trim() || "#c92a2a"; }

  #drawAxis() {
    const width = this.ticks.clientWidth, ticks = this.scale.ticks(Math.max(2, Math.floor(width / 90)));
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
    const { count } = this.tree, shown = this.shown.length;
    const rows = shown === count ? `${count.toLocaleString("en")} spans` : `${shown.toLocaleString("en")} of ${count.toLocaleString("en")} spans`;
    const view = this.scale.zoom ? ` · ${duration(this.scale.width)} in view` : "";
    const text = rows + view;
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.scroller.scrollTop / ROW_PX) - SPARE_ROWS);
    const last = Math.min(this.shown.length, first + Math.ceil(this.scroller.clientHeight / ROW_PX) + 2 * SPARE_ROWS);
    const rows = document.createDocumentFragment();
    for (let row = first; row < last; row++) rows.append(this.#row(row, this.shown[row]));
    this.rowsBox.replaceChildren(rows);
    const active = this.rowOf.get(this.cursor);
    if (active >= first && active < last) this.scroller.setAttribute("aria-activedescendant", `row-${this.cursor}`);
    else this.scroller.removeAttribute("aria-activedescendant");
  }

  #row(row, i) {
    const { data, tree } = this, element = make("div", "row");
    element.id = `row-${i}`;
    element.dataset.id = data.id[i];
    element.style.top = `${row * ROW_PX}px`;
    element.setAttribute("role", "row");
    element.setAttribute("aria-level", data.depth[i] + 1);
    element.setAttribute("aria-rowindex", row + 1);
    element.setAttribute("aria-selected", data.id[i] === this.selected);
    if (tree.hasChildren(i)) element.setAttribute("aria-expanded", !this.folded.has(data.id[i]));
    element.classList.toggle("cursor", i === this.cursor);
    element.classList.toggle("aside", this.flag !== 0 && !tree.has(i, this.flag));
    element.append(this.#name(i), this.#lane(i));
    element.onclick = () => this.#open(i);
    return element;
  }

  #name(i) {
    const { data, tree } = this, cell = make("div", "name"), kind = data.kinds[data.kind[i]];
    cell.setAttribute("role", "gridcell");
    cell.style.paddingLeft = `${8 + Math.min(data.depth[i], INDENTS_MAX) * INDENT_PX}px`;
    const folded = this.folded.has(data.id[i]);
    const twist = make("span", "twist", tree.hasChildren(i) && !this.flag ? (folded ? "▸" : "▾") : "");
    twist.onclick = (event) => { event.stopPropagation(); this.#fold(i, !folded); };
    const square = make("span", "kind");
    square.style.background = kind.colour;
    square.title = kind.word;
    const label = make("span", "label", data.names[data.name[i]] || "(no name)");
    label.title = label.textContent;
    cell.append(twist, square, label);
    const agent = data.agents[data.agent[i]], above = tree.parent[i];
    if (agent && (above < 0 || data.agent[above] !== data.agent[i])) cell.append(make("span", "agent", agent));
    for (const [flag, word] of [[ERROR, "error"], [OPEN, "open"], [CANCELLED, "cancelled"], [LOST, "lost"]]) {
      if (tree.has(i, flag)) cell.append(make("span", `badge ${word}`, word));
    }
    return cell;
  }

  #lane(i) {
    const { data, tree, scale } = this, lane = make("div", "lane");
    lane.setAttribute("role", "gridcell");
    const left = scale.percent(data.start[i]), right = scale.percent(this.#end(i)), open = tree.has(i, OPEN);
    const waits = data.waits[i] && this.ticks.clientWidth > 260 ? ` · waits for ${data.waits[i]}` : "";
    const time = make("span", "time", (open ? `${age(this.#length(i))} so far` : duration(this.#length(i))) + waits);
    lane.setAttribute("aria-label", `${time.textContent}, starts at ${duration(data.start[i])}`);
    if (right < 0 || left > 100) {
      time.classList.add("outside", right < 0 ? "before" : "after");
      lane.append(time);
      return lane;
    }
    const bar = make("div", "bar"), from = Math.max(left, 0), to = Math.min(right, 100);
    bar.style.left = `${from}%`;
    bar.style.width = `${to - from}%`;
    bar.style.backgroundColor = data.kinds[data.kind[i]].colour;
    bar.classList.toggle("open", open);
    bar.classList.toggle("error", tree.has(i, ERROR));
    if (to < 62) time.style.left = `calc(${to}% + 7px)`;
    else if (from > 38) time.style.right = `calc(${100 - from}% + 7px)`;
    else { time.classList.add("inside"); time.style.right = `calc(${100 - to}% + 7px)`; }
    lane.append(bar, time);
    return lane;
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
    this.#scrollTo(i);
  }

  #scrollTo(i) {
    const top = (this.rowOf.get(i) ?? 0) * ROW_PX, view = this.scroller.clientHeight;
    if (top < this.scroller.scrollTop || top + ROW_PX > this.scroller.scrollTop + view) {
      this.scroller.scrollTop = Math.max(0, top - view / 3);
    }
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
    const row = this.rowOf.get(this.cursor) ?? -1, i = this.cursor, page = Math.floor(this.scroller.clientHeight / ROW_PX) - 1;
    const folded = i >= 0 && this.folded.has(this.data.id[i]), parent = i >= 0 && this.tree.hasChildren(i);
    const keys = {
      ArrowDown: () => this.#move(row + 1),
      ArrowUp: () => this.#move(row - 1),
      PageDown: () => this.#move(row + page),
      PageUp: () => this.#move(row - page),
      Home: () => this.#move(0),
      End: () => this.#move(this.shown.length - 1),
      ArrowLeft: () => (parent && !folded ? this.#fold(i, true) : this.tree.parent[i] >= 0 && this.#reveal(this.tree.parent[i])),
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
