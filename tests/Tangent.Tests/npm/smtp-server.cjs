// A real mail server for the tests: takes letters, reads them, and writes each as a line of JSON. Its first line is the port.
// Usage: node smtp-server.cjs '{"secure":false,"starttls":true,"auth":["PLAIN"],"key":"…","cert":"…","port":0,"refuse":{"rcpt":550,"times":1}}'
const fs = require("node:fs");
const { SMTPServer } = require("smtp-server");
const { simpleParser } = require("mailparser");

const wish = JSON.parse(process.argv[2]);
const say = (line) => process.stdout.write(JSON.stringify(line) + "\n");
let refusals = wish.refuse?.times ?? 0;

const refusal = (responseCode, says) => (responseCode && refusals-- > 0 ? Object.assign(new Error(says), { responseCode }) : undefined);

const server = new SMTPServer({
  secure: !!wish.secure,
  key: wish.key && fs.readFileSync(wish.key),
  cert: wish.cert && fs.readFileSync(wish.cert),
  authMethods: wish.auth ?? [],
  authOptional: !wish.auth,
  allowInsecureAuth: true,
  disabledCommands: [...(wish.starttls ? [] : ["STARTTLS"]), ...(wish.auth ? [] : ["AUTH"])],
  logger: false,
  onAuth(auth, session, done) {
    if (auth.username !== "tangent" || auth.password !== "geheim ż") return done(new Error("Invalid username or password"));
    done(null, { user: auth.username });
  },
  onMailFrom: (address, session, done) => done(refusal(wish.refuse?.mail, "not you")),
  onRcptTo: (address, session, done) => done(refusal(wish.refuse?.rcpt, wish.refuse?.says ?? "not now")),
  async onData(stream, session, done) {
    const chunks = [];
    try {
      for await (const chunk of stream) chunks.push(chunk);
    } catch (e) {
      // Whoever sent it was killed: no letter, and the server goes on.
      return done(e);
    }
    const raw = Buffer.concat(chunks);
    const mail = await simpleParser(raw);
    say({
      from: session.envelope.mailFrom.address,
      recipients: session.envelope.rcptTo.map((r) => r.address),
      user: session.user ?? null,
      secure: session.secure,
      hello: session.hostNameAppearsAs,
      subject: mail.subject,
      to: mail.to?.text,
      text: mail.text,
      html: mail.html,
      messageId: mail.messageId,
      headers: Object.fromEntries(mail.headerLines.map((h) => [h.key, h.line])),
    });
    done();
  },
});
server.on("error", (e) => say({ error: e.message }));
server.listen(wish.port ?? 0, "127.0.0.1", () => say({ port: server.server.address().port }));
// Ends with the tests.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
