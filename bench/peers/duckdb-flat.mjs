// The questions in DuckDB's SQL. Where a name ends in "stored", the variant trusts the order of storage: windows without a partition stream over it,
// with one thread each, so that the customers are cut into as many ranges as there are threads. Variants that were never near the best are not kept:
// windows by customer, lists, exact distinct counts. Funnels by a running maximum over the stored order are not kept either: slower than joins at
// a hundred million events, and wrong there for a dozen customers, as reading the rows one after the other shows.
import { facts } from "./runner.mjs";

const { startMs, dayMs, weekMs, purchase, steps, threads, customers } = facts;
const ranges = (select) => Array.from({ length: threads }, (_, i) => {
  const [from, to] = [i, i + 1].map((n) => Math.floor((customers * n) / threads));
  return `(${select(`customer >= ${from} AND customer < ${to}`)})`;
}).join(" UNION ALL ");
const soFar = "(ROWS UNBOUNDED PRECEDING)";
// Exact, and in 32 bits: a day is 1024 · 84,375 ms.
const since = (unitMs) => `(((ts - ${startMs}) >> 10)::UINTEGER // ${unitMs / 1024})`;
const day = since(dayMs);
const week = since(weekMs);
const isStep = `tp IN (${steps.join(", ")})`;
const last = steps.length - 1;

// Each step joined to the latest start from which it is reached in time.
const joins = `a1 AS (SELECT customer, ts, ts AS f FROM events WHERE tp = ${steps[0]})` +
  [2, 3, 4, 5].map((n) => `,
  a${n} AS (SELECT b.customer, b.ts, a.f FROM (SELECT customer, ts FROM events WHERE tp = ${steps[n - 1]}) b
     ASOF JOIN a${n - 1} a ON a.customer = b.customer AND a.ts <= b.ts WHERE b.ts - a.f <= ${weekMs})`).join("");
const joinedLevels = `${joins}, reached AS (SELECT customer, max(level) AS level FROM (` +
  [1, 2, 3, 4, 5].map((n) => `SELECT customer, ${n} AS level FROM a${n}`).join(" UNION ALL ") + ") GROUP BY customer)";

const countLevels = (reached) => `WITH ${reached} SELECT level, count(*) FROM reached GROUP BY level ORDER BY level`;
const firstStored = `f AS (${ranges((range) => `SELECT customer, ch AS first FROM (SELECT customer, ch, lag(customer) OVER () AS before FROM events WHERE ${range}) WHERE before IS DISTINCT FROM customer`)})`;
const countByChannel = (reached, by) => `WITH ${reached}, ${by} SELECT first, level, count(*) FROM reached JOIN f USING (customer) GROUP BY ALL ORDER BY first, level`;

// Paths end in a purchase; after it a new one begins.
const weight = `pow(2.0, (ts - ${startMs}) / ${weekMs}.0 - 26)`;
const bought = `count(*) > 1 AND bool_or(tp = ${purchase})`;
const facts5 = `min(ts) AS first, max(ts) FILTER (tp <> ${purchase}) AS last, count(*) - 1 AS k, sum(CASE WHEN tp <> ${purchase} THEN ${weight} END) AS total`;
const creditsStored = (range, kept, only) => `WITH p AS MATERIALIZED (SELECT ts, tp, path FROM (SELECT ${kept} ts, tp, sum((customer IS DISTINCT FROM other OR before = ${purchase})::INTEGER) OVER ${soFar} AS path
      FROM (SELECT ts, tp, customer, lag(customer) OVER () AS other, lag(tp) OVER () AS before FROM events WHERE ${range})) ${only}),
    g AS (SELECT path, ${facts5} FROM p GROUP BY path HAVING ${bought})
    SELECT tp, count(*) FILTER (ts = last) AS n1, count(*) FILTER (ts = first) AS n2, sum(1.0::DOUBLE / k) AS linear, sum(${weight} / total) AS decay FROM p JOIN g USING (path) WHERE tp <> ${purchase} GROUP BY tp`;

// 40 is the start of a path, 41 its end without a purchase.
const markov = (windows) => `WITH d AS (${windows}), g AS MATERIALIZED (SELECT a, b, ends, count(*) AS n FROM d GROUP BY ALL)
  SELECT a, b, sum(n)::BIGINT FROM (SELECT a, b, n FROM g UNION ALL SELECT b, 41, n FROM g WHERE ends AND b <> ${purchase}) GROUP BY a, b ORDER BY a, b`;

export const flat = {
  Q1: { "joins": countLevels(joinedLevels) },
  Q1b: { "joins, stored": countByChannel(joinedLevels, firstStored) },
  Q2: {
    "windows, stored": `WITH s AS (${ranges((range) => `SELECT a, tp, n - max(CASE WHEN new THEN n END) OVER ${soFar} AS p
          FROM (SELECT new, a, tp, row_number() OVER () AS n FROM (SELECT tp, lag(tp) OVER () AS a, customer IS DISTINCT FROM lag(customer) OVER () AS new FROM events WHERE ${range}) WHERE new OR a <> tp)`)})
      SELECT p, a, tp, count(*) AS n FROM s WHERE p BETWEEN 1 AND 6 GROUP BY ALL ORDER BY n DESC, p, a, tp LIMIT 50`,
  },
  Q3: {
    "windows, stored": `WITH d AS (${ranges((range) => `SELECT lag(tp) OVER () AS a, tp AS b, ts - lag(ts) OVER () AS gap, customer = lag(customer) OVER () AS same FROM events WHERE ${range}`)})
      SELECT a, b, count(*), quantile_cont(gap, 0.5) FROM d WHERE same GROUP BY a, b ORDER BY a, b`,
  },
  Q4: {
    "masks": `WITH m AS (SELECT bit_or(1::INTEGER << ${week}::INTEGER) AS mask FROM events GROUP BY customer),
      g AS (SELECT list_filter(range(0, 26), lambda i : (mask >> i) & 1 = 1) AS weeks, count(*) AS n FROM m GROUP BY mask),
      x AS (SELECT weeks[1] AS first, unnest(weeks) AS week, n FROM g)
      SELECT first, week - first AS later, sum(n)::BIGINT FROM x GROUP BY ALL ORDER BY first, later`,
  },
  Q5a: {
    "joined, stored": `SELECT tp, sum(n1)::BIGINT, sum(n2)::BIGINT, sum(linear), sum(decay) FROM (${ranges((range) => creditsStored(range, "", ""))}) GROUP BY tp ORDER BY tp`,
    "buyers only, joined, stored": `WITH b AS MATERIALIZED (SELECT DISTINCT customer FROM events WHERE tp = ${purchase})
      SELECT tp, sum(n1)::BIGINT, sum(n2)::BIGINT, sum(linear), sum(decay) FROM (${ranges((range) => creditsStored(range, "customer,", "SEMI JOIN b USING (customer)"))}) GROUP BY tp ORDER BY tp`,
  },
  Q5b: {
    "windows, stored": markov(ranges((range) => `SELECT CASE WHEN new OR before = ${purchase} THEN 40 ELSE before END AS a, tp AS b, ends
      FROM (SELECT lag(tp) OVER () AS before, customer IS DISTINCT FROM lag(customer) OVER () AS new, tp, customer IS DISTINCT FROM lead(customer) OVER () AS ends FROM events WHERE ${range})`)),
  },
  Q6: {
    "distinct": `SELECT tp, day, count(*) FROM (SELECT DISTINCT customer, tp, ${day}::USMALLINT AS day FROM events) GROUP BY ALL ORDER BY tp, day`,
    "distinct, one key": `SELECT (k >> 8) & 255 AS tp, k & 255 AS day, n FROM (SELECT k & 65535 AS k, count(*) AS n FROM (SELECT DISTINCT (customer::BIGINT << 16) | (tp::BIGINT << 8) | ${day} AS k FROM events) GROUP BY 1) ORDER BY tp, day`,
  },
  Q7: {
    "windows, stored": `WITH j AS (${ranges((range) => `SELECT string_agg(chr((48 + tp)::INTEGER), '') AS way
        FROM (SELECT customer, tp, lag(tp) OVER () AS a, customer IS DISTINCT FROM lag(customer) OVER () AS new FROM events WHERE ${range}) WHERE new OR a <> tp GROUP BY customer`)})
      SELECT array_to_string(list_transform(string_split(way, ''), lambda x : ascii(x) - 48), ','), n
      FROM (SELECT way, count(*) AS n FROM j GROUP BY way ORDER BY n DESC, way LIMIT 20) ORDER BY n DESC, way`,
  },
  Q8: {
    "two keys": `SELECT ch, ${day}::UTINYINT AS day, count(*), sum(revenue::DOUBLE) FROM events GROUP BY ALL ORDER BY ch, day`,
    "one key": `SELECT k >> 8 AS ch, k & 255 AS day, n, r FROM (SELECT (ch::USMALLINT * 256 + ${day}::USMALLINT)::USMALLINT AS k, count(*) AS n, sum(revenue::DOUBLE) AS r FROM events GROUP BY 1) ORDER BY 1, 2`,
  },
};
