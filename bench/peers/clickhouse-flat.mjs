// The questions in ClickHouse's SQL over one row an event. Where a name ends in "stored", the variant trusts the order of storage
// (one part sorted by customer and time), which ClickHouse keeps when it aggregates in order. Variants that were never near the best are not kept:
// sorting each journey again, windows, aggregation by hash, exact distinct counts and bitmaps.
import { facts } from "./runner.mjs";

const { startMs, dayMs, weekMs, purchase, steps } = facts;
const inOrder = " SETTINGS optimize_aggregation_in_order = 1";
const hashed = " SETTINGS optimize_aggregation_in_order = 0";
// Exact, and in 32 bits: a day is 1024 · 84,375 ms.
const since = (unitMs) => `toUInt8(intDiv(toUInt32(bitShiftRight(ts - ${startMs}, 10)), ${unitMs / 1024}))`;
const day = since(dayMs);
const week = since(weekMs);
const isStep = `tp IN (${steps.join(", ")})`;
const funnel = `windowFunnel(${weekMs})(ts, ${steps.map((step) => `tp = ${step}`).join(", ")})`;

const levels = (where, settings) => `
  SELECT level, count() FROM (SELECT ${funnel} AS level FROM bench.events ${where} GROUP BY customer)
  WHERE level > 0 GROUP BY level ORDER BY level${settings}`;

const reduced = (where, first, last) => `
  SELECT ${first} level, count() FROM (SELECT ${first} arrayReduce('windowFunnel(${weekMs})', t, ${steps.map((step) => `arrayMap(x -> x = ${step}, p)`).join(", ")}) AS level
        FROM (SELECT ${last} FROM bench.events ${where} GROUP BY customer HAVING has(p, ${steps[0]})))
  WHERE level > 0 GROUP BY ${first} level ORDER BY ${first} level${inOrder}`;
const funnelIf = `windowFunnelIf(${weekMs})(ts, ${steps.map((step) => `tp = ${step}`).join(", ")}, ${isStep})`;

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

// Paths that end in a purchase, as one number an event: time above touchpoint. After a purchase a new path begins.
const paths = (journey, where, settings) => `
  SELECT tp, sum(i = k), sum(i = 1), sum(1 / k), sum(w / total)
  FROM (SELECT arrayPopBack(path) AS before, length(before) AS k, bitShiftRight(path[-1], 6) AS bought,
               arrayMap(x -> toUInt8(bitAnd(x, 63)), before) AS tps, arrayMap(x -> exp2((toInt64(bitShiftRight(x, 6)) - toInt64(bought)) / ${weekMs}.0), before) AS weights, arraySum(weights) AS total
        FROM (SELECT arrayJoin(arrayReverseSplit(x -> bitAnd(x, 63) = ${purchase}, ${journey})) AS path FROM bench.events ${where} GROUP BY customer HAVING countIf(tp = ${purchase}) > 0)
        WHERE length(path) > 1 AND bitAnd(path[-1], 63) = ${purchase})
  ARRAY JOIN tps AS tp, weights AS w, arrayEnumerate(tps) AS i GROUP BY tp ORDER BY tp${settings}`;
const pathsOfTuples = (journey, where, settings) => `
  SELECT t.1 AS tp, sum(t.2), sum(t.3), sum(t.4), sum(t.5)
  FROM (SELECT arrayPopBack(path) AS before, length(before) AS k, bitShiftRight(path[-1], 6) AS bought,
               arrayMap(x -> exp2((toInt64(bitShiftRight(x, 6)) - toInt64(bought)) / ${weekMs}.0), before) AS weights, arraySum(weights) AS total,
               arrayJoin(arrayMap((x, w, i) -> (toUInt8(bitAnd(x, 63)), i = k, i = 1, 1 / k, w / total), before, weights, arrayEnumerate(before))) AS t
        FROM (SELECT arrayJoin(arrayReverseSplit(x -> bitAnd(x, 63) = ${purchase}, ${journey})) AS path FROM bench.events ${where} GROUP BY customer HAVING countIf(tp = ${purchase}) > 0)
        WHERE length(path) > 1 AND bitAnd(path[-1], 63) = ${purchase})
  GROUP BY tp ORDER BY tp${settings}`;
const buyers = `WHERE customer IN (SELECT customer FROM bench.events WHERE tp = ${purchase})`;

// 40 is the start of a path, 41 its end without a purchase.
const markov = (journey, settings) => `
  SELECT bitShiftRight(k, 6) AS a, bitAnd(k, 63) AS b, count()
  FROM (SELECT ${journey} AS way, arrayJoin(arrayMap((u, v) -> toUInt16(if(u = ${purchase}, 40, u) * 64 + v), arrayPushFront(way, 40), arrayPushBack(way, 41))) AS k FROM bench.events GROUP BY customer)
  WHERE k != ${40 * 64 + 41} GROUP BY k ORDER BY a, b${settings}`;

const variants = (journey, settings) => `
  SELECT arrayStringConcat(way, ','), n
  FROM (SELECT way, count() AS n FROM (SELECT arrayCompact(${journey}) AS way FROM bench.events GROUP BY customer) GROUP BY way ORDER BY n DESC, way LIMIT 20)
  ORDER BY n DESC, way${settings}`;

export const flat = {
  Q1: {
    "steps only": levels(`WHERE ${isStep}`, hashed),
    "steps only, in order": levels(`WHERE ${isStep}`, inOrder),
    "steps only, as arrays, stored": reduced(`WHERE ${isStep}`, "", "groupArray(tp) AS p, groupArray(ts) AS t"),
  },
  Q1b: {
    "in order, conditional, stored": `SELECT first, level, count() FROM (SELECT any(ch) AS first, ${funnelIf} AS level FROM bench.events GROUP BY customer)
      WHERE level > 0 GROUP BY first, level ORDER BY first, level${inOrder}`,
    "as arrays, stored": reduced("", "first,", `any(ch) AS first, groupArrayIf(tp, ${isStep}) AS p, groupArrayIf(ts, ${isStep}) AS t`),
    "joined, stored": `SELECT first, level, count() FROM (SELECT customer, ${funnel} AS level FROM bench.events WHERE ${isStep} GROUP BY customer) AS a
      JOIN (SELECT customer, any(ch) AS first FROM bench.events GROUP BY customer) AS b USING customer WHERE level > 0 GROUP BY first, level ORDER BY first, level${inOrder}`,
  },
  Q2: {
    "in order, stored": transitions("groupArray(tp)", inOrder),
  },
  Q3: {
    "in order, stored": follows("arrayMap((u, v) -> toUInt16(u * 64 + v), arrayPopBack(p), arrayPopFront(p))",
      "arrayPopFront(arrayDifference(t))", "groupArray(tp) AS p, groupArray(ts) AS t", inOrder),
  },
  Q4: { "hashed": weeks(hashed), "in order": weeks(inOrder) },
  Q5a: {
    "buyers only, in order, stored": paths("groupArray(ts * 64 + tp)", buyers, inOrder),
    "buyers only, tuples, in order, stored": pathsOfTuples("groupArray(ts * 64 + tp)", buyers, inOrder),
  },
  Q5b: { "in order, stored": markov("groupArray(tp)", inOrder) },
  Q6: {
    "each customer's, in order": `SELECT bitShiftRight(k, 8) AS tp, bitAnd(k, 255) AS day, count() FROM (SELECT arrayJoin(arrayDistinct(groupArray(toUInt16(tp * 256 + ${day})))) AS k FROM bench.events GROUP BY customer) GROUP BY k ORDER BY k${inOrder}`,
  },
  Q7: {
    "in order, stored": variants("groupArray(tp)", inOrder),
    "by hash and one customer of each, in order, stored": `
      WITH (SELECT groupArray((someone, n)) FROM (SELECT any(customer) AS someone, count() AS n
              FROM (SELECT customer, sipHash64(arrayCompact(groupArray(tp))) AS hash FROM bench.events GROUP BY customer) GROUP BY hash ORDER BY n DESC LIMIT 20 WITH TIES)) AS top
      SELECT arrayStringConcat(way, ','), n
      FROM (SELECT arrayCompact(groupArray(tp)) AS way, arrayFirst(t -> t.1 = customer, top).2 AS n FROM bench.events WHERE customer IN (SELECT arrayJoin(top).1) GROUP BY customer)
      ORDER BY n DESC, way LIMIT 20${inOrder}`,
  },
  Q8: {
    "two keys": `SELECT ch, ${day} AS day, count(), sum(revenue) FROM bench.events GROUP BY ch, day ORDER BY ch, day`,
    "one key": `SELECT bitShiftRight(k, 8) AS ch, bitAnd(k, 255) AS day, n, r FROM (SELECT toUInt16(ch * 256 + ${day}) AS k, count() AS n, sum(revenue) AS r FROM bench.events GROUP BY k) ORDER BY k`,
  },
};
