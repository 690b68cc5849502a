import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { type JSONRPCMessage, JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { HandoffNote } from "../../../shared/model/handoff.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { VERSION } from "../base/version.ts";

/** What a tool answers: text for the model, and whether it is to be read as a failure. */
export interface ToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** What a worker can do; each call comes with the session it came from. Calls may come twice after a crash. */
export interface WorkerActions {
  taskDone(session: SessionId, summary: string): Promise<ToolAnswer>;
  taskBlocked(session: SessionId, reason: string): Promise<ToolAnswer>;
  progress(session: SessionId, note: string, percent: number | null): Promise<ToolAnswer>;
  /** Resolves when a person has answered. `request` is the same when the same call comes again. */
  ask(
    session: SessionId,
    request: string,
    question: string,
    options: readonly string[],
  ): Promise<ToolAnswer>;
  message(session: SessionId, to: string, text: string): Promise<ToolAnswer>;
  handoff(session: SessionId, note: HandoffNote): Promise<ToolAnswer>;
}

/**
 * Answers one message to the MCP server `switchyard` from one session. Every message stands alone, so the address keeps
 * working when the core that answered the last one is gone. `request` names the message, also when it comes again.
 */
export async function answerToolMessage(
  session: SessionId,
  request: string,
  body: string,
  actions: WorkerActions,
): Promise<{ status: number; body: string }> {
  const message = parseMessage(body);
  if (!message)
    return {
      status: 400,
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: null,
        error: { code: -32700, message: "not a JSON-RPC message" },
      }),
    };
  if (!("id" in message) || !("method" in message)) return { status: 202, body: "" };
  const transport = new OneMessageTransport();
  const server = makeServer(session, request, actions);
  await server.connect(transport);
  try {
    return { status: 200, body: JSON.stringify(await transport.ask(message)) };
  } finally {
    await server.close();
  }
}

function makeServer(session: SessionId, request: string, actions: WorkerActions): McpServer {
  const server = new McpServer({ name: "switchyard", version: VERSION });
  server.registerTool(
    "task_done",
    {
      title: "Task done",
      description:
        "Call this when the task's work is complete and committed. It runs the checks: if they pass, the branch goes into the merge queue; if not, it tells what failed.",
      inputSchema: {
        summary: z.string().min(1).describe("What was changed and why, in a few sentences"),
      },
    },
    async ({ summary }) => toResult(await actions.taskDone(session, summary)),
  );
  server.registerTool(
    "task_blocked",
    {
      title: "Task blocked",
      description:
        "Call this when the task cannot go on without a person. The task then waits for them.",
      inputSchema: { reason: z.string().min(1).describe("What is missing or must be decided") },
    },
    async ({ reason }) => toResult(await actions.taskBlocked(session, reason)),
  );
  server.registerTool(
    "progress",
    {
      title: "Progress",
      description: "Notes a step of the work for the person who watches. It changes nothing else.",
      inputSchema: {
        note: z.string().min(1).max(500),
        percent: z.number().min(0).max(100).optional(),
      },
    },
    async ({ note, percent }) => toResult(await actions.progress(session, note, percent ?? null)),
  );
  server.registerTool(
    "ask",
    {
      title: "Ask the person",
      description:
        "Asks the person a question and waits for the answer, however long it takes. Ask only what you cannot find out or decide yourself.",
      inputSchema: {
        question: z.string().min(1).max(5_000),
        options: z
          .array(z.string().min(1).max(200))
          .max(20)
          .optional()
          .describe("Answers to choose from; the person may still answer in words of their own"),
      },
    },
    async ({ question, options }) =>
      toResult(await actions.ask(session, request, question, options ?? [])),
  );
  server.registerTool(
    "message",
    {
      title: "Message",
      description: "Tells somebody something and goes on at once. `to` is `person`.",
      inputSchema: { to: z.string().min(1).max(80), text: z.string().min(1).max(5_000) },
    },
    async ({ to, text }) => toResult(await actions.message(session, to, text)),
  );
  server.registerTool(
    "handoff",
    {
      title: "Handoff",
      description:
        "Call this when you are asked to hand over, after committing: a fresh session, which knows nothing of this conversation, goes on with the task in this worktree from your note.",
      inputSchema: {
        done: z.string().min(1).max(10_000).describe("What is done"),
        remaining: z.string().min(1).max(10_000).describe("What remains, the next step first"),
        decisions: z.string().max(10_000).optional().describe("What you decided, and why"),
        files: z.array(z.string().max(300)).max(100).optional().describe("The files that matter"),
        check: z.string().max(5_000).optional().describe("How to check the work"),
      },
    },
    async ({ done, remaining, decisions, files, check }) =>
      toResult(
        await actions.handoff(session, {
          done,
          remaining,
          decisions: decisions ?? null,
          files: files ?? [],
          check: check ?? null,
        }),
      ),
  );
  return server;
}

function toResult(answer: ToolAnswer) {
  return { content: [{ type: "text" as const, text: answer.text }], isError: answer.isError };
}

function parseMessage(body: string): JSONRPCMessage | null {
  try {
    return JSONRPCMessageSchema.parse(JSON.parse(body));
  } catch {
    return null;
  }
}

/** Hands one message to a server and waits for its answer. */
class OneMessageTransport implements Transport {
  onmessage?: (message: JSONRPCMessage) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  #answer: ((message: JSONRPCMessage) => void) | null = null;

  async start(): Promise<void> {}

  ask(message: JSONRPCMessage): Promise<JSONRPCMessage> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.onmessage?.(message);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    // Notifications the server may send on the side have nowhere to go; only the answer carries an id and a result or an error.
    if ("result" in message || "error" in message) this.#answer?.(message);
  }

  async close(): Promise<void> {
    this.onclose?.();
  }
}
