// DuckDB, in process: one table written in the order of customer and time.
import { rmSync, existsSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { facts, serve } from "./runner.mjs";
import { flat } from "./duckdb-flat.mjs";

let connection;
const ask = (sql) => connection.runAndReadAll(sql);
const one = async (sql) => (await ask(sql)).getRowsJson()[0][0];

async function load({ folder, csv, events }) {
  const started = Date.now();
  const file = `${folder}.db`;
  let instance;
  const open = async () => {
    instance = await DuckDBInstance.create(file, {
      threads: String(facts.threads),
      memory_limit: `${Math.floor(facts.memoryBytes / 1e6)}MB`,
      temp_directory: `${folder}.tmp`,
    });
    connection = await instance.connect();
  };
  await open();
  const there = await one("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'events'");
  if (Number(there) === 0 || Number(await one("SELECT count(*) FROM events")) !== events) {
    if (!existsSync(csv)) return { needsCsv: true };
    await ask("DROP TABLE IF EXISTS events");
    await ask("CREATE TABLE events (customer UINTEGER, ts BIGINT, tp UTINYINT, ch UTINYINT, revenue FLOAT)");
    await ask(`COPY events FROM '${csv}' (FORMAT csv, HEADER false)`);
    await ask("CHECKPOINT");
    rmSync(csv);
  }
  const ms = Date.now() - started;
  const size = (await ask("SELECT used_blocks * block_size FROM pragma_database_size()")).getRowsJson()[0][0];
  return { version: String(await one("SELECT version()")).replace(/^v/, ""), loadMs: ms, bytes: Number(size) };
}

const text = (result) => result.getRowsJson().map((row) => row.join("\t") + "\n").join("");
await serve({ load, ask, text, forms: { flat } });
