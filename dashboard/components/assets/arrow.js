// The line from one box to another: straight, or bowed to its left, so that a round of them is round and
// two that lead opposite ways lie apart.

const BOW = 0.26, BOW_PX_MAX = 96, ROOM_PX = 3;

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
