/*
 * From any text to pieces: what the tokenizer merges inside of, and never across. The same as
 * training/data/text/pieces.py, by which models are trained; training/tests/golden/tokens.json holds both to one answer.
 */

/** Blanks that separate words; any other blank of Unicode is an ordinary character, or NFKC has made it one of these. */
const BLANKS = ' \t\n\v\f\r';

/** What is written differently and means the same. */
const PLAIN: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
};

/** A Chinese character or a Chinese stop, which is a piece of its own: U+3000–303F, 3400–4DBF, 4E00–9FFF. */
export function isUnit(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return (
    (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0x3400 && code <= 0x4dbf) ||
    (code >= 0x4e00 && code <= 0x9fff)
  );
}

/** ASCII that is neither letter, digit nor blank: a piece of its own, too. */
const isMark = (char: string): boolean => /^[!-/:-@[-`{-~]$/.test(char);

/**
 * NFKC, lower case, plain quotes and dashes, and one blank between words. None stands at the ends or beside a Chinese
 * character. A lone half of a surrogate pair becomes U+FFFD.
 * @param most code points of the result at the most; what comes after them is left out
 */
export function normalise(text: string, most = Infinity): string {
  const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
  let out = '';
  let count = 0;
  let last = '';
  let blank = false;
  for (const written of whole.normalize('NFKC').toLowerCase()) {
    const char = PLAIN[written] ?? written;
    if (BLANKS.includes(char)) {
      blank = true;
      continue;
    }
    const apart = blank && last !== '' && !isUnit(char) && !isUnit(last);
    count += apart ? 2 : 1;
    if (count > most) break;
    out += apart ? ` ${char}` : char;
    blank = false;
    last = char;
  }
  return out;
}

/**
 * Pieces of a normalised text, in order: a unit, a mark, or a run of everything else, such as a word. A piece that
 * follows a blank, or begins the text, begins with a blank; a unit never does. So `goat` is the same piece wherever it
 * stands, and the pieces put together are the text.
 */
export function pieces(text: string): string[] {
  const found: string[] = [];
  /** At the text's beginning, or behind a blank. */
  let start = true;
  /** Whether the last piece can grow. */
  let word = false;
  for (const char of text) {
    if (char === ' ') {
      [start, word] = [true, false];
    } else if (isUnit(char)) {
      found.push(char);
      [start, word] = [false, false];
    } else if (!isMark(char) && word) {
      found[found.length - 1] += char;
    } else {
      found.push(start ? ` ${char}` : char);
      [start, word] = [false, !isMark(char)];
    }
  }
  return found;
}
