// The rules of dashboard/wording/duration.py, for what the browser counts up by itself. Milliseconds in.

const SHORT = [[1e-3, "µs", 1000], [1, "ms", 1000], [1000, "s", 60]];

function threeDigits(value) {
  if (value === 0) return "0";
  const rounded = Number(value.toPrecision(3));
  return rounded.toFixed(rounded >= 100 ? 0 : rounded >= 10 ? 1 : 2);
}

function minutesAndLonger(whole) {
  const seconds = whole % 60, minutes = Math.floor(whole / 60) % 60, hours = Math.floor(whole / 3600) % 24;
  const days = Math.floor(whole / 86400), two = (n) => String(n).padStart(2, "0");
  if (days) return `${days}d ${two(hours)}h`;
  if (whole >= 3600) return `${hours}h ${two(minutes)}m`;
  return `${minutes}m ${two(seconds)}s`;
}

export function duration(ms) {
  if (ms < 0) return "-" + duration(-ms);
  for (const [scale, unit, limit] of SHORT) {
    const text = threeDigits(ms / scale);
    if (Number(text) < limit) return `${text} ${unit}`;
  }
  return minutesAndLonger(Math.round(ms / 1000));
}

export function age(ms) {
  if (ms < 1000) return "<1 s";
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole} s` : minutesAndLonger(whole);
}
