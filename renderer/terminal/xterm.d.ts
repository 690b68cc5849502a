/// <reference types="xterm" />

// The package is installed under the name `xterm`; its typings speak of `@xterm/xterm`, as the addons do.
declare module "xterm" {
  export * from "@xterm/xterm";
}
