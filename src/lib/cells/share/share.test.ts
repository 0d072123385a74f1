import { describe, expect, test } from 'vitest';
import { fromFile, fromHtml, fromMarkdown, htmlNotebook, markdownNotebook, resultPage } from './files.ts';
import { linkOf, openLink } from './link.ts';
import type { Notebook } from './notebook.ts';

const notebook: Notebook = {
  title: 'Köpfe & <Ohren> 注意力',
  cells: ["const a = tensor('probs')", 'a\n  .mean()\n\n// </script> stays', 'html`<b>${1}</b>`', ''],
};

describe('a link', () => {
  test('opens the notebook it was made of', async () => {
    const link = await linkOf(notebook);
    expect(link).toMatch(/^n=1\.[\w-]+$/);
    expect(await openLink(`#${link}`)).toEqual({ is: 'notebook', notebook });
  });
  test('that was cut, changed or made by a newer site is said, never thrown', async () => {
    const link = await linkOf(notebook);
    expect(await openLink(link.slice(0, link.length / 2))).toEqual({ is: 'broken' });
    expect(await openLink(link.replace('n=1.', 'n=1.AAAA'))).toEqual({ is: 'broken' });
    expect(await openLink(link.replace('n=1.', 'n=2.'))).toEqual({ is: 'newer', version: 2 });
    expect(await openLink('#n=')).toEqual({ is: 'broken' });
    expect(await openLink('#credits')).toEqual({ is: 'none' });
    expect(await openLink('')).toEqual({ is: 'none' });
    const foreign = await linkOf({ title: 'x', cells: [3 as unknown as string] });
    expect(await openLink(foreign)).toEqual({ is: 'broken' });
  });
});

describe('files', () => {
  test('Notebook Kit’s HTML gives the notebook back', () => {
    const text = htmlNotebook(notebook);
    expect(text).toContain('<title>Köpfe &amp; &lt;Ohren&gt; 注意力</title>');
    expect(text).toContain('  <script id="2" type="module" pinned="">\n    a\n      .mean()\n');
    expect(fromHtml(text)).toEqual({ notebook, cut: false });
  });
  test('a file of Notebook Kit’s own opens, its words as a cell that shows them', () => {
    const text = `<!doctype html>
<notebook theme="air">
  <title>Untitled</title>
  <script id="1" type="text/markdown">
    # Hello

    a \`tick\` and \${1}
  </script>
  <script id="3" type="module" pinned="">
    1 + 2
  </script>
</notebook>`;
    expect(fromFile(text)?.notebook.cells).toEqual([
      'html`<h2>Hello</h2>\n<p>a \\`tick\\` and \\${1}</p>`',
      '1 + 2',
    ]);
  });
  test('Markdown gives the notebook back', () => {
    const { cells } = notebook;
    expect(fromMarkdown(markdownNotebook(notebook))).toEqual({
      notebook: { ...notebook, cells },
      cut: false,
    });
    const fenced = { title: 'x', cells: ['`\n```js\n1\n```\n`'] };
    expect(fromFile(markdownNotebook(fenced))?.notebook).toEqual(fenced);
  });
  test('what is whole of a file cut in half is kept, and it is said', () => {
    const text = htmlNotebook(notebook);
    const half = fromFile(text.slice(0, text.indexOf('.mean()')));
    expect(half).toEqual({ notebook: { title: notebook.title, cells: [notebook.cells[0]] }, cut: true });
    const words = markdownNotebook(notebook);
    expect(fromFile(words.slice(0, words.indexOf('.mean()')))).toMatchObject({ cut: true });
    expect(fromFile('Dear reader')).toBeUndefined();
    expect(fromFile('')).toBeUndefined();
  });
  test('a page of results holds code and results and no script', () => {
    const page = resultPage({ ...notebook, results: ['<svg></svg>'], lang: 'en' });
    expect(page).toContain('<svg></svg>');
    expect(page).toContain('// &lt;/script&gt; stays');
    expect(page).not.toContain('<script');
  });
});
