// `npm run build`: bundles anew, whether or not anything has changed.
import { bundle } from "./bundle.mjs";
import { ensureReady } from "./ensure-ready.mjs";

await ensureReady({ isBuilt: false });
await bundle();
