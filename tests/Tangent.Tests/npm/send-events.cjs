// Sends events through an unmodified SDK: node send-events.cjs segment|rudderstack ADDRESS WRITE_KEY CUSTOMERS
const [, , sdk, address, writeKey, customers] = process.argv;

function segment() {
  const { Analytics } = require('@segment/analytics-node');
  const client = new Analytics({ writeKey, host: address, maxEventsInBatch: 10 });
  client.on('error', (error) => { console.error(error); process.exitCode = 1; });
  return { client, done: () => client.closeAndFlush() };
}

function rudderstack() {
  const Analytics = require('@rudderstack/rudder-sdk-node');
  const client = new Analytics(writeKey, { dataPlaneUrl: address, flushAt: 10, flushInterval: 200, logLevel: 'error' });
  const sent = [];
  const recorded = {};
  for (const call of ['identify', 'track', 'page', 'group', 'alias']) {
    recorded[call] = (message) => sent.push(new Promise((resolve, reject) => client[call](message, (error) => (error ? reject(error) : resolve()))));
  }
  return { client: recorded, done: () => Promise.all(sent) };
}

async function main() {
  const { client, done } = sdk === 'segment' ? segment() : rudderstack();
  for (let n = 0; n < Number(customers); n++) {
    const userId = `user-${n}`;
    client.identify({ userId, anonymousId: `visitor-${n}`, traits: { name: `Zoë Żółć ${n}`, plan: 'pro', logins: n } });
    client.track({ userId, event: 'Order Completed', properties: { orderId: `o-${n}`, revenue: n + 0.5, currency: 'EUR', note: '„Grüße“ \u{1F6B2}\n<b>&amp;' }, timestamp: new Date(Date.UTC(2026, 0, 1, 0, 0, n)) });
    client.page({ userId, name: 'Checkout', properties: { path: `/checkout/${10000 + n}`, url: `https://shop.example/checkout/${10000 + n}?utm_campaign=spring` } });
    client.group({ userId, groupId: `company-${n}`, traits: { industry: 'bicycles' } });
    client.alias({ userId, previousId: `visitor-${n}` });
  }
  await done();
}

main().catch((error) => { console.error(error); process.exit(1); });
