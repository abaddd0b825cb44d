// What leads from one box to another. A line: straight, or bowed to its left, so that a round of them is round and
// two that lead opposite ways lie apart.

const BOW = 0.26, BOW_PX_MAX = 96, ROOM_PX = 3, TIP_PX = 9;

// Where a line from the middle of `box` towards a point leaves it.
function edge(box, to) {
  const dx = to.x - box.x, dy = to.y - box.y;
  const across = dx ? (box.w / 2 + ROOM_PX) / Math.abs(dx) : Infinity;
  const down = dy ? (box.h / 2 + ROOM_PX) / Math.abs(dy) : Infinity;
  const share = Math.min(across, down, 1);
  return { x: box.x + dx * share, y: box.y + dy * share };
}

export function arrowPath(from, to, bowed) {
  const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy) || 1;
  const bow = bowed ? Math.min(BOW * length, BOW_PX_MAX) / length : 0;
  const bend = { x: (from.x + to.x) / 2 + dy * bow, y: (from.y + to.y) / 2 - dx * bow };
  const begin = edge(from, bend), end = edge(to, bend);
  return { d: `M${begin.x} ${begin.y} Q${bend.x} ${bend.y} ${end.x} ${end.y}`, begin, bend, end };
}

export function middle({ begin, bend, end }) {
  return { x: (begin.x + 2 * bend.x + end.x) / 4, y: (begin.y + 2 * bend.y + end.y) / 4 };
}

// The outline of a ribbon between two boxes: `part` is the stretch of its width that is meant, from -width / 2.
// Its ends are straight, so that one that leads to the side is as wide there as one that leads ahead.
export function ribbonPath(from, to, { leaves_px, enters_px }, [first, last], down) {
  const side = down ? "h" : "w", along = down ? "y" : "x", across = down ? "x" : "y";
  const begin = from[along] + from[side] / 2, end = to[along] - to[side] / 2, half = (begin + end) / 2;
  const leaves = from[across] + leaves_px, enters = to[across] + enters_px;
  const at = (ahead, aside) => (down ? `${aside} ${ahead}` : `${ahead} ${aside}`);
  return [
    `M${at(begin, leaves + first)} C${at(half, leaves + first)} ${at(half, enters + first)} ${at(end, enters + first)}`,
    `L${at(end, enters + last)} C${at(half, enters + last)} ${at(half, leaves + last)} ${at(begin, leaves + last)} Z`,
  ].join(" ");
}

// Which way it leads: a tip at its end.
export function ribbonTip(to, { enters_px }, down) {
  if (down) return `M${to.x + enters_px} ${to.y - to.h / 2} l-${TIP_PX / 2} -${TIP_PX} h${TIP_PX} Z`;
  return `M${to.x - to.w / 2} ${to.y + enters_px} l-${TIP_PX} -${TIP_PX / 2} v${TIP_PX} Z`;
}

export function ribbonMiddle(from, to, { leaves_px, enters_px }, down) {
  const leaves = down ? { x: from.x + leaves_px, y: from.y + from.h / 2 } : { x: from.x + from.w / 2, y: from.y + leaves_px };
  const enters = down ? { x: to.x + enters_px, y: to.y - to.h / 2 } : { x: to.x - to.w / 2, y: to.y + enters_px };
  return { x: (leaves.x + enters.x) / 2, y: (leaves.y + enters.y) / 2 };
}
