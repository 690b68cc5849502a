import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { answerCall } from "./answer-call.ts";
import { answerControl, type ModelState } from "./control-endpoints.ts";
import { type ModelCall, tokenTail } from "./model-call.ts";
import { type ModelRequest, readModelRequest, readToken } from "./model-request.ts";
import { type FailureCounts, planAnswer } from "./plan-answer.ts";
import { findProfile, Scenario, type ScenarioSource } from "./scenario.ts";

export interface ScriptedModel {
  /** Listens on the loopback interface; 0 takes any free port. Resolves to the port. */
  listen(port: number): Promise<number>;
  /** What ANTHROPIC_BASE_URL is set to. */
  readonly url: string;
  /** Every call so far that has ended, in the order of their ends. */
  readonly calls: readonly ModelCall[];
  setScenario(scenario: ScenarioSource): void;
  state(): ModelState;
  close(): Promise<void>;
}

interface Options {
  /** Each call is appended to this file as one line of JSON. */
  readonly log?: string;
  readonly scenario?: ScenarioSource;
  /** Sees every request for a message as it comes, with all that the conversation holds. */
  readonly onRequest?: (request: Pick<ModelRequest, "session" | "body">) => void;
}

/**
 * A stand-in for the Messages API that does what markers in the messages and a scenario say, so that the real Claude Code
 * can be driven without a subscription. It keeps no state of a conversation: resumed and moved sessions go on where they were.
 */
export function createScriptedModel(options: Options = {}): ScriptedModel {
  const calls: ModelCall[] = [];
  const failures: FailureCounts = new Map();
  const concurrent = new Map<string, number>();
  let scenario = Scenario.parse(options.scenario ?? {});
  let seq = 0;
  let live = 0;
  let peak = 0;
  let url = "";

  const setScenario = (source: ScenarioSource) => {
    scenario = Scenario.parse(source);
    failures.clear();
  };
  const state = (): ModelState => ({ calls: seq, live, peak });

  const count = (token: string, by: number): number => {
    const now = (concurrent.get(token) ?? 0) + by;
    concurrent.set(token, now);
    return now;
  };

  /** Counts the call as live while `play` answers it, then logs it. */
  const record = async (
    what: Omit<ModelCall, "t" | "seq" | "live" | "startMs" | "endMs" | "status">,
    play: () => Promise<ModelCall["status"]>,
  ) => {
    const startMs = Date.now();
    const begun = { t: new Date(startMs).toISOString(), seq: ++seq, live: ++live, startMs };
    peak = Math.max(peak, live);
    const status = await play().finally(() => live--);
    const call: ModelCall = { ...begun, ...what, status, endMs: Date.now() };
    calls.push(call);
    if (options.log) appendFileSync(options.log, `${JSON.stringify(call)}\n`);
  };

  const answerMessage = async (
    request: IncomingMessage,
    response: ServerResponse,
    text: string,
  ) => {
    const asked = readModelRequest(request.headers, text);
    options.onRequest?.(asked);
    const plan = planAnswer(asked, scenario, failures);
    const profile = findProfile(scenario, asked.token);
    const what = {
      role: plan.role,
      session: asked.session,
      tail: tokenTail(asked.token),
      profile: profile?.name ?? null,
      model: asked.body.model,
      step: plan.step,
      kind: plan.turn.map((step) => step.kind).join("+"),
    };
    const left = new AbortController();
    response.on("close", () => left.abort());
    await record(what, async () => {
      const weight = plan.role === "main" ? 1 : 0;
      const unified = profile?.unified ?? scenario.unified;
      const call = { body: asked.body, plan, profile, unified };
      try {
        return await answerCall(
          response,
          { ...call, concurrent: count(asked.token, weight) },
          left.signal,
        );
      } catch (error) {
        if (left.signal.aborted) return "gone";
        throw error;
      } finally {
        count(asked.token, -weight);
      }
    });
  };

  const server = createServer(async (request, response) => {
    const text = await readText(request);
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    try {
      if (request.method === "POST" && path === "/v1/messages") {
        await answerMessage(request, response, text);
      } else if (path.startsWith("/__script/")) {
        answerControl(request, response, text, { calls, setScenario, state });
      } else {
        const status = path === "/v1/messages/count_tokens" ? 200 : 404;
        const tail = tokenTail(readToken(request.headers));
        const kind = `${request.method} ${path}`;
        const what = { role: "other", session: "none", tail, profile: null, model: "" } as const;
        await record({ ...what, step: null, kind }, async () => status);
        sendJson(response, status, status === 200 ? { input_tokens: text.length >> 2 } : {});
      }
    } catch (error) {
      if (response.headersSent) response.destroy();
      else
        sendJson(response, 400, {
          type: "error",
          error: { type: "invalid_request_error", message: String(error) },
        });
    }
  });
  server.requestTimeout = 0;

  return {
    get url() {
      return url;
    },
    calls,
    setScenario,
    state,
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(port, "127.0.0.1", () => {
          const address = server.address();
          if (address === null || typeof address === "string")
            return reject(new Error("the scripted model listens on no port"));
          url = `http://127.0.0.1:${address.port}`;
          resolve(address.port);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
