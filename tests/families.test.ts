import { readdirSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { familyIds } from '#lib/models/registry.ts';
import { isTest, scriptOf, sources, type Source } from './sources.ts';

/** The folders of `src/lib/models/` that hold one network each; `shared` holds what several of them use. */
const FOLDERS = readdirSync('src/lib/models', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => name);

/** The places for what a page falls back on: the first model with its family, and what lessons compare it with. */
const DEFAULTS = ['src/lib/models/first-model.ts', 'src/lib/models/first-family.ts'];

/** Prose: what is said of a network there is said to a reader. */
const PROSE = [
  /^src\/lib\/cells\/gallery\//,
  /^src\/lib\/notebook\/bibliography\//,
  /^src\/lib\/notebook\/ablations\/AblationWords\.svelte$/,
];

/** The family whose folder a file lies in. */
const familyOf = (path: string) => FOLDERS.find((name) => path.startsWith(`src/lib/models/${name}/`));

/** Files that may know no family: all but tests, lessons, prose and the families' own. */
const bound = sources().filter(
  ({ path }) =>
    !isTest(path) &&
    !path.startsWith('lessons/') &&
    !path.endsWith('.md') &&
    !DEFAULTS.includes(path) &&
    familyOf(path) === undefined,
);

/** Names as the papers spell them, where that is neither lower case nor one capital. */
const PUBLISHED: Readonly<Record<string, string>> = {
  vit: 'ViT',
  uvit: 'UViT',
  dit: 'DiT',
  mae: 'MAE',
  unet: 'UNet',
  cnn: 'CNN',
};

/**
 * Names that are words of the language and of browsers, too (to clip a value, `clip-path`): a family is meant where a
 * literal is or begins with the id (marked by `wordsOf` with a quote), where an identifier has it as one of several
 * parts, and where it is spelled as in the paper.
 */
const ORDINARY: Readonly<Record<string, readonly RegExp[]>> = {
  autoencoder: [
    /"autoencoder(?:"|-)/,
    /\/autoencoder\//,
    /(?<![A-Za-z])autoencoder(?=[A-Z])|(?<=[a-z])Autoencoder(?=[A-Z]|$)/,
  ],
  clip: [
    /"clip(?:"|-(?!path))/,
    /\/clip\//,
    /(?<![A-Za-z])clip(?=[A-Z])(?!Path)|(?<=[A-Za-z])Clip(?![a-z])|(?<![A-Z])CLIP(?![a-z])/,
  ],
};

/**
 * Where a text spells the name: alone (`vit`, `vit-b-16`, `ViT`), at the beginning of an identifier (`vitPresets`,
 * `VIT_DEFAULTS`), at the hump of one (`bindVit`, `isUVit`), or as the paper does (`ViTConfig`, `InferredViT`). `vite`,
 * `credits` and `condition` do not.
 */
function spells(text: string, name: string): boolean {
  if (ORDINARY[name]) return ORDINARY[name].some((form) => form.test(text));
  const hump = `${name[0]!.toUpperCase()}${name.slice(1)}`;
  const forms = [
    new RegExp(`(?<![a-z])${name}(?![a-z])`, 'i'),
    new RegExp(`(?<![A-Za-z])${name}(?![a-z])|(?<=[A-Za-z])${hump}(?![a-z])`),
    ...(PUBLISHED[name] ? [new RegExp(`(?<![A-Z])${PUBLISHED[name]}(?![a-z])`)] : []),
  ];
  return forms.some((form) => form.test(text));
}

/** Identifiers, strings and other literals of a script; comments are left out, they may cite a paper. */
function wordsOf(script: string): string[] {
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    const isWord =
      ts.isIdentifier(node) ||
      ts.isPrivateIdentifier(node) ||
      ts.isTemplateMiddleOrTemplateTail(node) ||
      ts.isRegularExpressionLiteral(node);
    if (isWord) words.push(node.text);
    if (ts.isStringLiteralLike(node)) words.push(`"${node.text}"`);
    if (ts.isTemplateHead(node)) words.push(`"${node.text}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', script, ts.ScriptTarget.Latest, true));
  return words;
}

/** Markup of a component without its scripts, styles and comments. */
const markupOf = (text: string) =>
  text.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '').replace(/<!--[\s\S]*?-->/g, '');

const wordsIn = ({ path, text }: Pick<Source, 'path' | 'text'>): string[] => [
  path,
  ...(path.endsWith('.svelte') ? [...wordsOf(scriptOf(text)), markupOf(text)] : wordsOf(text)),
];

/** What a file says of families: `path: word`. */
function said(file: Pick<Source, 'path' | 'text'>, names: readonly string[]): string[] {
  // Few files have such a word anywhere, comments among them; only those are taken apart.
  const text = `${file.path} ${file.text}`.replace(/['`]/g, '"');
  if (!names.some((name) => spells(text, name))) return [];
  return wordsIn(file)
    .filter((word) => names.some((name) => spells(word, name)))
    .map((word) => `${file.path}: ${word.trim().slice(0, 80)}`);
}

describe('a family is known by its folder alone', () => {
  test('folders and registry agree', () => {
    expect(FOLDERS).toEqual(expect.arrayContaining([...familyIds()]));
    expect(bound.length).toBeGreaterThan(250);
  });

  test('no other file names one', () => {
    const files = bound.filter(({ path }) => !PROSE.some((prose) => prose.test(path)));
    expect(files.flatMap((file) => said(file, FOLDERS))).toEqual([]);
  });

  test('what counts as prose does', () => {
    for (const prose of PROSE) {
      const files = bound.filter(({ path }) => prose.test(path));
      expect(
        files.flatMap((file) => said(file, FOLDERS)),
        String(prose),
      ).not.toEqual([]);
    }
  });

  test('no other file imports from its folder, and no family from another', () => {
    const known = sources().filter(
      ({ path }) => !isTest(path) && !path.startsWith('lessons/') && !DEFAULTS.includes(path),
    );
    const wrong = known.flatMap(({ path, imports }) =>
      imports
        .filter(({ file, glob }) => file && !glob && familyOf(file) && familyOf(file) !== familyOf(path))
        .map(({ file }) => `${path} → ${file}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the rule tells a name from a word', () => {
    for (const word of [
      'vit',
      'vit-b-16',
      'ViT',
      'vitPresets',
      'VIT_DEFAULTS',
      'bindVit',
      'isUVit',
      'ViTConfig',
      'InferredViT',
      './vit/x.ts',
    ])
      expect(spells(word, 'vit'), word).toBe(true);
    for (const word of ['vite', 'Vite', 'invite', 'activity', 'dosovitskiy2021', 'VITE_X'])
      expect(spells(word, 'vit'), word).toBe(false);
    for (const word of [
      '"clip"',
      '"clip-b-16',
      'clipPresets',
      'bindClip',
      'CLIPConfig',
      'A CLIP',
      './clip/x.ts',
    ])
      expect(spells(word, 'clip'), word).toBe(true);
    for (const word of ['clip', 'rclip', 'clipboard', 'clipped', '"clip-path"', 'clipPath', '"evenodd"'])
      expect(spells(word, 'clip'), word).toBe(false);
    for (const word of ['condition', 'CREDITS', 'edit', 'isContentEditable', 'conditionOf'])
      expect(spells(word, 'dit'), word).toBe(false);
    const file = (text: string, path = 'src/a.ts') => said({ path, text }, ['vit']);
    expect(file('/** As in ViT. */ const a = 1; // vit')).toEqual([]);
    expect(file('const vitSize = 1;')).toHaveLength(1);
    expect(file("const a = { architecture: 'vit' };")).toHaveLength(1);
    expect(file('const a = `a vit of ${x}`;')).toHaveLength(1);
    expect(file('<p>A ViT</p>', 'src/a.svelte')).toHaveLength(1);
    expect(file('<script lang="ts">let a = "vit";</script>', 'src/a.svelte')).toHaveLength(1);
    const ordinary = (text: string) => said({ path: 'src/a.ts', text }, ['clip']);
    expect(ordinary('const a = { clip: [-1, 1] }; ctx.clip();')).toEqual([]);
    expect(ordinary("const a = { architecture: 'clip' };")).toHaveLength(1);
    expect(ordinary('const a = `clip-${size}`;')).toHaveLength(1);
    expect(file('', 'src/lib/vit-sizes.ts')).toHaveLength(1);
  });
});
