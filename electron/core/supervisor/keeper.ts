/** Keeps watch over one thing beside the supervisor, for as long as the core runs. It acts on what the store says, so it can begin anew at any time. */
export interface Keeper extends AsyncDisposable {
  run(): void;
  /** Something that followed from a commit failed: what is gone by commits alone has to be looked at anew. */
  lookAgain?(): void;
}
