import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createScriptedModel } from "./create-scripted-model.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    log: { type: "string" },
    scenario: { type: "string" },
  },
});

const model = createScriptedModel({
  ...(values.log === undefined ? {} : { log: values.log }),
  ...(values.scenario === undefined
    ? {}
    : { scenario: JSON.parse(readFileSync(values.scenario, "utf8")) }),
});
await model.listen(Number(values.port));
console.log(JSON.stringify({ listening: model.url }));

for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void model.close());
