import type { IncomingMessage, ServerResponse } from "node:http";
import type { ModelCall } from "./model-call.ts";
import type { ScenarioSource } from "./scenario.ts";

export interface ModelState {
  readonly calls: number;
  /** Calls under way now, and at most so far. */
  readonly live: number;
  readonly peak: number;
}

interface Controlled {
  readonly calls: readonly ModelCall[];
  setScenario(scenario: ScenarioSource): void;
  state(): ModelState;
}

/** `GET /__script/calls[?session=…][&tail=…]`, `GET /__script/state`, `PUT /__script/scenario`: for tests in other processes. */
export function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
  model: Controlled,
): void {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const send = (status: number, body: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

  switch (`${request.method} ${url.pathname}`) {
    case "GET /__script/calls": {
      const session = url.searchParams.get("session");
      const tail = url.searchParams.get("tail");
      const isAsked = (call: ModelCall) =>
        (session === null || call.session === session) && (tail === null || call.tail === tail);
      send(200, model.calls.filter(isAsked));
      break;
    }
    case "GET /__script/state":
      send(200, model.state());
      break;
    case "PUT /__script/scenario":
      model.setScenario(JSON.parse(text));
      send(200, {});
      break;
    default:
      send(404, { error: "There is no such control." });
  }
}
