/** Ends a `switch` over a union: the compiler proves that no case is missing, and a broken promise at run time throws. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
