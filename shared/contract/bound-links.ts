interface Link {
  readonly id?: string | undefined;
  readonly uri: string;
}

/** The part of an xterm 6.0.0 terminal that knows where the links of its cells lead. */
export interface LinkedScreen {
  readonly _oscLinkService: {
    registerLink(link: Link): number;
    addLineToLink(link: number, line: number): void;
    getLinkData(link: number): Link | undefined;
  };
}

/** As in VTE, whose terminals have followed links for longest. */
const ADDRESS_MAX = 2083;
const ID_MAX = 250;
/** Four for each line that is kept above a screen. */
const LINKS_MAX = 20_000;
const CHARACTERS_MAX = 4_000_000;

/**
 * Keeps the newest links of a screen, and none that is too long. xterm itself follows the lines of each link, so that it can forget
 * one with its last line: a listing in which every name is a link is 40 times as slow to print, and each costs 2 KB.
 */
export function boundLinks({ _oscLinkService: links }: LinkedScreen): void {
  const kept = new Map<number, Link>();
  const named = new Map<string, number>();
  let last = 0;
  let characters = 0;

  const forgetOldest = () => {
    for (const [number, link] of kept) {
      if (kept.size <= LINKS_MAX && characters <= CHARACTERS_MAX) return;
      kept.delete(number);
      characters -= lengthOf(link);
      const name = nameOf(link);
      if (name !== null && named.get(name) === number) named.delete(name);
    }
  };
  links.registerLink = (link) => {
    if (link.uri.length > ADDRESS_MAX || (link.id?.length ?? 0) > ID_MAX) return 0;
    const name = nameOf(link);
    const known = name === null ? undefined : named.get(name);
    if (known !== undefined) return known;
    const number = ++last;
    kept.set(number, link);
    if (name !== null) named.set(name, number);
    characters += lengthOf(link);
    forgetOldest();
    return number;
  };
  links.addLineToLink = () => {};
  links.getLinkData = (number) => kept.get(number);
}

function lengthOf({ id, uri }: Link): number {
  return uri.length + (id?.length ?? 0);
}

/** Links of one name are one link, wherever they stand; one without a name is always another. */
function nameOf({ id, uri }: Link): string | null {
  return id === undefined ? null : `${id};${uri}`;
}
