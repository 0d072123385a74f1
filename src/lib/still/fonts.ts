/** A stretch of text in one typeface. */
export interface Written {
  /** As `font-family` has it. */
  readonly families: string;
  readonly text: string;
}

/** One file of a typeface, as a style sheet declares it. */
export interface Face {
  readonly family: string;
  /** As `unicode-range` has it; empty: every character. */
  readonly range: string;
  /** Address of the file; undefined for a face of the reader's system that a style sheet gives a name. */
  readonly url: string | undefined;
  /** The whole rule, with the file's address in it as `written`. */
  readonly rule: string;
  readonly written: string;
}

const unquoted = (family: string): string => family.trim().replace(/^(['"])(.*)\1$/, '$2');

/** The names in a `font-family`. */
export const familiesOf = (list: string): string[] =>
  (list.match(/\s*(?:"[^"]*"|'[^']*'|[^,]+)/g) ?? []).map(unquoted);

/** Whether a character is in a `unicode-range` such as `U+0-7F, U+2212`. */
export function inRange(range: string, code: number): boolean {
  if (range.trim() === '') return true;
  return range.split(',').some((part) => {
    const hex = part.trim().replace(/^U\+/i, '');
    const [from, to = from] = hex.includes('?')
      ? [hex.replaceAll('?', '0'), hex.replaceAll('?', 'F')]
      : hex.split('-');
    return code >= parseInt(from!, 16) && code <= parseInt(to!, 16);
  });
}

/**
 * The faces that a text needs: of each character the first of its families that has it. What no face has is the
 * system's, and stays so.
 */
export function facesFor(written: readonly Written[], faces: readonly Face[]): Face[] {
  const characters = new Map<string, Set<number>>();
  for (const { families, text } of written) {
    const codes = characters.get(families) ?? new Set<number>();
    for (const character of text) codes.add(character.codePointAt(0)!);
    characters.set(families, codes);
  }
  const needed = new Set<Face>();
  for (const [families, codes] of characters) {
    // What has no file is said again where it is named: an unknown name is another typeface on some systems.
    for (const family of familiesOf(families))
      faces
        .filter((face) => face.family === family && face.url === undefined)
        .forEach((face) => needed.add(face));
    for (const code of codes)
      for (const family of familiesOf(families)) {
        const having = faces.filter((face) => face.family === family && inRange(face.range, code));
        having.forEach((face) => needed.add(face));
        if (having.length) break;
      }
  }
  return faces.filter((face) => needed.has(face));
}

/** Every face that the page's style sheets declare with a file of their own site. */
export function facesOf(sheets: Iterable<CSSStyleSheet>): Face[] {
  const found: Face[] = [];
  const read = (rules: CSSRuleList, base: string) => {
    for (const rule of rules) {
      if (rule instanceof CSSFontFaceRule) {
        const written = /url\(\s*(["']?)(.*?)\1\s*\)/.exec(rule.style.getPropertyValue('src'))?.[2];
        found.push({
          family: unquoted(rule.style.getPropertyValue('font-family')),
          range: rule.style.getPropertyValue('unicode-range'),
          url: written === undefined ? undefined : new URL(written, base).href,
          rule: rule.cssText,
          written: written ?? '',
        });
      } else if (rule instanceof CSSGroupingRule) read(rule.cssRules, base);
      else if (rule instanceof CSSImportRule && rule.styleSheet)
        read(rule.styleSheet.cssRules, rule.styleSheet.href ?? base);
    }
  };
  for (const sheet of sheets) {
    try {
      read(sheet.cssRules, sheet.href ?? document.baseURI);
    } catch {
      // A style sheet of a browser's extension may not be read; it has none of our typefaces.
    }
  }
  return found;
}

/** What is written in an element that stands in the document, with the typeface of each stretch. */
export function writtenIn(root: Element): Written[] {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found: Written[] = [];
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    const parent = node.parentElement;
    if (parent && node.data.trim() !== '')
      found.push({ families: getComputedStyle(parent).fontFamily, text: node.data });
  }
  return found;
}

/** A file of this site as an address that holds it. */
export async function dataUrl(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  const blob = await response.blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error(url));
    reader.readAsDataURL(blob);
  });
}

/** The `@font-face` rules that a text needs, with the files in them. A file that does not come is left to the system. */
export async function fontRules(root: Element): Promise<string> {
  const faces = facesFor(writtenIn(root), facesOf(document.styleSheets));
  const rules = await Promise.all(
    faces.map(async ({ rule, written, url }) => {
      if (url === undefined) return rule;
      const data = await dataUrl(url).catch(() => undefined);
      return data ? rule.replace(written, data) : '';
    }),
  );
  return rules.join('\n');
}
