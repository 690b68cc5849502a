/** How wide a character is and whether it belongs to the one before; xterm's `IUnicodeVersionProvider`. */
export interface CharacterRules {
  readonly version: string;
  wcwidth(codepoint: number): 0 | 1 | 2;
  charProperties(codepoint: number, preceding: number): number;
}

/** The part of a terminal that takes rules. */
export interface RuledScreen {
  readonly unicode: { register(rules: CharacterRules): void; activeVersion: string };
}

/** @xterm/addon-unicode-graphemes, which has its rules nowhere but in what it registers. */
export interface GraphemesAddon {
  activate(terminal: RuledScreen): void;
}

/** After so many in a row nothing joins any more: the Stream-Safe Text Format of Unicode (UAX 15) has no more than thirty. */
const JOINED_MAX = 30;

// What xterm packs into the properties of a character, from its src/common/services/UnicodeService.ts.
const IS_JOINED = 1;
/** Joined or not, width, and the kind of character, of which the rules look at four bits. */
const OWN_BITS = 7;
const OWN = (1 << OWN_BITS) - 1;

/**
 * The rules of the addon, but that a cell takes in no more than a few characters: a program that prints marks without end
 * would fill one cell with all of them.
 *
 * How many were joined so far is kept in the bits of the properties that the rules leave alone, so that a terminal goes on alike
 * wherever its output is cut.
 */
export function boundedRules(addon: GraphemesAddon): CharacterRules {
  const rules = graphemeRules(addon);
  return {
    version: `${rules.version}-bounded`,
    wcwidth: (codepoint) => rules.wcwidth(codepoint),
    charProperties: (codepoint, preceding) => {
      const joined = preceding >>> OWN_BITS;
      const before = joined < JOINED_MAX ? preceding & OWN : 0;
      const own = rules.charProperties(codepoint, before) & OWN;
      return own & IS_JOINED ? own | ((joined + 1) << OWN_BITS) : own;
    },
  };
}

/** Whether `next` printed right after `text` would become part of its last character. */
export function joinsTo(
  rules: Pick<CharacterRules, "charProperties">,
  text: string,
  next: string,
): boolean {
  let properties = 0;
  for (const character of text) {
    properties = rules.charProperties(character.codePointAt(0) ?? 0, properties);
  }
  return (rules.charProperties(next.codePointAt(0) ?? 0, properties) & IS_JOINED) !== 0;
}

function graphemeRules(addon: GraphemesAddon): CharacterRules {
  const found: CharacterRules[] = [];
  addon.activate({
    unicode: { register: (rules: CharacterRules) => found.push(rules), activeVersion: "6" },
  });
  const rules = found.find(({ version }) => version.endsWith("graphemes"));
  if (!rules)
    throw new Error("@xterm/addon-unicode-graphemes has registered no rules for graphemes");
  return rules;
}
