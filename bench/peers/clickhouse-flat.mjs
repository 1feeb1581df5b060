// The questions in ClickHouse's SQL over one row an event. Where a name ends in "stored", the variant trusts the order of storage
// (one part sorted by customer and time), which ClickHouse keeps when it aggregates in order.
import { facts } from "./runner.mjs";

const { startMs, dayMs, weekMs, purchase, steps } = facts;
const inOrder = " SETTINGS optimize_aggregation_in_order = 1";
const hashed = " SETTINGS optimize_aggregation_in_order = 0";
const day = `toUInt8(intDiv(ts - ${startMs}, ${dayMs}))`;
const week = `toUInt8(intDiv(ts - ${startMs}, ${weekMs}))`;
const isStep = `tp IN (${steps.join(", ")})`;
const funnel = `windowFunnel(${weekMs})(ts, ${steps.map((step) => `tp = ${step}`).join(", ")})`;

const levels = (where, settings) => `
  SELECT level, count() FROM (SELECT ${funnel} AS level FROM bench.events ${where} GROUP BY customer)
  WHERE level > 0 GROUP BY level ORDER BY level${settings}`;

const levelsByChannel = (channel, level, settings) => `
  SELECT first, level, count() FROM (SELECT ${channel} AS first, ${level} AS level FROM bench.events GROUP BY customer)
  WHERE level > 0 GROUP BY first, level ORDER BY first, level${settings}`;
const funnelIf = `windowFunnelIf(${weekMs})(ts, ${steps.map((step) => `tp = ${step}`).join(", ")}, ${isStep})`;

// A journey's touchpoints in order of time: sorted here, or as stored.
const packed = "arraySort(groupArray(ts * 64 + tp))";
const sorted = `arrayMap(x -> toUInt8(bitAnd(x, 63)), ${packed})`;

const transitions = (journey, settings) => `
  SELECT bitShiftRight(key, 12) AS position, bitAnd(bitShiftRight(key, 6), 63) AS a, bitAnd(key, 63) AS b, count() AS n
  FROM (SELECT arraySlice(arrayCompact(${journey}), 1, 7) AS way,
               arrayJoin(arrayMap((i, x, y) -> toUInt16(i * 4096 + x * 64 + y), arrayEnumerate(arrayPopBack(way)), arrayPopBack(way), arrayPopFront(way))) AS key
        FROM bench.events GROUP BY customer)
  GROUP BY key ORDER BY n DESC, position, a, b LIMIT 50${settings}`;

const follows = (key, gap, from, settings) => `
  SELECT bitShiftRight(k, 6) AS a, bitAnd(k, 63) AS b, count(), quantileExactInclusive(0.5)(gap)
  FROM (SELECT ${key} AS ks, ${gap} AS gaps FROM (SELECT ${from} FROM bench.events GROUP BY customer))
  ARRAY JOIN ks AS k, gaps AS gap GROUP BY k ORDER BY a, b${settings}`;

const weeks = (settings) => `
  SELECT bits[1] AS first, arrayJoin(bits) - first AS later, sum(n)
  FROM (SELECT bitPositionsToArray(mask) AS bits, count() AS n
        FROM (SELECT groupBitOr(bitShiftLeft(toUInt32(1), ${week})) AS mask FROM bench.events GROUP BY customer) GROUP BY mask)
  GROUP BY first, later ORDER BY first, later${settings}`;

const variants = (journey, settings) => `
  SELECT arrayStringConcat(way, ','), n
  FROM (SELECT way, count() AS n FROM (SELECT arrayCompact(${journey}) AS way FROM bench.events GROUP BY customer) GROUP BY way ORDER BY n DESC, way LIMIT 20)
  ORDER BY n DESC, way${settings}`;

export const flat = {
  Q1: {
    "steps only": levels(`WHERE ${isStep}`, hashed),
    "steps only, in order": levels(`WHERE ${isStep}`, inOrder),
    "in order": levels("", inOrder),
  },
  Q1b: {
    "hashed": levelsByChannel("argMin(ch, ts)", funnel, hashed),
    "in order": levelsByChannel("argMin(ch, ts)", funnel, inOrder),
    "in order, conditional": levelsByChannel("argMin(ch, ts)", funnelIf, inOrder),
    "in order, conditional, stored": levelsByChannel("any(ch)", funnelIf, inOrder),
    "in order, stored": levelsByChannel("any(ch)", funnel, inOrder),
  },
  Q2: {
    "hashed": transitions(sorted, hashed),
    "in order": transitions(sorted, inOrder),
    "in order, stored": transitions("groupArray(tp)", inOrder),
  },
  Q3: {
    "window": `SELECT a, tp AS b, count(), quantileExactInclusive(0.5)(gap)
      FROM (SELECT tp, lagInFrame(tp, 1, 255) OVER w AS a, ts - lagInFrame(ts) OVER w AS gap FROM bench.events
            WINDOW w AS (PARTITION BY customer ORDER BY ts ROWS BETWEEN 1 PRECEDING AND CURRENT ROW))
      WHERE a != 255 GROUP BY a, b ORDER BY a, b`,
    "in order": follows("arrayMap((u, v) -> toUInt16(bitAnd(u, 63) * 64 + bitAnd(v, 63)), arrayPopBack(x), arrayPopFront(x))",
      "arrayMap((u, v) -> bitShiftRight(v, 6) - bitShiftRight(u, 6), arrayPopBack(x), arrayPopFront(x))", `${packed} AS x`, inOrder),
    "in order, stored": follows("arrayMap((u, v) -> toUInt16(u * 64 + v), arrayPopBack(p), arrayPopFront(p))",
      "arrayPopFront(arrayDifference(t))", "groupArray(tp) AS p, groupArray(ts) AS t", inOrder),
  },
  Q4: { "hashed": weeks(hashed), "in order": weeks(inOrder) },
  Q6: {
    "exact": `SELECT bitShiftRight(k, 8) AS tp, bitAnd(k, 255) AS day, n FROM (SELECT toUInt16(tp * 256 + ${day}) AS k, uniqExact(customer) AS n FROM bench.events GROUP BY k) ORDER BY k`,
    "bitmap": `SELECT bitShiftRight(k, 8) AS tp, bitAnd(k, 255) AS day, n FROM (SELECT toUInt16(tp * 256 + ${day}) AS k, groupBitmap(customer) AS n FROM bench.events GROUP BY k) ORDER BY k`,
    "each customer's, in order": `SELECT bitShiftRight(k, 8) AS tp, bitAnd(k, 255) AS day, count() FROM (SELECT arrayJoin(arrayDistinct(groupArray(toUInt16(tp * 256 + ${day})))) AS k FROM bench.events GROUP BY customer) GROUP BY k ORDER BY k${inOrder}`,
    "each customer's set, in order": `SELECT bitShiftRight(k, 8) AS tp, bitAnd(k, 255) AS day, count() FROM (SELECT arrayJoin(groupUniqArray(toUInt16(tp * 256 + ${day}))) AS k FROM bench.events GROUP BY customer) GROUP BY k ORDER BY k${inOrder}`,
  },
  Q7: {
    "hashed": variants(sorted, hashed),
    "in order": variants(sorted, inOrder),
    "in order, stored": variants("groupArray(tp)", inOrder),
    "by hash, in order, stored": `
      SELECT arrayStringConcat(any(way), ','), count() AS n FROM (SELECT arrayCompact(groupArray(tp)) AS way FROM bench.events GROUP BY customer)
      GROUP BY sipHash128(way) ORDER BY n DESC, any(way) LIMIT 20${inOrder}`,
  },
  Q8: {
    "two keys": `SELECT ch, ${day} AS day, count(), sum(revenue) FROM bench.events GROUP BY ch, day ORDER BY ch, day`,
    "one key": `SELECT bitShiftRight(k, 8) AS ch, bitAnd(k, 255) AS day, n, r FROM (SELECT toUInt16(ch * 256 + ${day}) AS k, count() AS n, sum(revenue) AS r FROM bench.events GROUP BY k) ORDER BY k`,
  },
};
