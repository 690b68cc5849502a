import { config } from "zod";

// Zod tries at the first schema whether it may compile code. The page's policy says no, and each try is a violation.
config({ jitless: true });
