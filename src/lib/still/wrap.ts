/** A Chinese character with the marks that may not begin a line, a word with its spaces, or spaces. */
const PARTS =
  /\p{Script=Han}[\u3000-\u303f\uff00-\uffef]*|[\u3000-\u303f\uff00-\uffef]+|[^\s\p{Script=Han}\u3000-\u303f\uff00-\uffef]+\s*|\s+/gu;

/**
 * Words in lines no wider than `most`, as `widthOf` measures them. Breaks at spaces and between Chinese characters; what
 * has neither (an address) breaks where it must.
 */
export function wrapped(text: string, most: number, widthOf: (text: string) => number): string[] {
  const parts = text.match(PARTS) ?? [];
  const lines: string[] = [];
  let line = '';
  const put = (part: string) => {
    if (line === '' || widthOf((line + part).trimEnd()) <= most) line += part;
    else {
      lines.push(line.trimEnd());
      line = part;
    }
  };
  for (const part of parts)
    if (widthOf(part.trimEnd()) <= most) put(part);
    else for (const character of part) put(character);
  return [...lines, line.trimEnd()].filter(Boolean);
}
