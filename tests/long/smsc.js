// node smsc.js FOLDER PORT: an SMPP server of the npm package "smpp", installed in FOLDER.
// It writes each message down (FOLDER/taken: id, number, text), answers after some milliseconds, and tells later that it
// was delivered, until that is confirmed (FOLDER/confirmed: id). It keeps nothing else: killed and started anew, it goes
// on telling. With FOLDER/key.pem and FOLDER/cert.pem it speaks TLS; with FOLDER/throttled it turns every second message
// away. The password is "secret".
"use strict";
const fs = require("fs");
const path = require("path");
const [folder, port] = process.argv.slice(2);
const smpp = require(path.join(folder, "node_modules", "smpp"));

const file = (name) => path.join(folder, name);
const lines = (name) => (fs.existsSync(file(name)) ? fs.readFileSync(file(name), "utf8").split("\n").filter(Boolean) : []);
const secure = fs.existsSync(file("key.pem"))
  ? { key: fs.readFileSync(file("key.pem")), cert: fs.readFileSync(file("cert.pem")) }
  : {};
let asked = 0;

function tell(session, id, number) {
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611290810 done date:2611290811 stat:DELIVRD err:000 text:`;
  const receipt = { esm_class: 4, source_addr: number, short_message: text, receipted_message_id: id, message_state: 2 };
  session.deliver_sm(receipt, (answer) => {
    if (answer.command_status === smpp.ESME_ROK) fs.appendFileSync(file("confirmed"), `${id}\n`);
    else setTimeout(() => session.open && tell(session, id, number), 500);
  });
}

smpp
  .createServer(secure, (session) => {
    session.open = true;
    session.on("error", () => {});
    session.on("close", () => { session.open = false; });
    session.on("enquire_link", (pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu) => { session.send(pdu.response()); session.close(); });
    session.on("bind_transceiver", (pdu) => {
      if (pdu.password !== "secret") {
        session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
        return;
      }
      session.send(pdu.response());
      const confirmed = new Set(lines("confirmed"));
      for (const [id, number] of lines("taken").map((line) => line.split("\t"))) {
        if (!confirmed.has(id)) tell(session, id, number);
      }
    });
    session.on("submit_sm", (pdu) => {
      asked += 1;
      if (fs.existsSync(file("throttled")) && asked % 2) {
        session.send(pdu.response({ command_status: smpp.ESME_RTHROTTLED }));
        return;
      }
      const id = Math.random().toString(16).slice(2);
      const body = (pdu.short_message && pdu.short_message.message) || (pdu.message_payload && pdu.message_payload.message);
      fs.appendFileSync(file("taken"), `${id}\t${pdu.destination_addr}\t${body}\n`);
      setTimeout(() => {
        if (!session.open) return;
        session.send(pdu.response({ message_id: id }));
        setTimeout(() => session.open && tell(session, id, pdu.destination_addr), 20);
      }, Math.random() * 10);
    });
  })
  .listen(Number(port), "127.0.0.1", () => process.stdout.write("ready\n"));
