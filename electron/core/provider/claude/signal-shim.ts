// A program of its own, bundled alone: `<node> signal-shim.cjs <address file> hook|status-line|open-link [link]`.
// Posts what it is given on standard input (or the link) to the session's address, which it reads from the file so that the
// secret in it stands in no argument and no variable. It says nothing and always ends well: a session never waits for it,
// shows nothing of it and is never failed by it.
import { readFileSync } from "node:fs";
import { request } from "node:http";

const DEADLINE_MS = 2_000;
const BODY_MAX_BYTES = 16 * 1024 * 1024;

// A deadline over everything, a standard input that never ends included.
setTimeout(finish, DEADLINE_MS);

const [addressFile = "", kind = "", link = ""] = process.argv.slice(2);
if (kind === "open-link") post(kind, JSON.stringify({ url: link }));
else readInput((body) => post(kind, body));

function readInput(then: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  process.stdin.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) finish();
    chunks.push(chunk);
  });
  process.stdin.on("end", () => then(Buffer.concat(chunks)));
  process.stdin.on("error", finish);
}

function post(kind: string, body: string | Buffer): void {
  try {
    const address = readFileSync(addressFile, "utf8").trim();
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const posting = request(`${address}/${kind}`, { method: "POST", headers }, (answer) => {
      answer.resume();
      answer.on("end", finish);
    });
    posting.on("error", finish);
    posting.end(body);
  } catch {
    // A session whose folder is gone has nobody left to tell.
    finish();
  }
}

function finish(): never {
  // The status line is what the program prints: an empty one.
  if (kind === "status-line") process.stdout.write("\n");
  process.exit(0);
}
