import type { Row } from '../bench/table.ts';
import { markdown } from '../bench/table.ts';

export interface Circumstances {
  readonly card: string;
  readonly software: boolean;
  readonly machine: string;
  readonly versions: string;
  /** `2026-11-28` */
  readonly date: string;
}

export const TITLE = '# WebGPU on a card';

/** The table as a section of a document. */
export function report(facts: Circumstances, rows: readonly Row[]): string {
  const lines = [
    `- Date: ${facts.date}`,
    `- Card: ${facts.card}${facts.software ? ' (a processor in a card’s place: the times say nothing)' : ''}`,
    `- Machine: ${facts.machine}`,
    `- Versions: ${facts.versions}`,
  ];
  return `${TITLE}\n\nFigures of one run of \`npm run gpu\`. Times are medians.\n\n${lines.join('\n')}\n\n${markdown(rows)}`;
}

/** Puts the section at the end of a document, in place of an older one. */
export function withSection(document: string, section: string): string {
  const at = document.indexOf(TITLE);
  const before = (at < 0 ? document : document.slice(0, at)).trimEnd();
  return `${before}\n\n${section.trimEnd()}\n`;
}

/** The section of a document, for who writes the rest of it anew; empty where there is none. */
export function sectionOf(document: string): string {
  const at = document.indexOf(TITLE);
  return at < 0 ? '' : document.slice(at).trimEnd();
}
