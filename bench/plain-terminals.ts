import { createRequire } from "node:module";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { cutRepaints } from "./terminal-content.ts";

const xterm = path.dirname(createRequire(import.meta.url).resolve("xterm/package.json"));
const HZ = 10;

interface Shape {
  readonly panes: number;
  readonly cols: number;
  readonly rows: number;
  readonly fontSize: number;
  readonly viewport: { readonly width: number; readonly height: number };
}

/** A page of nothing but terminals, each of which is painted ten times a second with what comes, as it comes. */
export async function openPlainTerminals(browser: Browser, shape: Shape): Promise<Page> {
  const context = await browser.newContext({ viewport: shape.viewport });
  const page = await context.newPage();
  await page.setContent("<!doctype html><body style='margin:0'></body>");
  await page.addStyleTag({ path: path.join(xterm, "css/xterm.css") });
  await page.addScriptTag({ path: path.join(xterm, "lib/xterm.js") });
  const repaints = cutRepaints(shape).map(String);
  await page.evaluate(playInPage, { ...shape, repaints, hz: HZ });
  return page;
}

interface PlainTerminal {
  open(element: HTMLElement): void;
  write(text: string): void;
}

/** Runs in the page. */
function playInPage(asked: Shape & { repaints: readonly string[]; hz: number }): void {
  const { Terminal } = window as Window & {
    Terminal?: new (options: object) => PlainTerminal;
  };
  if (!Terminal) throw new Error("the page has no terminals");
  const side = Math.ceil(Math.sqrt(asked.panes));
  document.body.style.cssText = `margin:0;display:grid;grid-template-columns:repeat(${side},1fr)`;
  for (let pane = 0; pane < asked.panes; pane++) {
    const element = document.body.appendChild(document.createElement("div"));
    const { cols, rows, fontSize } = asked;
    const terminal = new Terminal({ cols, rows, fontSize, scrollback: 5000 });
    terminal.open(element);
    let at = pane;
    setInterval(
      () => terminal.write(asked.repaints[at++ % asked.repaints.length] ?? ""),
      1000 / asked.hz,
    );
  }
}
