// The real window over an invented core: `?panes=16&state=error`.
import { startApp } from "../../renderer/app/start-app.tsx";
import { connectInventedCore } from "./invented-core.ts";

const query = new URLSearchParams(location.search);
const panes = Number(query.get("panes") ?? "6");
startApp(() => connectInventedCore(panes, query.get("state") ?? "usual"));
