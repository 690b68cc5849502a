// The real window over an invented core: `?panes=16&state=error`; `&still` for pictures that are compared.
import { startApp } from "../../renderer/app/start-app.tsx";
import { connectInventedCore } from "./invented-core.ts";
import { standStill } from "./stand-still.js";

const query = new URLSearchParams(location.search);
const panes = Number(query.get("panes") ?? "6");
if (query.has("still")) await standStill();
startApp(() => connectInventedCore(panes, query.get("state") ?? "usual"));
