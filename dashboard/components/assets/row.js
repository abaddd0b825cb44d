// One span as one row: its name in the tree, and its bar on the time line.
// All texts reach the page through textContent or a property: what agents write stays text.

import { age, duration } from "./duration.js";
import { CANCELLED, ERROR, LOST, OPEN } from "./tree.js";

export const ROW_PX = 24;
const INDENT_PX = 14, INDENTS_MAX = 14, WAITS_PX_MIN = 260;
const BADGES = [[ERROR, "error"], [OPEN, "open"], [CANCELLED, "cancelled"], [LOST, "lost"]];

export function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined) element.textContent = text;
  return element;
}

// `view` is what the rows have in common: tree, scale, folded, flag, the lane's width, and lengths by now.
export function drawRow(i, row, view) {
  const { tree } = view, id = tree.data.id[i], element = make("div", "row");
  element.id = `row-${i}`;
  element.dataset.id = id;
  element.style.top = `${row * ROW_PX}px`;
  element.setAttribute("role", "row");
  element.setAttribute("aria-level", tree.data.depth[i] + 1);
  element.setAttribute("aria-rowindex", row + 1);
  element.setAttribute("aria-selected", id === view.selected);
  if (tree.hasChildren(i)) element.setAttribute("aria-expanded", !view.folded.has(id));
  element.classList.toggle("cursor", i === view.cursor);
  element.classList.toggle("aside", view.flag !== 0 && !tree.has(i, view.flag));
  element.append(drawName(i, view), drawLane(i, view));
  return element;
}

function drawName(i, { tree, folded, flag }) {
  const { data } = tree, cell = make("div", "name"), kind = data.kinds[data.kind[i]];
  cell.setAttribute("role", "gridcell");
  cell.style.paddingLeft = `${8 + Math.min(data.depth[i], INDENTS_MAX) * INDENT_PX}px`;
  const square = make("span", "kind"), label = make("span", "label", data.names[data.name[i]] || "(no name)");
  square.style.background = kind.colour;
  square.title = kind.word;
  label.title = [label.textContent, data.previews[i]].filter(Boolean).join("\n");
  cell.append(make("span", "twist", tree.hasChildren(i) && !flag ? (folded.has(data.id[i]) ? "▸" : "▾") : ""), square, label);
  const agent = data.agents[data.agent[i]], above = tree.parent[i];
  if (agent && (above < 0 || data.agent[above] !== data.agent[i])) cell.append(make("span", "agent", agent));
  for (const [badge, word] of BADGES) {
    // a cancelled span is one in error; the second word would leave its name no room
    if (tree.has(i, badge) && !(badge === ERROR && tree.has(i, CANCELLED))) cell.append(make("span", `badge ${word}`, word));
  }
  return cell;
}

function drawLane(i, view) {
  const { tree, scale } = view, { data } = tree, lane = make("div", "lane"), open = tree.has(i, OPEN);
  const length = view.length(i), left = scale.percent(data.start[i]), right = scale.percent(data.start[i] + length);
  const waits = data.waits[i] && view.width > WAITS_PX_MIN ? ` · waits for ${data.waits[i]}` : "";
  const time = make("span", "time", (open ? `${age(length)} so far` : duration(length)) + waits);
  lane.setAttribute("role", "gridcell");
  lane.setAttribute("aria-label", `${time.textContent}, starts at ${duration(data.start[i])}`);
  if (right < 0 || left > 100) {
    time.classList.add("outside", right < 0 ? "before" : "after");
    lane.append(time);
    return lane;
  }
  const from = Math.max(left, 0), to = Math.min(right, 100), bar = make("div", "bar");
  bar.style.left = `${from}%`;
  bar.style.width = `${to - from}%`;
  bar.style.backgroundColor = data.kinds[data.kind[i]].colour;
  bar.classList.toggle("open", open);
  bar.classList.toggle("error", tree.has(i, ERROR));
  placeTime(time, from, to);
  lane.append(bar, time);
  return lane;
}

// After the bar where there is room, before it where there is more, and else inside it.
function placeTime(time, from, to) {
  if (to < 62) time.style.left = `calc(${to}% + 7px)`;
  else if (from > 38) time.style.right = `calc(${100 - from}% + 7px)`;
  else {
    time.classList.add("inside");
    time.style.right = `calc(${100 - to}% + 7px)`;
  }
}
