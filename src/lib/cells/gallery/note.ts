import type { Say } from '#lib/notebook/worked.ts';

/** A text cell: a heading and a paragraph, as the template of a cell makes them. */
export const note = (title: string, text: string): string => `html\`<h2>${title}</h2>\n<p>${text}</p>\``;

/** The last cell of a notebook: what to change in it, and, folded, what is then to be seen and why. */
export const change = (say: Say, what: string, outcome: string): string =>
  `html\`<h2>${say('Change it', '改一改')}</h2>
<p>${what}</p>
<details><summary>${say('What is then to be seen', '会看到什么')}</summary><p>${outcome}</p></details>\``;
