// Places the names of bubbles so that none lies on another: beside its bubble where there is room, else further away at the end of a line, else not at all.

const steps = [0, 45, 90, 135, 180, 225, 270, 315, 22, 67, 112, 157, 202, 247, 292, 337].map(degrees => [Math.cos(degrees * Math.PI / 180), Math.sin(degrees * Math.PI / 180)]);
const first = [[0, -1], [1, 0], [-1, 0], [0, 1]];
const rings = [14, 26, 40, 56, 74, 94, 118, 146, 178];
const gap = 3;
const mostOrders = 8;

const overlap = (a, b) => Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
const grown = (r, by) => ({ x: r.x - by, y: r.y - by, width: r.width + 2 * by, height: r.height + 2 * by });

/** Where a line meets a rectangle: the part of it inside, by Liang and Barsky. */
function crosses(line, rect) {
  let [from, to] = [0, 1];
  const [dx, dy] = [line.x2 - line.x1, line.y2 - line.y1];
  for (const [p, q] of [[-dx, line.x1 - rect.x], [dx, rect.x + rect.width - line.x1], [-dy, line.y1 - rect.y], [dy, rect.y + rect.height - line.y1]]) {
    if (p === 0) { if (q < 0) return false; continue; }
    if (p < 0) from = Math.max(from, q / p);
    else to = Math.min(to, q / p);
  }
  return from < to;
}

function meet(a, b) {
  const side = (ax, ay, bx, by, x, y) => Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax));
  return side(a.x1, a.y1, a.x2, a.y2, b.x1, b.y1) * side(a.x1, a.y1, a.x2, a.y2, b.x2, b.y2) < 0
    && side(b.x1, b.y1, b.x2, b.y2, a.x1, a.y1) * side(b.x1, b.y1, b.x2, b.y2, a.x2, a.y2) < 0;
}

/** A label whose nearest point to the bubble's middle lies in a direction, so far from its edge. */
function at(point, [dx, dy], distance) {
  const [x, y] = [point.x + dx * (point.r + distance), point.y + dy * (point.r + distance)];
  return { x: x - point.width / 2 + dx * point.width / 2, y: y - point.height / 2 + dy * point.height / 2, width: point.width, height: point.height };
}

function lineTo(point, label) {
  const [x, y] = [Math.min(Math.max(point.x, label.x), label.x + label.width), Math.min(Math.max(point.y, label.y), label.y + label.height)];
  const distance = Math.hypot(x - point.x, y - point.y) || 1;
  return { x1: point.x + (x - point.x) * point.r / distance, y1: point.y + (y - point.y) * point.r / distance, x2: x, y2: y };
}

/**
 * Where names find no room, all are placed anew with these first.
 * @param points bubbles {x, y, r} with the {width, height} of their names, the most important first
 * @param area the rectangle to stay within
 * @param kept rectangles that are kept free
 * @returns for each point its label {x, y, width, height} and, where it lies away, the line to it; null where there is no room
 */
export function placeLabels(points, area, kept = []) {
  let [order, best] = [points, null];
  for (let tries = 0; tries < mostOrders; tries++) {
    const placed = place(order, area, kept);
    const without = order.filter(p => !placed.get(p));
    if (!best || without.length < best.without) best = { placed, without: without.length };
    if (without.length === 0) break;
    order = [...without, ...order.filter(p => placed.get(p))];
  }

  return points.map(p => best.placed.get(p));
}

function place(points, area, kept) {
  const [labels, lines] = [[...kept], []];
  return new Map(points.map(point => {
    let best = null;
    const consider = (direction, distance, line) => {
      const label = at(point, direction, distance);
      if (label.x < area.x || label.y < area.y || label.x + label.width > area.x + area.width || label.y + label.height > area.y + area.height) return;
      const room = grown(label, 1);
      if (labels.some(l => overlap(room, l) > 0) || lines.some(l => crosses(l, room))) return;
      const leader = line ? lineTo(point, label) : null;
      if (leader && (labels.some(l => crosses(leader, l)) || lines.some(l => meet(leader, l)))) return;
      // A name may lie on another's bubble sooner than far away from its own.
      const covered = points.reduce((sum, p) => p === point ? sum : sum + overlap(label, { x: p.x - p.r, y: p.y - p.r, width: 2 * p.r, height: 2 * p.r }), 0);
      const cost = distance + covered / 12;
      if (!best || cost < best.cost) best = { cost, label, leader };
    };
    first.forEach(direction => consider(direction, gap, false));
    steps.forEach(direction => consider(direction, gap + 1, false));
    rings.forEach(distance => steps.forEach(direction => consider(direction, distance, true)));
    if (!best) return [point, null];
    labels.push(best.label);
    if (best.leader) lines.push(best.leader);
    return [point, { ...best.label, line: best.leader }];
  }));
}
