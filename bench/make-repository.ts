import { mkdirSync } from "node:fs";
import path from "node:path";
import { makeSampleRepository } from "../demo/sample-repository/make-sample-repository.ts";

/** The demo's sample repository in a folder of this name below `folder`. Returns its path. */
export function makeRepository(folder: string, name: string): string {
  const repository = path.join(folder, name);
  mkdirSync(repository);
  makeSampleRepository(repository);
  return repository;
}
