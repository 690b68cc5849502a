import { readFileSync } from "node:fs";
import { request } from "node:http";
import { z } from "zod";

const Config = z.object({
  mcpServers: z.record(
    z.string(),
    z.looseObject({ url: z.string(), headers: z.record(z.string(), z.string()).default({}) }),
  ),
});
const Reply = z.looseObject({
  result: z.unknown().optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});
const Tools = z.object({ tools: z.array(z.object({ name: z.string() })) });
const ToolResult = z.object({
  content: z.array(z.looseObject({ text: z.string().optional() })).default([]),
  isError: z.boolean().default(false),
});

/** The http tool servers named in an MCP configuration file. */
export function readToolServers(file: string | null): readonly ToolServer[] {
  if (file === null) return [];
  const { mcpServers } = Config.parse(JSON.parse(readFileSync(file, "utf8")));
  return Object.entries(mcpServers).map(
    ([name, { url, headers }]) => new ToolServer(name, url, headers),
  );
}

export class ToolServer {
  readonly name: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  #lastId = 0;

  constructor(name: string, url: string, headers: Readonly<Record<string, string>>) {
    this.name = name;
    this.#url = url;
    this.#headers = headers;
  }

  /** Greets the server. Resolves to the names of its tools, as the model calls them. */
  async connect(version: string, signal: AbortSignal): Promise<readonly string[]> {
    const clientInfo = { name: "claude-stand-in", version };
    const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
    await this.#ask("initialize", hello, signal);
    await this.#post({ method: "notifications/initialized" }, signal);
    const { tools } = Tools.parse(await this.#ask("tools/list", {}, signal));
    return tools.map((tool) => `mcp__${this.name}__${tool.name}`);
  }

  /** Waits for as long as the tool takes. */
  async call(
    tool: string,
    input: object,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly isError: boolean }> {
    const answer = await this.#ask("tools/call", { name: tool, arguments: input }, signal);
    const { content, isError } = ToolResult.parse(answer);
    return { text: content.map((block) => block.text ?? "").join("\n"), isError };
  }

  async #ask(method: string, params: object, signal: AbortSignal): Promise<unknown> {
    const reply = Reply.parse(await this.#post({ id: ++this.#lastId, method, params }, signal));
    if (reply.error) throw new Error(`${this.name} refused ${method}: ${reply.error.message}`);
    return reply.result;
  }

  /** Resolves to the message in the answer, or null where there is none. fetch would give up on an answer after five minutes. */
  #post(message: object, signal: AbortSignal): Promise<unknown> {
    const headers = {
      ...this.#headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    };
    return new Promise((resolve, reject) => {
      const asking = request(this.#url, { method: "POST", headers, signal }, (response) => {
        const isStream = response.headers["content-type"]?.startsWith("text/event-stream");
        let text = "";
        response.setEncoding("utf8").on("error", reject);
        response.on("data", (piece: string) => {
          text += piece;
          const event = isStream ? /^data: ?(.+)\r?\n\r?\n/m.exec(text)?.[1] : undefined;
          if (event !== undefined) resolve(JSON.parse(event));
        });
        response.on("end", () => {
          if (text.trim() === "") resolve(null);
          else if (isStream) reject(new Error(`${this.name} ended its answer without a message`));
          else resolve(JSON.parse(text));
        });
      });
      asking.on("error", reject).end(JSON.stringify({ jsonrpc: "2.0", ...message }));
    });
  }
}
