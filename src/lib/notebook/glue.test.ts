import katex from 'katex';
import { compile } from 'mdsvex';
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { glue, keepBackslashes, keepParagraphs } from '../../../plugins/glue.js';

it('ties a term or a citation to the punctuation behind it, and leaves everything else', () => {
  expect(glue('as <Cite id="a" /> <Cite id="b" />. Then')).toBe(
    'as <Cite id="a" /> <span class="glued"><Cite id="b" />.</span> Then',
  );
  expect(glue('这就是<Term id="block">块</Term>，也就是')).toBe(
    '这就是<span class="glued"><Term id="block">块</Term>，</span>也就是',
  );
  expect(glue('around <Formula tex={\'x\'} display={false} text="x" />. It')).toBe(
    'around <span class="glued"><Formula tex={\'x\'} display={false} text="x" />.</span> It',
  );
  expect(glue('<Formula tex={\'x\'} text="x" />.')).toBe('<Formula tex={\'x\'} text="x" />.');
  const plain = '<Term id="block">块</Term>（block）里 <Num of="T" />, <Cite id="a" /> and';
  expect(glue(plain)).toBe(plain);
});

/** What a string of the source says once JavaScript has read it. */
const read = (source: string) => source.replace(/\\(x5c|.)/g, (_, c: string) => (c === 'x5c' ? '\\' : c));
const formulasOf = (text: string) =>
  [...text.matchAll(/<Formula\s+tex=\{'([^']*)'\}/g)].map((match) => read(match[1] ?? ''));

it('sets every formula of every lesson as it is written, in the line or on a line of its own', async () => {
  const texts = readdirSync('lessons').flatMap((slug) => [`lessons/${slug}/en.md`, `lessons/${slug}/zh.md`]);
  const written = texts
    .flatMap((file) => readFileSync(file, 'utf8').split('\n\n'))
    .filter((part) => part.includes('<Formula'))
    .join('\n\n');
  const wanted = formulasOf(written);
  expect(wanted.length).toBeGreaterThan(80);
  const made = async (text: string) => formulasOf((await compile(text, { smartypants: false }))?.code ?? '');
  expect(await made(keepBackslashes(glue(written)))).toEqual(wanted);
  // Without it Markdown takes them away.
  expect(await made(glue(written))).not.toEqual(wanted);
  for (const source of wanted) katex.renderToString(source, { throwOnError: true });
});

it('leaves a paragraph one that begins with a setting, a term or a formula', async () => {
  const begins = [
    '<Setting set={{ p: 8 }}>Set it to 8</Setting>, then wait.',
    '<Term id="block">A block</Term>. It comes first.',
    '<Formula tex={TAU} display={false} text="tau" /> is the temperature.',
    '<Num of="N" /> tokens.',
  ];
  const whole = await compile(keepParagraphs(glue(begins.join('\n\n'))), { smartypants: false });
  expect(whole?.code.match(/<p>/g)).toHaveLength(begins.length);
  const formula = '<Formula tex={TAU} text="tau" />\n\n<Box kind="try">\n\nDrag it.\n\n</Box>';
  expect(keepParagraphs(formula)).toBe(formula);
});
