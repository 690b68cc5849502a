// `npm run dev [-- --gallery]`: the window over an invented core, or every part of it on one page; drawn anew when a file changes.
import { createServer } from "vite";
import { fixtureBuild } from "./fixture-build.mjs";

const WRONG_WORDS = 2;
const words = process.argv.slice(2);
const unknown = words.find((word) => word !== "--gallery");
if (unknown !== undefined) {
  process.stderr.write(
    `npm run dev does not know ${unknown}. \`npm run dev\` shows the window, \`npm run dev -- --gallery\` its parts.\n`,
  );
  process.exit(WRONG_WORDS);
}

const server = await createServer({
  ...fixtureBuild,
  logLevel: "warn",
  server: { host: "127.0.0.1", fs: { allow: ["../.."] } },
});
await server.listen();
const [address] = server.resolvedUrls?.local ?? [];
process.stdout.write(
  words.includes("--gallery")
    ? `The parts of the window, drawn anew with each change: ${address}gallery.html\nCtrl-C ends it.\n`
    : `The window over an invented core, drawn anew with each change: ${address}\n` +
        `\`?panes=16&state=error\` is another of its states; e2e/window-fixture/shots.mjs has them all. Ctrl-C ends it.\n`,
);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}
