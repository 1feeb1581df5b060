// The questions in DuckDB's SQL. Where a name ends in "stored", the variant trusts the order of storage (windows without a partition stream over it).
import { facts } from "./runner.mjs";

const { startMs, dayMs, weekMs, purchase, steps } = facts;
const each = "(PARTITION BY customer ORDER BY ts)";
const soFar = "(ROWS UNBOUNDED PRECEDING)";
// Exact, and in 32 bits: a day is 1024 · 84,375 ms.
const since = (unitMs) => `(((ts - ${startMs}) >> 10)::UINTEGER // ${unitMs / 1024})`;
const day = since(dayMs);
const week = since(weekMs);
const isStep = `tp IN (${steps.join(", ")})`;
const last = steps.length - 1;

// f1 … f4: the latest start from which steps 1 … 4 can be reached in time up to this row.
const starts = `e AS (SELECT customer, ts, tp FROM events WHERE ${isStep}),
  s1 AS (SELECT *, max(CASE WHEN tp = ${steps[0]} THEN ts END) OVER ${each} AS f1 FROM e)` +
  [2, 3, 4].map((n) => `,
  s${n} AS (SELECT *, max(CASE WHEN tp = ${steps[n - 1]} AND ts - f${n - 1} <= ${weekMs} THEN f${n - 1} END) OVER ${each} AS f${n} FROM s${n - 1})`).join("");
const level = `CASE WHEN bool_or(tp = ${steps[last]} AND ts - f4 <= ${weekMs}) THEN 5 WHEN count(f4) > 0 THEN 4 WHEN count(f3) > 0 THEN 3 WHEN count(f2) > 0 THEN 2 ELSE 1 END`;
const levels = `${starts}, reached AS (SELECT customer, ${level} AS level FROM s4 GROUP BY customer HAVING count(f1) > 0)`;

// The same by joining each step to the latest start before it.
const joins = `a1 AS (SELECT customer, ts, ts AS f FROM events WHERE tp = ${steps[0]})` +
  [2, 3, 4, 5].map((n) => `,
  a${n} AS (SELECT b.customer, b.ts, a.f FROM (SELECT customer, ts FROM events WHERE tp = ${steps[n - 1]}) b
     ASOF JOIN a${n - 1} a ON a.customer = b.customer AND a.ts <= b.ts WHERE b.ts - a.f <= ${weekMs})`).join("");
const joinedLevels = `${joins}, reached AS (SELECT customer, max(level) AS level FROM (` +
  [1, 2, 3, 4, 5].map((n) => `SELECT customer, ${n} AS level FROM a${n}`).join(" UNION ALL ") + ") GROUP BY customer)";

// The same over the stored order: a key holds the customer's number above the time, so that one running maximum serves all customers.
const keyed = `k AS (SELECT tp, (customer::BIGINT << 35) + (ts - ${startMs}) AS k FROM events WHERE ${isStep}),
  t1 AS (SELECT *, max(CASE WHEN tp = ${steps[0]} THEN k END) OVER ${soFar} AS f1 FROM k)` +
  [2, 3, 4].map((n) => `,
  t${n} AS (SELECT *, max(CASE WHEN tp = ${steps[n - 1]} AND k - f${n - 1} <= ${weekMs} THEN f${n - 1} END) OVER ${soFar} AS f${n} FROM t${n - 1})`).join("");
const keyedLevels = `${keyed}, l AS (SELECT k >> 35 AS customer, max(f1) AS m1, max(f2) AS m2, max(f3) AS m3, max(f4) AS m4, bool_or(tp = ${steps[last]} AND k - f4 <= ${weekMs}) AS m5 FROM t4 GROUP BY 1),
  reached AS (SELECT customer, CASE WHEN m5 THEN 5 WHEN m4 >> 35 = customer THEN 4 WHEN m3 >> 35 = customer THEN 3 WHEN m2 >> 35 = customer THEN 2 ELSE 1 END AS level FROM l WHERE m1 >> 35 = customer)`;

const countLevels = (reached) => `WITH ${reached} SELECT level, count(*) FROM reached GROUP BY level ORDER BY level`;
const first = "f AS (SELECT customer, arg_min(ch, ts) AS first FROM events GROUP BY customer)";
const firstStored = "f AS (SELECT customer, ch AS first FROM (SELECT customer, ch, lag(customer) OVER () AS before FROM events) WHERE before IS DISTINCT FROM customer)";
const countByChannel = (reached, by) => `WITH ${reached}, ${by} SELECT first, level, count(*) FROM reached JOIN f USING (customer) GROUP BY ALL ORDER BY first, level`;

// Paths: numbered within the customer by the purchases before.
const numbered = `p AS (SELECT customer, ts, tp, coalesce(sum((tp = ${purchase})::INTEGER) OVER (PARTITION BY customer ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS path FROM events)`;
const weight = `pow(2.0, (ts - ${startMs}) / ${weekMs}.0 - 26)`;
const bought = `count(*) > 1 AND bool_or(tp = ${purchase})`;
const facts5 = `min(ts) AS first, max(ts) FILTER (tp <> ${purchase}) AS last, count(*) - 1 AS k, sum(CASE WHEN tp <> ${purchase} THEN ${weight} END) AS total`;
const credits = `tp, count(*) FILTER (ts = last), count(*) FILTER (ts = first), sum(1.0::DOUBLE / k), sum(${weight} / total)`;

// 40 is the start of a path, 41 its end without a purchase.
const markov = (windows) => `WITH d AS (${windows}), g AS MATERIALIZED (SELECT a, b, ends, count(*) AS n FROM d GROUP BY ALL)
  SELECT a, b, sum(n)::BIGINT FROM (SELECT a, b, n FROM g UNION ALL SELECT b, 41, n FROM g WHERE ends AND b <> ${purchase}) GROUP BY a, b ORDER BY a, b`;

const variants = (list, from) => `WITH j AS (SELECT ${list} AS way FROM ${from} GROUP BY customer)
  SELECT array_to_string(way, ','), n FROM (SELECT way, count(*) AS n FROM j GROUP BY way ORDER BY n DESC, way LIMIT 20) ORDER BY n DESC, way`;

export const flat = {
  Q1: { "windows": countLevels(levels), "joins": countLevels(joinedLevels), "windows, stored": countLevels(keyedLevels) },
  Q1b: {
    "windows": countByChannel(levels, first),
    "joins": countByChannel(joinedLevels, first),
    "joins, stored": countByChannel(joinedLevels, firstStored),
    "windows, stored": countByChannel(keyedLevels, firstStored),
  },
  Q2: {
    "windows": `WITH d AS (SELECT customer, ts, tp, lag(tp) OVER ${each} AS a FROM events),
      c AS (SELECT a, tp, row_number() OVER ${each} AS position FROM d WHERE a IS DISTINCT FROM tp)
      SELECT position - 1 AS p, a, tp, count(*) AS n FROM c WHERE position BETWEEN 2 AND 7 GROUP BY ALL ORDER BY n DESC, p, a, tp LIMIT 50`,
    "windows, stored": `WITH d AS (SELECT tp, lag(tp) OVER () AS a, customer IS DISTINCT FROM lag(customer) OVER () AS new FROM events),
      c AS (SELECT new, a, tp, row_number() OVER () AS n FROM d WHERE new OR a <> tp),
      s AS (SELECT a, tp, n - max(CASE WHEN new THEN n END) OVER ${soFar} AS p FROM c)
      SELECT p, a, tp, count(*) AS n FROM s WHERE p BETWEEN 1 AND 6 GROUP BY ALL ORDER BY n DESC, p, a, tp LIMIT 50`,
  },
  Q3: {
    "windows": `WITH d AS (SELECT lag(tp) OVER w AS a, tp AS b, ts - lag(ts) OVER w AS gap FROM events WINDOW w AS ${each})
      SELECT a, b, count(*), quantile_cont(gap, 0.5) FROM d WHERE a IS NOT NULL GROUP BY a, b ORDER BY a, b`,
    "windows, stored": `WITH d AS (SELECT lag(tp) OVER () AS a, tp AS b, ts - lag(ts) OVER () AS gap, customer = lag(customer) OVER () AS same FROM events)
      SELECT a, b, count(*), quantile_cont(gap, 0.5) FROM d WHERE same GROUP BY a, b ORDER BY a, b`,
  },
  Q4: {
    "masks": `WITH m AS (SELECT bit_or(1::INTEGER << ${week}::INTEGER) AS mask FROM events GROUP BY customer),
      g AS (SELECT list_filter(range(0, 26), lambda i : (mask >> i) & 1 = 1) AS weeks, count(*) AS n FROM m GROUP BY mask),
      x AS (SELECT weeks[1] AS first, unnest(weeks) AS week, n FROM g)
      SELECT first, week - first AS later, sum(n)::BIGINT FROM x GROUP BY ALL ORDER BY first, later`,
    "join": `WITH w AS (SELECT DISTINCT customer, ${week} AS week FROM events), f AS (SELECT customer, min(week) AS first FROM w GROUP BY customer)
      SELECT first, week - first AS later, count(*) FROM w JOIN f USING (customer) GROUP BY ALL ORDER BY first, later`,
  },
  Q5a: {
    "joined": `WITH ${numbered}, g AS (SELECT customer, path, ${facts5} FROM p GROUP BY ALL HAVING ${bought})
      SELECT ${credits} FROM p JOIN g USING (customer, path) WHERE tp <> ${purchase} GROUP BY tp ORDER BY tp`,
    "joined, stored": `WITH p AS MATERIALIZED (SELECT ts, tp, sum((customer IS DISTINCT FROM other OR before = ${purchase})::INTEGER) OVER ${soFar} AS path
        FROM (SELECT ts, tp, customer, lag(customer) OVER () AS other, lag(tp) OVER () AS before FROM events)),
      g AS (SELECT path, ${facts5} FROM p GROUP BY path HAVING ${bought})
      SELECT ${credits} FROM p JOIN g USING (path) WHERE tp <> ${purchase} GROUP BY tp ORDER BY tp`,
    "buyers only, joined, stored": `WITH b AS (SELECT DISTINCT customer FROM events WHERE tp = ${purchase}),
      p AS MATERIALIZED (SELECT ts, tp, path FROM (SELECT customer, ts, tp, sum((customer IS DISTINCT FROM other OR before = ${purchase})::INTEGER) OVER ${soFar} AS path
        FROM (SELECT ts, tp, customer, lag(customer) OVER () AS other, lag(tp) OVER () AS before FROM events)) SEMI JOIN b USING (customer)),
      g AS (SELECT path, ${facts5} FROM p GROUP BY path HAVING ${bought})
      SELECT ${credits} FROM p JOIN g USING (path) WHERE tp <> ${purchase} GROUP BY tp ORDER BY tp`,
    "windows": `WITH ${numbered}, g AS (SELECT *, ${facts5.replace(/(min\(ts\)|max\(ts\) FILTER \([^)]*\)|count\(\*\)|sum\(CASE.*END\))/g, "$1 OVER w")}, bool_or(tp = ${purchase}) OVER w AS buys FROM p WINDOW w AS (PARTITION BY customer, path))
      SELECT ${credits} FROM g WHERE buys AND tp <> ${purchase} GROUP BY tp ORDER BY tp`,
  },
  Q5b: {
    "windows": markov(`SELECT CASE WHEN before IS NULL OR before = ${purchase} THEN 40 ELSE before END AS a, tp AS b, ends
      FROM (SELECT lag(tp) OVER w AS before, tp, lead(tp) OVER w IS NULL AS ends FROM events WINDOW w AS ${each})`),
    "windows, stored": markov(`SELECT CASE WHEN new OR before = ${purchase} THEN 40 ELSE before END AS a, tp AS b, ends
      FROM (SELECT lag(tp) OVER () AS before, customer IS DISTINCT FROM lag(customer) OVER () AS new, tp, customer IS DISTINCT FROM lead(customer) OVER () AS ends FROM events)`),
  },
  Q6: {
    "distinct": `SELECT tp, day, count(*) FROM (SELECT DISTINCT customer, tp, ${day}::USMALLINT AS day FROM events) GROUP BY ALL ORDER BY tp, day`,
    "distinct, one key": `SELECT (k >> 8) & 255 AS tp, k & 255 AS day, n FROM (SELECT k & 65535 AS k, count(*) AS n FROM (SELECT DISTINCT (customer::BIGINT << 16) | (tp::BIGINT << 8) | ${day} AS k FROM events) GROUP BY 1) ORDER BY tp, day`,
    "count distinct": `SELECT tp, ${day} AS day, count(DISTINCT customer) FROM events GROUP BY ALL ORDER BY tp, day`,
  },
  Q7: {
    "windows": variants("list(tp ORDER BY ts)", `(SELECT customer, ts, tp, lag(tp) OVER ${each} AS a FROM events) WHERE a IS DISTINCT FROM tp`),
    "windows, stored": `WITH d AS (SELECT customer, tp, lag(tp) OVER () AS a, customer IS DISTINCT FROM lag(customer) OVER () AS new FROM events),
      j AS (SELECT string_agg(chr((48 + tp)::INTEGER), '') AS way FROM d WHERE new OR a <> tp GROUP BY customer)
      SELECT array_to_string(list_transform(string_split(way, ''), lambda x : ascii(x) - 48), ','), n
      FROM (SELECT way, count(*) AS n FROM j GROUP BY way ORDER BY n DESC, way LIMIT 20) ORDER BY n DESC, way`,
  },
  Q8: {
    "two keys": `SELECT ch, ${day}::UTINYINT AS day, count(*), sum(revenue::DOUBLE) FROM events GROUP BY ALL ORDER BY ch, day`,
    "one key": `SELECT k >> 8 AS ch, k & 255 AS day, n, r FROM (SELECT (ch::USMALLINT * 256 + ${day}::USMALLINT)::USMALLINT AS k, count(*) AS n, sum(revenue::DOUBLE) AS r FROM events GROUP BY 1) ORDER BY 1, 2`,
  },
};
