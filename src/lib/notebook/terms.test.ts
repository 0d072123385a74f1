import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { terms } from './terms.ts';
import type { GlossaryEntry } from './types.ts';

const CHINESE = /[\u4e00-\u9fff]/;
const isTest = (path: string) =>
  /(^|[./])(test|testing|e2e)\.ts$|(^|\/)tests\/|notebook\/terms\.ts$/.test(path);

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /(\.svelte|\.ts|\/zh\.md)$/.test(path) && !isTest(path) ? [path] : [];
  });
}

/** A comment of a worked cell, in both languages; the second is the Chinese one. */
const SAID = /\$\{say\('(?:[^'\\]|\\.)*', '((?:[^'\\]|\\.)*)'\)\}/g;

/** What a reader sees of a line: Chinese string literals of code, or the line of prose, without code; 0 for a number. */
function seen(path: string, line: string): string {
  const plain = line
    .replace(SAID, '$1')
    .replace(/<code>.*?<\/code>|<(?!Box|Num)[^>]*>/g, '')
    .replace(/<Num [^>]*>|\$\{[^{}]*\}/g, '0');
  if (path.endsWith('.md')) return plain.replace(/`[^`]*`/g, '');
  const literals = plain.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
  const spoken = literals.filter((text) => CHINESE.test(text));
  // Markup: what stands in braces is code, also where it goes on from or to another line.
  return spoken.length > 0 ? spoken.join(' ') : plain.replace(/\{[^{}]*\}|^[^{}]*\}|\{[^{}]*$/g, '0');
}

/** Terms in brackets are the English words of what stands before them. */
const unbracketed = (text: string) => text.replace(/（[^）\u4e00-\u9fff]*）/g, '（）');

/** Each use of a word the list rules out, as “file:line: word (why)”. */
function misused(path: string, text: string): string[] {
  return text.split('\n').flatMap((line, i) => {
    if (!CHINESE.test(line)) return [];
    const words = seen(path, line);
    return terms.flatMap(({ term, not = [] }) =>
      not.flatMap(({ says, why }) => {
        // Whoever rules out what a bracket must follow, reads the brackets too.
        const found = says.exec(says.source.includes('（') ? words : unbracketed(words));
        return found ? [`${path}:${i + 1}: “${found[0]}” for ${term.en}, ${term.zh} (${why})`] : [];
      }),
    );
  });
}

describe('one term, one word', () => {
  const all = [...files('src'), ...files('lessons')];

  it('no Chinese text uses a word the list rules out', () => {
    const chinese = all.filter((path) => CHINESE.test(readFileSync(path, 'utf8')));
    expect(chinese.length).toBeGreaterThan(150);
    expect(chinese.flatMap((path) => misused(path, readFileSync(path, 'utf8')))).toEqual([]);
  });

  it('Chinese prose sets thousands apart, as code does', () => {
    const wrong = all
      .filter((path) => path.endsWith('zh.md'))
      .flatMap((path) =>
        readFileSync(path, 'utf8')
          .replace(/<script>[\s\S]*?<\/script>/, (script) => script.replace(/[^\n]/g, ''))
          .split('\n')
          .flatMap((line, i) => {
            const plain = line.replace(/<[^>]*>/g, '').replace(/`[^`]*`/g, '');
            const found = /(?<![\d.,])\d{4,}(?! 年)/.exec(plain);
            return found ? [`${path}:${i + 1}: ${found[0]}`] : [];
          }),
      );
    expect(wrong).toEqual([]);
  });

  it('says the two languages differently for different terms', () => {
    for (const lang of ['en', 'zh'] as const) {
      const words = terms.map(({ term }) => term[lang]);
      expect(words).toEqual([...new Set(words)]);
    }
  });
});

describe('the glossaries', async () => {
  const slugs = readdirSync('lessons').filter((slug) => existsSync(join('lessons', slug, 'glossary.ts')));
  const entries = (
    await Promise.all(
      slugs.map(async (slug) => {
        const url = pathToFileURL(join('lessons', slug, 'glossary.ts')).href;
        const { default: glossary } = (await import(/* @vite-ignore */ url)) as {
          default: Record<string, GlossaryEntry>;
        };
        return Object.entries(glossary).map(([id, { term }]) => ({ slug, id, term }));
      }),
    )
  ).flat();

  it('write each settled term as the list does', () => {
    expect(entries.length).toBeGreaterThan(80);
    const settled = new Map(terms.flatMap(({ id, term }) => (id ? [[id, term] as const] : [])));
    for (const { slug, id, term } of entries)
      if (settled.has(id)) expect(term, `${slug}: ${id}`).toEqual(settled.get(id));
    const known = new Set(entries.map(({ id }) => id));
    expect([...settled.keys()].filter((id) => !known.has(id))).toEqual([]);
  });

  it('have one word for a term, and one term for a word, in both languages', () => {
    for (const lang of ['en', 'zh'] as const) {
      const byId = new Map<string, string>();
      const byWord = new Map<string, string>();
      for (const { slug, id, term } of entries) {
        expect(term[lang], `${slug}: ${id}`).toBe(byId.get(id) ?? term[lang]);
        expect(id, `${slug}: ${term[lang]}`).toBe(byWord.get(term[lang]) ?? id);
        byId.set(id, term[lang]);
        byWord.set(term[lang], id);
      }
    }
  });
});

describe('the rule', () => {
  it.each([
    ['拖动滑块，切成小方块，一个模块，切块，残差块，每个图像块', 0],
    ['一个块有两半', 1],
    ['把块大小设为 8', 2],
    ['时间 token 与标签词元（label token）', 1],
    ['一条长跳跃', 1],
    ['一条长跳跃连接', 0],
    ['第 3 层第 1 头', 1],
    ['第 3 层的第 1 个头', 0],
    ['注意力展开（rollout）', 0],
    ['注意力展开', 1],
    ['准确率 72.2 %', 0],
    ['准确率 72.2%', 1],
    ['闭式解', 0],
  ])('“%s”: %i', (text, n) => expect(misused('zh.md', text)).toHaveLength(n));

  it('reads the Chinese of code alone', () => {
    expect(misused('a.ts', "  x: { en: 'tokens', zh: '词元' },")).toEqual([]);
    expect(misused('a.ts', "  x: { en: 'tokens', zh: '图像块 token' },")).toHaveLength(1);
    expect(misused('cells.ts', "    `// ${say('The stream.', '主干。')}")).toHaveLength(1);
  });
});
