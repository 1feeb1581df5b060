// A provider of OpenID Connect on a port of its own. Each line on standard input is JSON: claims of the id tokens from then on ("nonce": "x" overrides the right one).
import { createInterface } from "node:readline";
import { Events, OAuth2Server } from "oauth2-mock-server";

const server = new OAuth2Server();
await server.issuer.keys.generate("RS256");
let claims = {};
server.service.on(Events.BeforeTokenSigning, token => Object.assign(token.payload, claims));
createInterface({ input: process.stdin }).on("line", line => {
  claims = JSON.parse(line);
  console.log("claims");
}).on("close", () => process.exit(0));
await server.start(0, "localhost");
console.log(server.issuer.url);
