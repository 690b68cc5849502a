import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from "electron";
import { appContract } from "../../shared/contract/app-contract.ts";
import { followRows } from "../../shared/contract/follow-rows.ts";
import type { MirrorRows } from "../../shared/contract/mirror-rows.ts";
import { createClient } from "../../shared/contract/rpc.ts";
import type { WindowPlace } from "../../shared/contract/window-place.ts";
import { createWirePair, type Wire } from "../../shared/contract/wire.ts";
import { type Colour, drawTrayIcon } from "./draw-tray-icon.ts";
import { nextTrayTurnMs, type TrayItem, type TrayShape, wordTray } from "./word-tray.ts";

const isMac = process.platform === "darwin";

/** Points, as systems count them; drawn for each scale that screens have. */
const ICON_POINTS = 16;
const SCALES = [1, 1.25, 1.5, 2, 3];
/** A template is black, and the system colours it. Elsewhere bars are dark or light: each has a contrast of 3:1 to both. */
const BLACK: Colour = [0, 0, 0];
const COLOURS: Readonly<Record<TrayShape, Colour>> = {
  ring: [76, 120, 200],
  triangle: [200, 110, 20],
  square: [205, 70, 60],
};

/** The capacity of all profiles and what needs the person, in the system's bar. It draws only what has changed. */
export class AppTray {
  readonly #connect: (wire: Wire) => void;
  readonly #go: (place: WindowPlace) => void;
  /** One that nobody holds is collected, and its icon goes. */
  #tray: Tray | null = null;
  #rows: MirrorRows | null = null;
  #isFollowing = false;
  #shape: TrayShape | null = null;
  #drawn = "";
  #turn: ReturnType<typeof setTimeout> | undefined;

  constructor(connect: (wire: Wire) => void, go: (place: WindowPlace) => void) {
    this.#connect = connect;
    this.#go = go;
  }

  /** Follows the core's rows, unless it does so already. */
  follow(): void {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    const [near, far] = createWirePair();
    const client = createClient(appContract, near);
    client.onClose(() => {
      this.#isFollowing = false;
      this.#show(null);
    });
    this.#connect(far);
    // A connection that fails is closed, which has been told above.
    followRows(client, (rows) => this.#show(rows)).catch(() => client.close());
  }

  #show(rows: MirrorRows | null): void {
    this.#rows = rows;
    const nowMs = Date.now();
    const words = wordTray(rows, nowMs);
    clearTimeout(this.#turn);
    const turnMs = nextTrayTurnMs(rows?.profiles ?? [], nowMs);
    if (turnMs !== null) this.#turn = setTimeout(() => this.#show(this.#rows), turnMs - nowMs);
    const drawn = JSON.stringify(words);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;

    const tray = this.#tray ?? this.#make(words.shape);
    if (this.#shape !== words.shape) tray.setImage(iconOf(words.shape));
    this.#shape = words.shape;
    tray.setToolTip(words.tooltip);
    if (isMac) tray.setTitle(words.title, { fontType: "monospacedDigit" });
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...words.items.map((item) => this.#menuItem(item)),
        { label: "Open Switchyard", click: () => this.#go({ kind: "window" }) },
        { type: "separator" },
        { role: "quit" },
      ]),
    );
  }

  #make(shape: TrayShape): Tray {
    const tray = new Tray(iconOf(shape));
    this.#tray = tray;
    this.#shape = shape;
    // On macOS a click opens the menu.
    if (!isMac) tray.on("click", () => this.#go({ kind: "window" }));
    return tray;
  }

  #menuItem(item: TrayItem): MenuItemConstructorOptions {
    if (item.kind === "line") return { type: "separator" };
    const { label, place } = item;
    if (!place) return { label, enabled: false };
    return { label, click: () => this.#go(place) };
  }
}

function iconOf(shape: TrayShape) {
  const image = nativeImage.createEmpty();
  for (const scaleFactor of SCALES) {
    const png = drawTrayIcon(shape, isMac ? BLACK : COLOURS[shape], ICON_POINTS * scaleFactor);
    const dataURL = `data:image/png;base64,${png.toString("base64")}`;
    image.addRepresentation({ scaleFactor, dataURL });
  }
  if (isMac) image.setTemplateImage(true);
  return image;
}
