// The questions in ClickHouse's SQL over one row a customer that holds the journey as arrays.
import { facts } from "./runner.mjs";

const { startMs, dayMs, weekMs, purchase, steps } = facts;
const since = (unitMs) => `toUInt8(intDiv(toUInt32(bitShiftRight(t - ${startMs}, 10)), ${unitMs / 1024}))`;
const flags = steps.map((step) => `arrayMap(x -> x = ${step}, p)`).join(", ");
const level = `arrayReduce('windowFunnel(${weekMs})', t, ${flags})`;

export const nested = {
  Q1: {
    "reduced": `SELECT level, count() FROM (SELECT ${level} AS level FROM (SELECT tps AS p, times AS t FROM bench.journeys WHERE has(tps, ${steps[0]})))
      WHERE level > 0 GROUP BY level ORDER BY level`,
    "joined": `SELECT level, count() FROM (SELECT windowFunnel(${weekMs})(t, ${steps.map((step) => `p = ${step}`).join(", ")}) AS level
        FROM bench.journeys ARRAY JOIN times AS t, tps AS p WHERE p IN (${steps.join(", ")}) GROUP BY customer)
      WHERE level > 0 GROUP BY level ORDER BY level SETTINGS optimize_aggregation_in_order = 1`,
  },
  Q1b: {
    "reduced": `SELECT first, level, count() FROM (SELECT first, ${level} AS level FROM (SELECT chs[1] AS first, tps AS p, times AS t FROM bench.journeys WHERE has(tps, ${steps[0]})))
      WHERE level > 0 GROUP BY first, level ORDER BY first, level`,
    "joined": `SELECT first, level, count() FROM (SELECT any(f) AS first, windowFunnel(${weekMs})(t, ${steps.map((step) => `p = ${step}`).join(", ")}) AS level
        FROM (SELECT customer, chs[1] AS f, times, tps FROM bench.journeys) ARRAY JOIN times AS t, tps AS p WHERE p IN (${steps.join(", ")}) GROUP BY customer)
      WHERE level > 0 GROUP BY first, level ORDER BY first, level SETTINGS optimize_aggregation_in_order = 1`,
  },
  Q2: {
    "arrays": `SELECT bitShiftRight(key, 12) AS position, bitAnd(bitShiftRight(key, 6), 63) AS a, bitAnd(key, 63) AS b, count() AS n
      FROM (SELECT arraySlice(arrayCompact(tps), 1, 7) AS way,
                   arrayJoin(arrayMap((i, x, y) -> toUInt16(i * 4096 + x * 64 + y), arrayEnumerate(arrayPopBack(way)), arrayPopBack(way), arrayPopFront(way))) AS key
            FROM bench.journeys)
      GROUP BY key ORDER BY n DESC, position, a, b LIMIT 50`,
  },
  Q3: {
    "arrays": `SELECT bitShiftRight(k, 6) AS a, bitAnd(k, 63) AS b, count(), quantileExactInclusive(0.5)(gap)
      FROM (SELECT arrayMap((u, v) -> toUInt16(u * 64 + v), arrayPopBack(tps), arrayPopFront(tps)) AS ks, arrayPopFront(arrayDifference(times)) AS gaps FROM bench.journeys)
      ARRAY JOIN ks AS k, gaps AS gap GROUP BY k ORDER BY a, b`,
  },
  Q4: {
    "arrays": `SELECT bits[1] AS first, arrayJoin(bits) - first AS later, sum(n)
      FROM (SELECT bitPositionsToArray(mask) AS bits, count() AS n
            FROM (SELECT arrayReduce('groupBitOr', arrayMap(t -> bitShiftLeft(toUInt32(1), ${since(weekMs)}), times)) AS mask FROM bench.journeys) GROUP BY mask)
      GROUP BY first, later ORDER BY first, later`,
  },
  Q5a: {
    "arrays": `SELECT tp, sum(i = k), sum(i = 1), sum(1 / k), sum(w / total)
      FROM (SELECT arrayPopBack(path) AS before, length(before) AS k, bitShiftRight(path[-1], 6) AS bought,
                   arrayMap(x -> toUInt8(bitAnd(x, 63)), before) AS tps2, arrayMap(x -> exp2((toInt64(bitShiftRight(x, 6)) - toInt64(bought)) / ${weekMs}.0), before) AS weights, arraySum(weights) AS total
            FROM (SELECT arrayJoin(arrayReverseSplit(x -> bitAnd(x, 63) = ${purchase}, arrayMap((p, t) -> t * 64 + p, tps, times))) AS path FROM bench.journeys WHERE has(tps, ${purchase}))
            WHERE length(path) > 1 AND bitAnd(path[-1], 63) = ${purchase})
      ARRAY JOIN tps2 AS tp, weights AS w, arrayEnumerate(tps2) AS i GROUP BY tp ORDER BY tp`,
  },
  Q5b: {
    "arrays": `SELECT bitShiftRight(k, 6) AS a, bitAnd(k, 63) AS b, count()
      FROM (SELECT arrayJoin(arrayMap((u, v) -> toUInt16(if(u = ${purchase}, 40, u) * 64 + v), arrayPushFront(tps, 40), arrayPushBack(tps, 41))) AS k FROM bench.journeys)
      WHERE k != ${40 * 64 + 41} GROUP BY k ORDER BY a, b`,
  },
  Q6: {
    "arrays": `SELECT bitShiftRight(k, 8) AS tp, bitAnd(k, 255) AS day, count()
      FROM (SELECT arrayJoin(arrayDistinct(arrayMap((x, t) -> toUInt16(x * 256 + ${since(dayMs)}), tps, times))) AS k FROM bench.journeys) GROUP BY k ORDER BY k`,
  },
  Q7: {
    "arrays": `SELECT arrayStringConcat(way, ','), n
      FROM (SELECT way, count() AS n FROM (SELECT arrayCompact(tps) AS way FROM bench.journeys) GROUP BY way ORDER BY n DESC, way LIMIT 20) ORDER BY n DESC, way`,
  },
};
