import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { coloursOf, contrast, mix, rgb, type Colour } from './contrast.ts';

/** A rule of a style sheet: one selector, and what is declared for it. */
interface Rule {
  readonly selector: string;
  readonly body: string;
}

/** The rules of a style sheet, those inside of `@media` and the like among them, key frames left out. */
function rulesOf(css: string): Rule[] {
  const rules: Rule[] = [];
  const open: { head: string; body: string }[] = [];
  let text = '';
  for (const c of css.replace(/\/\*[\s\S]*?\*\//g, '')) {
    if (c === '{') {
      const declared = text.slice(0, text.lastIndexOf(';') + 1);
      const outer = open.at(-1);
      if (outer) outer.body += declared;
      open.push({ head: text.slice(declared.length).trim(), body: '' });
      text = '';
    } else if (c === '}') {
      const { head, body } = open.pop()!;
      if (!head.startsWith('@') && !open.some((o) => o.head.startsWith('@keyframes')))
        for (const selector of head.split(/,(?![^(]*\))/))
          rules.push({ selector: selector.trim(), body: body + text });
      text = '';
    } else text += c;
  }
  return rules;
}

/** Style sheets of the site by their path. */
const SHEETS = ['src', 'lessons']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)))
  .filter((path) => /\.(svelte|css)$/.test(path))
  .map((path) => {
    const source = readFileSync(path, 'utf8');
    return [
      path,
      path.endsWith('.css') ? source : (/<style[^>]*>([\s\S]*)<\/style>/.exec(source)?.[1] ?? ''),
    ] as const;
  });

/** Rules that let something be seen through, neither whole nor not at all. */
const SEEN_THROUGH = SHEETS.flatMap(([path, css]) =>
  rulesOf(css)
    .map(({ selector, body }) => ({
      path,
      selector,
      opacity: /(?:^|[\s;])opacity:\s*([^;]+)/.exec(body)?.[1]?.trim(),
    }))
    .filter(({ opacity }) => opacity !== undefined && !/^(?:0|1|inherit)(?:\s*!important)?$/.test(opacity)),
);

/** What is drawn and holds no words, and controls that are out of use, of which no contrast is asked (WCAG 2.2, 1.4.3). */
const subject = (selector: string) => selector.split(/[\s>+~]+(?![^(]*\))/).at(-1)!;
const wordless = (selector: string) =>
  /^(?:canvas|img|video|rect|path|circle|line|i)(?![\w-])/.test(subject(selector)) ||
  /:disabled|\.disabled/.test(selector);

/** Others that may, and why. */
const KEPT: Readonly<Record<string, string>> = {
  'src/lib/diffusion/session/RangeBar.svelte .bar': 'a bar without words',
  'src/lib/figures/BlockDiagram.svelte .bar': 'a bar without words',
  'src/lib/inspector/GraphPane.svelte .arrow': 'a line without words',
  'src/lib/ui/Segmented.svelte label.off': 'a choice out of use',
  'src/lib/whole/Tip.svelte .index': 'paper on ink, of which enough is left: below',
};

it('no words are dimmed: what waits for an answer loses its colours', () => {
  expect(SEEN_THROUGH.length).toBeGreaterThan(20);
  const left = SEEN_THROUGH.filter(({ selector }) => !wordless(selector)).map(
    ({ path, selector }) => `${path} ${selector}`,
  );
  expect(left.sort()).toEqual(Object.keys(KEPT).sort());
});

const tokens = readFileSync('src/lib/ui/tokens.css', 'utf8');

/** What `filter: grayscale(1)` makes of a colour (Filter Effects 1, 8.1): its luminance of the coded channels. */
const grey = ([r, g, b]: Colour): Colour => {
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return [y, y, y];
};

it.each(['light', 'dark'] as const)('words without their colours can be read, %s', (theme) => {
  expect(/--not-yet: ([^;]+);/.exec(tokens)?.[1]).toBe('grayscale(1)');
  const colours = coloursOf(tokens, theme);
  const inks = [...colours.keys()].filter((name) => /^(ink|ink-2|accent|good|bad|dim-.+)$/.test(name));
  expect(inks.length).toBeGreaterThan(10);
  const of = (name: string) => grey(rgb(colours.get(name)!));
  for (const ink of inks)
    for (const ground of ['paper', 'panel', 'accent-soft'])
      expect(contrast(of(ink), of(ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
});

it.each(['light', 'dark'] as const)('what is paler than ink can be read, %s', (theme) => {
  const colours = coloursOf(tokens, theme);
  const of = (name: string) => rgb(colours.get(name)!);
  const index = SEEN_THROUGH.find(({ path }) => path.endsWith('Tip.svelte'))!;
  expect(contrast(mix(of('paper'), of('ink'), Number(index.opacity)), of('ink'))).toBeGreaterThanOrEqual(4.5);
  const step = readFileSync('src/lib/notebook/Step.svelte', 'utf8');
  const share = Number(/color-mix\(in srgb, var\(--ink\) (\d+)%, var\(--paper\)\)/.exec(step)![1]) / 100;
  expect(contrast(mix(of('ink'), of('paper'), share), of('paper'))).toBeGreaterThanOrEqual(4.5);
});
