const BASE_CENTS = 250;
const MINUTE_CENTS = 8;
const STEP_CENTS = 10;

/** What a ride costs, in cents. */
export function fareOf({ departs, arrives }) {
  const cents = BASE_CENTS + (arrives - departs) * MINUTE_CENTS;
  return Math.ceil(cents / STEP_CENTS) * STEP_CENTS;
}
