import type { ProfileName } from "../../../shared/model/ids.ts";
import type { Clock } from "../base/clock.ts";
import type { Store } from "../store/store.ts";

/** Keeps how many sessions of each profile lived at most at once, day by day. */
export class LivePeaks implements AsyncDisposable {
  readonly #parts: { readonly store: Store; readonly clock: Clock };
  readonly #listening = new DisposableStack();
  /** What is kept already, by day and profile. */
  readonly #kept = new Map<string, number>();

  constructor(parts: { readonly store: Store; readonly clock: Clock }) {
    this.#parts = parts;
  }

  run(): void {
    const { store } = this.#parts;
    for (const { name } of store.profiles.list()) this.#note(name);
    this.#listening.defer(
      store.onCommit(({ touched }) => {
        for (const name of touched.profiles) this.#note(name);
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening.dispose();
  }

  #note(name: ProfileName): void {
    const { store, clock } = this.#parts;
    const live = store.profiles.find(name)?.live ?? 0;
    const key = `${clock.now().toISOString().slice(0, 10)} ${name}`;
    if (live <= (this.#kept.get(key) ?? 0)) return;
    store.gauges.noteLive(name, live);
    this.#kept.set(key, live);
  }
}
