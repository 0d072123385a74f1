import type { Caption } from './figure-file.ts';
import type { Frozen } from './freeze.ts';
import { inlineStill } from './inline.ts';
import { trim } from './trim.ts';

/** Pixels (at 96 an inch) that a figure may be wide and high on paper: A4 and Letter, less margins and caption. */
const PAPER = { width: 660, height: 800 } as const;

const STYLE = ':host { display: block } .still { border-radius: 10px }';
const CAPTION = 'margin-top:6px;font:450 9.5pt/1.4 var(--sans);color:var(--ink-2);overflow-wrap:anywhere';

/** A figure on paper. */
export interface PrintFigure {
  readonly element: HTMLElement;
  /** The line that says whose picture it shows: once is enough where figures follow each other. */
  readonly credit: HTMLElement | undefined;
}

/**
 * A frozen element as a figure on paper, as large as there is room. It lies in a shadow tree: no style sheet of the page
 * reaches it, least of all the rules for narrow windows, which paper is taken for.
 * @param beside where the element stood that was frozen
 */
export function printFigure(
  frozen: Frozen,
  beside: HTMLElement,
  { lines, credit }: Pick<Caption, 'lines' | 'credit'>,
): PrintFigure {
  const still = frozen.measured(beside, inlineStill);
  const element = document.createElement('figure');
  const host = document.createElement('div');
  const inside = host.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  const paper = document.createElement('div');
  paper.className = 'still';
  paper.append(still);
  style.textContent = STYLE;
  inside.append(style, paper);
  const caption = document.createElement('figcaption');
  caption.style.cssText = CAPTION;
  const add = (text: string) => {
    const line = document.createElement('div');
    line.textContent = text;
    caption.append(line);
    return line;
  };
  lines.forEach(add);
  const last = credit === undefined ? undefined : add(credit);
  element.append(host, caption);
  element.style.cssText = 'position:absolute;left:-99999px;top:0;width:max-content';
  document.body.append(element);
  const { width, height } = trim(still);
  element.remove();
  element.style.cssText = 'margin:6px 0 14px';
  paper.style.zoom = String(Math.min(1, PAPER.width / width, PAPER.height / height));
  return { element, credit: last };
}
