// Sends events, asks a funnel of them and pages through the customers behind it.
// Run: npx tsc --target es2022 --module nodenext examples/typescript/example.mts && node examples/typescript/example.mjs http://localhost:5080 WRITE_KEY [API_KEY]
declare const process: { argv: string[]; exit(code: number): never };

interface Problem { title: string; status: number; detail: string; field?: string }
interface Funnel { customers: number; steps: { name: string; customers: number }[] }
interface Customers { total: number; items: { customer: number; id: string; name: string; email: string }[]; next: string | null }

const [address, writeKey, apiKey] = process.argv.slice(2);
if (!address || !writeKey) {
  console.error("Say the address of Tangent, the write key of a source and, where one must sign in, an API key.");
  process.exit(2);
}

/** One place that knows how the API refuses: it waits when it was too fast, and says what else is wrong. */
async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const headers = new Headers(init.headers);
  if (apiKey && !headers.has("Authorization")) headers.set("Authorization", `Bearer ${apiKey}`);
  const response = await fetch(new URL(path, address), { ...init, headers });
  if (response.status === 429) {
    await sleep(1000 * Number(response.headers.get("Retry-After") ?? 1));
    return ask<T>(path, init);
  }
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json()) as Problem;
  throw Object.assign(new Error(`${problem.status} ${problem.title} ${problem.detail}`), problem);
}

const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

// Events: a batch, with an id for each, so that sending it again counts nothing twice.
const batch = Array.from({ length: 250 }, (_, customer) => customer).flatMap(customer =>
  (customer % 2 === 0 ? ["Script visit", "Script order"] : ["Script visit"]).map(event => ({
    type: "track", messageId: `ts-${customer}-${event}`, userId: `ts-${customer}`, event, properties: { channel: "web" },
  })));
const sent = await ask<{ accepted: number; duplicates: number }>("/v1/batch", {
  method: "POST",
  headers: { "Content-Type": "application/json", Authorization: `Basic ${btoa(`${writeKey}:`)}` },
  body: JSON.stringify({ batch }),
});
console.log(`${sent.accepted} events accepted, ${sent.duplicates} sent before`);

// A question; what was sent is in every answer within a second or so. The example's names are refused until the first event is there.
const question = new URLSearchParams([["step", "Script visit"], ["step", "Script order"], ["window", "1d"]]);
let funnel: Funnel | undefined;
for (let tries = 0; tries < 40 && (funnel?.steps[0]?.customers ?? 0) < 250; tries++) {
  if (tries > 0) await sleep(500);
  funnel = await ask<Funnel>(`/api/v1/analyse/funnels?${question}`).catch((problem: Problem) => {
    if (problem.status !== 422) throw problem;
    return undefined;
  });
}
for (const step of funnel?.steps ?? []) console.log(`${step.name}: ${step.customers} customers`);

// The customers behind the first step, page by page: next is the cursor of the page after.
let read = 0;
let cursor: string | null = "";
while (cursor !== null) {
  const page: Customers = await ask<Customers>(`/api/v1/analyse/funnels/customers?${question}&at=1&take=100&cursor=${encodeURIComponent(cursor)}`);
  read += page.items.length;
  cursor = page.next;
}
console.log(`${read} customers read`);

export {};
