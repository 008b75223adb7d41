// SPDX-License-Identifier: AGPL-3.0-or-later
// A mail server on loopback that takes every letter, as far as our own client asks.
import { createServer } from "node:net";

/** `letters`: { to, text } as they came, soft line breaks undone. */
export async function openSmtp() {
    const letters = [];
    const server = createServer((socket) => {
        let rest = "", to = "", data = null;
        const say = (line) => socket.write(`${line}\r\n`);
        const hear = (line) => {
            if (data !== null) {
                if (line === ".") {
                    letters.push({ to, text: data.replace(/=\n/g, "") });
                    data = null;
                    return say("250 taken");
                }
                data += `${line.replace(/^\.\./, ".")}\n`;
                return undefined;
            }
            if (/^RCPT/i.test(line)) to = /<(.*)>/.exec(line)[1];
            if (/^DATA/i.test(line)) data = "";
            if (/^QUIT/i.test(line)) return socket.end("221 bye\r\n");
            return say(data === null ? "250 ok" : "354 go on");
        };
        say("220 here");
        socket.on("error", () => {});
        socket.on("data", (bytes) => {
            const lines = (rest + bytes.toString("latin1")).split("\r\n");
            rest = lines.pop();
            lines.forEach(hear);
        });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { letters, url: `smtp://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
