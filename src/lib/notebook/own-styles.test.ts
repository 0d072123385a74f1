import { expect, it } from 'vitest';
import { foreignStyles, stylesOf, withoutStyles } from '../../../plugins/own-styles.js';

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
});

it('keeps what the lesson or the site has, and names what only others have', () => {
  expect([...foreignStyles(manifest, '01-a')].sort()).toEqual(['a/Stage.2.css', 'a/quiz.css']);
  expect([...foreignStyles(manifest, '02-b')]).toEqual(['a/Stage.1.css']);
});

it('takes the links of these sheets out of a page, and no other', () => {
  const html = ['5', 'Stage.1', 'Stage.2']
    .map((name) => `    <link href="../../a/${name}.css" rel="stylesheet">\n`)
    .join('');
  const left = withoutStyles(`${html}    <link rel="icon" href="x">`, foreignStyles(manifest, '01-a'));
  expect(left).toBe(
    '    <link href="../../a/5.css" rel="stylesheet">\n    <link href="../../a/Stage.1.css" rel="stylesheet">\n    <link rel="icon" href="x">',
  );
});
