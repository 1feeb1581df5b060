// ClickHouse, in process: one part sorted by customer and time, and beside it one row a customer with arrays.
import { createRequire } from "node:module";
import { facts, serve } from "./runner.mjs";
import { flat } from "./clickhouse-flat.mjs";
import { nested } from "./clickhouse-nested.mjs";

const { Session } = createRequire(import.meta.url)("chdb");
let session;
const ask = (sql) => session.query(sql, "TSV");
const number = (sql) => Number(ask(sql));

function load({ folder, rows, events, withNested }) {
  session = new Session(folder);
  for (const setting of [
    `max_threads = ${facts.threads}`,
    "use_query_condition_cache = 0",
    "use_query_cache = 0",
    `max_memory_usage = ${facts.memoryBytes}`,
    `max_bytes_before_external_group_by = ${Math.floor(facts.memoryBytes / 2)}`,
    `max_bytes_before_external_sort = ${Math.floor(facts.memoryBytes / 2)}`,
  ]) ask(`SET ${setting}`);
  const started = Date.now();
  ask("CREATE DATABASE IF NOT EXISTS bench");
  // Everything fits into memory: without compression every question is faster.
  const raw = (column) => `${column} CODEC(NONE)`;
  ask(`CREATE TABLE IF NOT EXISTS bench.events (${["customer UInt32", "ts UInt64", "tp UInt8", "ch UInt8", "revenue Float32"].map(raw).join(", ")})
       ENGINE = MergeTree ORDER BY (customer, ts)`);
  if (number("SELECT count() FROM bench.events") !== events) {
    ask("TRUNCATE TABLE bench.events");
    ask("DROP TABLE IF EXISTS bench.journeys");
    ask(`INSERT INTO bench.events SELECT * FROM file('${rows}', 'RowBinary', 'customer UInt32, ts UInt64, tp UInt8, ch UInt8, revenue Float32')`);
    ask("OPTIMIZE TABLE bench.events FINAL");
  }
  const ms = Date.now() - started;
  if (withNested) {
    ask("CREATE TABLE IF NOT EXISTS bench.journeys (" + ["customer UInt32", "tps Array(UInt8)", "times Array(UInt64)", "chs Array(UInt8)"].map(raw).join(", ") + ") ENGINE = MergeTree ORDER BY customer");
    if (number("SELECT sum(length(tps)) FROM bench.journeys") !== events) {
      ask("TRUNCATE TABLE bench.journeys");
      ask(`INSERT INTO bench.journeys SELECT customer, groupArray(tp), groupArray(ts), groupArray(ch) FROM bench.events GROUP BY customer
           SETTINGS optimize_aggregation_in_order = 1, max_threads = 1`);
      ask("OPTIMIZE TABLE bench.journeys FINAL");
    }
  }
  return { version: ask("SELECT version()").trim(), loadMs: ms, bytes: number("SELECT sum(bytes_on_disk) FROM system.parts WHERE database = 'bench' AND table = 'events' AND active") };
}

await serve({ load, ask, text: (result) => result, forms: { flat, nested } });
