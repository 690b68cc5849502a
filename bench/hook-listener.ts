import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";

/** What the terminal host is to a session, as far as a program needs it to start: hooks are noted, the tool server has no tools. */
export interface HookListener extends AsyncDisposable {
  readonly port: number;
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly firstHookAt: Promise<number>;
}

const Message = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string(),
  params: z.object({ protocolVersion: z.string().optional() }).optional(),
});

export async function listenForHooks(): Promise<HookListener> {
  const token = randomBytes(32).toString("base64url");
  const firstHook = Promise.withResolvers<number>();
  const server = createServer(async (request, response) => {
    const at = Date.now();
    const body = await readText(request);
    const purpose = request.url?.split("/").at(-1);
    if (purpose === "hook") firstHook.resolve(at);
    const answer =
      purpose === "mcp" ? answerTools(request.method, body) : { status: 200, body: {} };
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(answer.body === null ? "" : JSON.stringify(answer.body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on an IP address has an address object, not a pipe's name.
  const { port } = server.address() as { port: number };
  return {
    port,
    token,
    firstHookAt: firstHook.promise,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answerTools(
  method: string | undefined,
  body: string,
): { readonly status: number; readonly body: object | null } {
  if (method !== "POST") return { status: 405, body: null };
  const message = Message.parse(JSON.parse(body));
  if (message.id === undefined) return { status: 202, body: null };
  const result =
    message.method === "initialize"
      ? {
          protocolVersion: message.params?.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "switchyard", version: "0" },
        }
      : { tools: [] };
  return { status: 200, body: { jsonrpc: "2.0", id: message.id, result } };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
