// The real window over an invented core: `?panes=16&state=error`; with `&letters` in letters that are the same on every machine.
import { startApp } from "../../renderer/app/start-app.tsx";
import { connectInventedCore } from "./invented-core.ts";
import { loadLetters } from "./letters.js";

const query = new URLSearchParams(location.search);
const panes = Number(query.get("panes") ?? "6");
if (query.has("letters")) await loadLetters();
startApp(() => connectInventedCore(panes, query.get("state") ?? "usual"));
