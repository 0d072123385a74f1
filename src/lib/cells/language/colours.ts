import * as acorn from 'acorn';

/** What a piece of code is, as far as it has a colour of its own. */
export type PieceKind = 'keyword' | 'text' | 'number' | 'name' | 'comment';
export interface Piece {
  readonly text: string;
  readonly kind?: PieceKind;
}

/** Words that are keywords where they stand, though the language lets them be names. */
const WORDS = new Set(['async', 'await', 'let', 'of', 'static']);
const VALUES: readonly acorn.TokenType[] = [
  acorn.tokTypes._null,
  acorn.tokTypes._true,
  acorn.tokTypes._false,
  acorn.tokTypes.num,
];
const TEXTS: readonly acorn.TokenType[] = [
  acorn.tokTypes.string,
  acorn.tokTypes.template,
  acorn.tokTypes.invalidTemplate,
  acorn.tokTypes.backQuote,
  acorn.tokTypes.regexp,
];

/**
 * The lines of a cell's code in coloured pieces, as the editor colours them: shown until the editor is there. Code that
 * is not JavaScript yet is coloured as far as it is.
 */
export function colouredLines(code: string): Piece[][] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, kind } of coloured(code)) {
    if (start < at || end <= start) continue;
    if (start > at) pieces.push({ text: code.slice(at, start) });
    pieces.push({ text: code.slice(start, end), kind });
    at = end;
  }
  if (at < code.length) pieces.push({ text: code.slice(at) });
  const lines: Piece[][] = [[]];
  for (const { text, ...kind } of pieces)
    text.split('\n').forEach((line, i) => {
      if (i > 0) lines.push([]);
      if (line) lines.at(-1)?.push({ text: line, ...kind });
    });
  return lines;
}

/** A piece that has a colour, by its place in the code. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly kind: PieceKind;
}

/** The coloured pieces of a code, in their order. Behind what is not JavaScript it goes on with the next line. */
export function coloured(code: string): Mark[] {
  const marks: Mark[] = [];
  for (let from = 0; from < code.length;) {
    const wrong = tokens(code.slice(from), ({ start, end, kind }) =>
      marks.push({ start: from + start, end: from + end, kind }),
    );
    const line = wrong === undefined ? -1 : code.indexOf('\n', from + wrong);
    from = line < 0 ? code.length : line + 1;
  }
  return marks.sort((a, b) => a.start - b.start);
}

/** @returns where it ceases to be JavaScript; undefined: nowhere */
function tokens(code: string, mark: (of: Mark) => void): number | undefined {
  const all: acorn.Token[] = [];
  const onComment = (_block: boolean, _text: string, start: number, end: number) =>
    mark({ start, end, kind: 'comment' });
  let wrong: number | undefined;
  try {
    for (const token of acorn.tokenizer(code, { ecmaVersion: 'latest', onComment })) all.push(token);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    wrong = (error as SyntaxError & { pos?: number }).pos ?? 0;
  }
  all.forEach(({ type, start, end }, i) => {
    const kind = kindOf(type, code.slice(start, end), all[i - 1], all[i + 1]);
    if (kind) mark({ start, end, kind });
  });
  return wrong;
}

function kindOf(
  type: acorn.TokenType,
  text: string,
  before: acorn.Token | undefined,
  after: acorn.Token | undefined,
): PieceKind | undefined {
  if (VALUES.includes(type)) return 'number';
  if (TEXTS.includes(type)) return 'text';
  const member = before?.type === acorn.tokTypes.dot || before?.type === acorn.tokTypes.questionDot;
  if (member) return undefined;
  if (type.keyword !== undefined) return type === acorn.tokTypes._this ? undefined : 'keyword';
  if (type !== acorn.tokTypes.name) return undefined;
  if (WORDS.has(text) && after?.type !== acorn.tokTypes.parenL) return 'keyword';
  const declared =
    before?.type.keyword !== undefined && /^(const|var|function|class)$/.test(before.type.keyword);
  const called = after?.type === acorn.tokTypes.parenL;
  return declared || called ? 'name' : undefined;
}
