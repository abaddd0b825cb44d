// The whole trace in 40 pixels. Drag to zoom, double-click for all of it.

import { ERROR, OPEN } from "./tree.js";

const LANES_MAX = 9;

export class Minimap {
  constructor(canvas, brush, onZoom) {
    this.canvas = canvas;
    this.brush = brush;
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    let start = null;
    canvas.onpointerdown = (event) => { start = at(event); canvas.setPointerCapture(event.pointerId); };
    canvas.onpointermove = (event) => { if (start !== null) this.#mark(start, at(event)); };
    canvas.onpointerup = (event) => {
      const end = at(event);
      if (start !== null && Math.abs(end - start) > 0.004) onZoom(start, end);
      else this.#mark(...this.shown);
      start = null;
    };
    canvas.ondblclick = () => onZoom(0, 1);
  }

  draw(tree, scale, ends, errorColour) {
    const { canvas } = this, width = canvas.clientWidth, height = canvas.clientHeight, ratio = devicePixelRatio || 1;
    if (!width) return;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d"), { data } = tree;
    pen.scale(ratio, ratio);
    const deepest = data.depth.reduce((a, b) => Math.max(a, b), 0), lanes = Math.min(deepest + 1, LANES_MAX);
    const lane = (height - 8) / lanes;
    const paint = (i, colour, opacity) => {
      const x = (data.start[i] / scale.total) * width, end = (ends(i) / scale.total) * width;
      pen.fillStyle = colour;
      pen.globalAlpha = opacity;
      pen.fillRect(x, 4 + Math.min(data.depth[i], lanes - 1) * lane, Math.max(1, end - x), Math.max(1.5, lane - 1));
    };
    for (let i = 0; i < tree.count; i++) paint(i, data.kinds[data.kind[i]].colour, tree.has(i, OPEN) ? 0.3 : 0.6);
    for (let i = 0; i < tree.count; i++) if (tree.has(i, ERROR)) paint(i, errorColour, 1);
    this.shown = [scale.from / scale.total, scale.to / scale.total];
    this.#mark(...this.shown);
  }

  #mark(a, b) {
    const low = Math.min(a, b), high = Math.max(a, b);
    this.brush.hidden = low <= 0 && high >= 1;
    this.brush.style.left = `${low * 100}%`;
    this.brush.style.width = `${(high - low) * 100}%`;
  }
}
