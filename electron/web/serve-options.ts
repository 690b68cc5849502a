export interface ServeOptions {
  readonly home: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Show the window in the person's browser. */
  readonly isOpening: boolean;
  /** Run in the background, and return when it is ready. */
  readonly isDetached: boolean;
  readonly isJson: boolean;
}
