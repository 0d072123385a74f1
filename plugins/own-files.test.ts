import { expect, it } from 'vitest';
import {
  beginningOf,
  lateStyles,
  scriptsOf,
  stylesOf,
  withLinks,
  withOwnFiles,
  withoutStyles,
} from './own-files.js';

const manifest = {
  '.svelte-kit/generated/client-optimized/nodes/5.js': { file: '5.js', css: ['a/5.css'], imports: ['_s.js'] },
  '_s.js': { file: 's.js', css: ['a/shared.css'] },
  '_fig.js': { file: 'fig.js', css: ['a/fig.css'] },
  'lessons/01-a/Stage.svelte': { file: '1.js', css: ['a/Stage.1.css'], imports: ['_s.js', '_fig.js'] },
  'lessons/02-b/Stage.svelte': { file: '2.js', css: ['a/Stage.2.css'], imports: ['_s.js', '_fig.js'] },
  'lessons/02-b/en.md': { file: 'en.js', imports: ['lessons/02-b/Stage.svelte', '_quiz.js'] },
  '_quiz.js': { file: 'quiz.js', css: ['a/quiz.css'], imports: ['_fig.js'] },
};

it('follows static imports, once each', () => {
  expect([...stylesOf(manifest, ['lessons/02-b/en.md'])].sort()).toEqual([
    'a/Stage.2.css',
    'a/fig.css',
    'a/quiz.css',
    'a/shared.css',
  ]);
  expect([...scriptsOf(manifest, ['lessons/02-b/en.md'])]).toEqual([
    'en.js',
    '2.js',
    's.js',
    'fig.js',
    'quiz.js',
  ]);
});

it('keeps what a page begins with or the site has, and names what comes later', () => {
  const late = { ...manifest, 'src/Late.svelte': { file: 'late.js', css: ['a/late.css'] } };
  expect([...lateStyles(late, ['lessons/01-a/Stage.svelte'])].sort()).toEqual([
    'a/Stage.2.css',
    'a/late.css',
    'a/quiz.css',
  ]);
  expect([...lateStyles(late, ['lessons/02-b/en.md'])].sort()).toEqual(['a/Stage.1.css', 'a/late.css']);
});

it('counts a chunk of several modules of a lesson as the lesson’s', () => {
  const grouped = {
    ...manifest,
    '_x.js': { file: 'x.js', name: 'lesson-01-a', css: ['a/own.css'], imports: ['_fig.js'] },
    '_y.js': { file: 'y.js', name: 'declared-01-a' },
    'lessons/01-a/zh.md': { file: 'zh.js' },
    'lessons/01-a/en.md': { file: 'en.1.js' },
    'lessons/01-a/panels/Late.svelte': { file: 'late.js' },
  };
  expect(lateStyles(grouped, beginningOf(grouped, '02-b', 'en'))).toContain('a/own.css');
  expect(lateStyles(grouped, beginningOf(grouped, '01-a', 'en'))).not.toContain('a/own.css');
  expect(beginningOf(grouped, '01-a', 'zh').sort()).toEqual(['_x.js', '_y.js', 'lessons/01-a/zh.md']);
});

it('takes the links of these sheets out of a page, and no other', () => {
  const html = ['5', 'Stage.1', 'Stage.2']
    .map((name) => `    <link href="../../a/${name}.css" rel="stylesheet">\n`)
    .join('');
  const left = withoutStyles(
    `${html}    <link rel="icon" href="x">`,
    lateStyles(manifest, ['lessons/01-a/Stage.svelte']),
  );
  expect(left).toBe(
    '    <link href="../../a/5.css" rel="stylesheet">\n    <link href="../../a/Stage.1.css" rel="stylesheet">\n    <link rel="icon" href="x">',
  );
});

it('adds links after those of the same kind, each once, at the page’s own way to the root', () => {
  const html =
    '\t<link href="../_app/a.js" rel="modulepreload">\n\t<link href="../_app/b.js" rel="modulepreload">\n<p>';
  expect(withLinks(html, ['_app/b.js', '_app/c.js'], 'modulepreload')).toBe(
    '\t<link href="../_app/a.js" rel="modulepreload">\n\t<link href="../_app/b.js" rel="modulepreload">\n\t<link href="../_app/c.js" rel="modulepreload">\n<p>',
  );
  expect(withLinks('<p>', ['_app/c.js'], 'modulepreload')).toBe('<p>');
});

it('links what the entries of a page import, where they were passed over, and what its lesson begins with', () => {
  const site = {
    'nodes/8.js': { file: '_app/8.js', imports: ['_i.js'] },
    '_i.js': { file: '_app/i.js', css: ['_app/i.css'] },
    'lessons/01-a/en.md': { file: '_app/en.js', css: ['_app/en.css'] },
    'lessons/02-b/en.md': { file: '_app/en2.js', css: ['_app/en2.css'] },
  };
  const html =
    '<link href="../_app/8.js" rel="modulepreload">\n<link href="../_app/0.css" rel="stylesheet">\n<link href="../_app/en2.css" rel="stylesheet">\n';
  const page = withOwnFiles(site, html, undefined);
  expect(page).toContain('<link href="../_app/i.js" rel="modulepreload">');
  expect(page).toContain('<link href="../_app/i.css" rel="stylesheet">');
  expect(page).not.toContain('_app/en.js');
  const lesson = withOwnFiles(site, html, { lang: 'en', slug: '01-a' });
  expect(lesson).toContain('<link href="../_app/en.js" rel="modulepreload">');
  expect(lesson).toContain('<link href="../_app/en.css" rel="stylesheet">');
  expect(lesson).not.toContain('en2.css');
});
