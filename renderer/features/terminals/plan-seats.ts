type Seats = readonly (string | null)[];

/**
 * Who sits where, from who sat where: whoever is gone leaves its place to the first who has none, so nobody else is moved.
 * `present` is in the order in which newcomers are seated. With `places` what is beyond them waits, and a place can stay free;
 * null: there is one for each.
 */
export function fillSeats(seats: Seats, present: readonly string[], places: number | null): Seats {
  const here = new Set(present);
  const kept = seats.map((key) => (key !== null && here.has(key) ? key : null));
  const seated = new Set(kept);
  const newcomers = present.filter((key) => !seated.has(key));
  if (places === null) {
    const waiting = [...newcomers];
    const filled = kept.map((key) => key ?? waiting.shift() ?? null);
    return [...filled, ...waiting].filter((key) => key !== null);
  }
  const waiting = [...kept.slice(places).filter((key) => key !== null), ...newcomers];
  const first = Array.from(
    { length: places },
    (_, place) => kept[place] ?? waiting.shift() ?? null,
  );
  return [...first, ...waiting];
}

/** Both must have a place; else nothing changes. */
export function swapSeats(seats: Seats, one: number, other: number): Seats {
  const [a, b] = [seats[one], seats[other]];
  if (a === undefined || b === undefined) return seats;
  return seats.with(one, b).with(other, a);
}
