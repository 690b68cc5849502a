import { openWire } from "../client/open-wire.ts";
import { startApp } from "./start-app.tsx";

startApp(openWire);
