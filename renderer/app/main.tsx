import "./without-eval.ts"; // Before any schema is made.

import { openWire } from "../client/open-wire.ts";
import { startApp } from "./start-app.tsx";

startApp(openWire);
