// Boxes and arrows: who waits for whom, whom an error went through. Places come from the server, in columns; their width is decided here.
// All texts reach the page through textContent or a property: what agents write stays text.

import { arrowPath, middle, ribbonMiddle, ribbonPath, ribbonTip } from "./arrow.js";
import { age } from "./duration.js";
import { make } from "./row.js";

const BOX_PX_MIN = 84, BOX_PX_MAX = 168, GAP_PX_MAX = 150, LABEL_PX_MAX = 130, EDGE_PX = 4;
const SVG = "http://www.w3.org/2000/svg";
const views = new WeakMap();

class View {
  constructor(root) {
    this.frame = root.querySelector(".frame");
    this.svg = root.querySelector("svg");
    this.marks = root.querySelector(".marks");
    this.frame.onclick = (event) => this.#click(event);
    new ResizeObserver(() => this.data && this.#draw()).observe(this.frame);
  }

  // What stays the same stays in place: a press and a focus outlive a refresh.
  show(data, pick) {
    this.pick = pick;
    const drawn = JSON.stringify(data.picture);
    this.data = data;
    if (drawn !== this.drawn) this.#draw();
    else this.#count();
    this.drawn = drawn;
  }

  #count() {
    for (const mark of this.marks.querySelectorAll(".age")) mark.textContent = age(Math.max(0, this.data.now_ms - mark.since));
  }

  #draw() {
    const width = this.frame.clientWidth;
    if (!width) return;
    const whole = this.data.picture, fits = (picture) => width >= picture.columns * BOX_PX_MIN + (picture.columns - 1) * picture.gap_px_min;
    const shown = fits(whole) || !whole.narrow ? whole : whole.narrow;
    this.#measure(shown, width);
    this.frame.setAttribute("aria-label", shown.caption);
    this.frame.style.height = `${shown.height_px}px`;
    this.svg.replaceChildren(this.#heads());
    this.svg.setAttribute("width", this.width);
    this.svg.setAttribute("height", shown.height_px);
    const held = this.frame.getRootNode().activeElement?.dataset.place;
    const boxes = shown.boxes.map((box, place) => this.#box(box, place));
    const labels = shown.arrows.map((arrow, place) => this.#arrow(arrow, shown, place)).filter(Boolean);
    this.marks.replaceChildren(...boxes, ...labels);
    if (held) this.marks.querySelector(`[data-place="${held}"]`)?.focus();
    this.#count();
    this.frame.dataset.ready = String(shown.boxes.length);
  }

  // Boxes as wide as the columns allow, and the whole in the middle.
  #measure({ columns, gap_px_min: least }, width) {
    const room = (width - EDGE_PX - (columns - 1) * least) / columns;
    this.boxWidth = Math.max(BOX_PX_MIN, Math.min(BOX_PX_MAX, room));
    const gap = columns > 1 ? Math.max(least, Math.min(GAP_PX_MAX, (width - EDGE_PX - columns * this.boxWidth) / (columns - 1))) : 0;
    const used = columns * this.boxWidth + (columns - 1) * gap;
    this.step = this.boxWidth + gap;
    this.width = Math.max(width, used + EDGE_PX);
    this.left = (this.width - used) / 2 + this.boxWidth / 2;
  }

  #middle(box) {
    return { x: this.left + box.column * this.step, y: box.y_px, w: this.boxWidth, h: this.#isTall(box) ? 46 : 34 };
  }

  #isTall(box) { return Boolean(box.note || box.since_ms !== null); }

  #box(box, place) {
    const at = this.#middle(box), mark = make(box.href ? "a" : "div", `box ${box.tone}`);
    if (box.href) mark.href = box.href;
    mark.dataset.pick = box.pick;
    mark.dataset.place = `box-${place}`;
    mark.title = box.label;
    Object.assign(mark.style, { left: `${at.x - at.w / 2}px`, top: `${at.y - at.h / 2}px`, width: `${at.w}px`, height: `${at.h}px` });
    mark.append(make("span", "name", box.label));
    if (this.#isTall(box)) mark.append(this.#said("note", box.note, box.since_ms));
    return mark;
  }

  #said(name, text, since) {
    const said = make("span", name);
    if (text) said.append(make("span", "what", text));
    if (text && since !== null) said.append(" · ");
    if (since !== null) {
      const counted = make("span", "age");
      counted.since = since;
      said.append(counted);
    }
    return said;
  }

  #arrow(arrow, shown, place) {
    const from = this.#middle(shown.boxes[arrow.source]), to = this.#middle(shown.boxes[arrow.target]);
    const at = arrow.ribbon ? this.#ribbon(arrow, from, to, shown.is_down) : this.#line(arrow, from, to);
    return this.#label(arrow, at, place);
  }

  #line(arrow, from, to) {
    const path = arrowPath(from, to, arrow.bowed), kind = `${arrow.tone}${arrow.cut ? " cut" : ""}${arrow.inferred ? " inferred" : ""}`;
    this.#trace(arrow, path.d, "line", kind).setAttribute("marker-end", `url(#head-${arrow.tone})`);
    this.#trace(arrow, path.d, "reach", kind);
    return middle(path);
  }

  // What failed lies below what did not.
  #ribbon(arrow, from, to, down) {
    const { width_px: width, failed_px: failed } = arrow.ribbon, parts = { failed: [width / 2 - failed, width / 2], contained: [-width / 2, width / 2 - failed] };
    for (const [tone, part] of Object.entries(parts)) if (part[1] > part[0]) this.#trace(arrow, ribbonPath(from, to, arrow.ribbon, part, down), "ribbon", tone);
    this.#trace(arrow, ribbonTip(to, arrow.ribbon, down), "head", arrow.tone);
    this.#trace(arrow, ribbonPath(from, to, arrow.ribbon, [-width / 2, width / 2], down), "reach", `${arrow.tone} wide`);
    return ribbonMiddle(from, to, arrow.ribbon, down);
  }

  #trace(arrow, d, name, tone) {
    const line = document.createElementNS(SVG, "path"), hint = document.createElementNS(SVG, "title");
    line.setAttribute("d", d);
    line.setAttribute("class", `${name} ${tone}`);
    line.dataset.pick = arrow.pick;
    hint.textContent = arrow.hint;
    line.append(hint);
    this.svg.append(line);
    return line;
  }

  #label(arrow, at, place) {
    if (arrow.label === null) return null;
    const label = make(arrow.href ? "a" : "div", `label ${arrow.tone}${arrow.cut ? " cut" : ""}`);
    if (arrow.href) label.href = arrow.href;
    label.dataset.pick = arrow.pick;
    label.dataset.place = `arrow-${place}`;
    label.title = arrow.hint;
    const x = Math.min(Math.max(at.x, LABEL_PX_MAX / 2), this.width - LABEL_PX_MAX / 2);
    Object.assign(label.style, { left: `${x}px`, top: `${at.y}px`, maxWidth: `${LABEL_PX_MAX}px` });
    label.append(this.#said("said", arrow.label, arrow.since_ms));
    if (arrow.cut) label.append(make("span", "scissors", "break first"));
    if (arrow.inferred) label.append(make("span", "inferred", "inferred"));
    return label;
  }

  #heads() {
    const heads = document.createElementNS(SVG, "defs");
    for (const tone of ["ring", "queue", "failed", "contained"]) {
      const head = document.createElementNS(SVG, "marker"), tip = document.createElementNS(SVG, "path");
      for (const [name, value] of Object.entries({ id: `head-${tone}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 11, markerHeight: 11, markerUnits: "userSpaceOnUse", orient: "auto" })) head.setAttribute(name, value);
      tip.setAttribute("d", "M0 0.8 L10 5 L0 9.2 L2.4 5 Z");
      tip.setAttribute("class", `head ${tone}`);
      head.append(tip);
      heads.append(head);
    }
    return heads;
  }

  // A plain click stays in this session; with a modifier the browser does what it does with links.
  #click(event) {
    const pick = event.target.closest("[data-pick]")?.dataset.pick;
    if (!pick || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.pick(pick);
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, new View(parentElement));
  views.get(parentElement).show(data, (id) => setTriggerValue("pick", id));
}
