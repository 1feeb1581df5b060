// What the runners have in common: a command a line on standard input, an answer a line on standard output, both JSON.
import { createInterface } from "node:readline";

/** The facts of the generated data that the questions need: startMs, dayMs, weekMs, days, purchase, steps, … */
export const facts = JSON.parse(process.argv[2]);

const clock = () => Number(process.hrtime.bigint()) / 1e6;

/**
 * Serves commands until the input ends.
 * @param {{load: (command: object) => any, ask: (sql: string) => any, text: (result: any) => string, forms: Record<string, Record<string, Record<string, string>>>}} peer
 *   forms holds, by form of storage and question, the SQL of each variant; only ask is timed.
 */
export async function serve(peer) {
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    let answer;
    try {
      answer = await obey(peer, command);
    } catch (error) {
      answer = { error: String(error.message ?? error).slice(0, 2000) };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
  process.exit(0);
}

async function obey(peer, command) {
  if (command.do === "load") return await peer.load(command);
  if (command.do === "variants") return { variants: Object.keys(peer.forms[command.form]?.[command.question] ?? {}) };
  const sql = peer.forms[command.form][command.question][command.variant];
  const started = clock();
  const result = await peer.ask(sql);
  const ms = clock() - started;
  return { ms, text: peer.text(result) };
}
