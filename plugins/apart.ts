/**
 * The words of a lesson's prose travel once. They stand in the page's HTML, and the compiled prose holds them a second
 * time, for a reader who comes from another lesson and whose browser has to make the paragraphs. Here these texts become
 * a module of their own, which is fetched in that case alone; a page that opens from its HTML takes what stands there.
 */
import type { Plugin } from 'vite';

/** Components of src/lib/notebook whose children always stand in the page's HTML. */
const SHOWING = new Set(['Step', 'Box', 'Outcome']);
/** A file of prose: its folder and language. */
const PROSE = /\/lessons\/([^/]+)\/(en|zh)\.md$/;
const WORDS = 'virtual:patchwork-words/lessons/';
const RUNTIME = 'virtual:patchwork-apart';

/** What is read of a syntax tree's node. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
const nodesIn = (value: unknown): Node[] =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
const nameOf = (value: unknown): string | undefined =>
  isNode(value) && value.type === 'Identifier' ? String(value.name) : undefined;

interface Template {
  /** Where the call that makes it lies. */
  readonly start: number;
  readonly end: number;
  readonly html: string;
  readonly flags: number;
}

/** `var root_3 = $.from_html(…, 1)` at a module's top, by name. */
function templatesOf(program: Node): Map<string, Template> {
  const found = new Map<string, Template>();
  for (const statement of nodesIn(program.body))
    for (const { id, init } of nodesIn(
      statement.type === 'VariableDeclaration' ? statement.declarations : [],
    ) as {
      id?: unknown;
      init?: unknown;
    }[]) {
      const name = nameOf(id);
      if (!name || !isNode(init) || init.type !== 'CallExpression' || !isNode(init.callee)) continue;
      const [text, flags] = nodesIn(init.arguments);
      if (nameOf(init.callee.property) !== 'from_html' || text?.type !== 'TemplateLiteral') continue;
      const [quasi, ...more] = nodesIn(text.quasis);
      const html = (quasi?.value as { cooked?: unknown } | undefined)?.cooked;
      if (more.length > 0 || typeof html !== 'string') continue;
      found.set(name, { start: init.start, end: init.end, html, flags: Number(flags?.value ?? 0) });
    }
  return found;
}

/** Names of the templates that are made while the page is, and of all that are made. */
function madeIn(program: Node, component: Node): { shown: string[]; all: string[] } {
  const [shown, all]: [string[], string[]] = [[], []];
  const visit = (node: Node, standing: boolean): void => {
    const callee = node.type === 'CallExpression' ? nameOf(node.callee) : undefined;
    if (callee !== undefined) {
      all.push(callee);
      if (standing) shown.push(callee);
    }
    const showing = callee !== undefined && SHOWING.has(callee);
    for (const [key, value] of Object.entries(node))
      for (const child of nodesIn(value)) {
        if (showing && standing && key === 'arguments' && child.type === 'ObjectExpression') {
          for (const property of nodesIn(child.properties)) {
            const { value: held } = property;
            if (!isNode(held)) visit(property, false);
            else if (nameOf(property.key) === 'children' && isNode(held.body)) visit(held.body, true);
            else visit(held, false);
          }
        } else visit(child, standing && !/Function/.test(child.type));
      }
  };
  for (const child of nodesIn(program.body))
    if (child !== component && child.declaration !== component) visit(child, false);
  if (isNode(component.body)) visit(component.body, true);
  return { shown, all };
}

/**
 * The compiled prose without the texts that stand in its page's HTML.
 * @param code a component as Svelte compiles it for browsers, with `program`, its syntax tree
 * @param words where the texts are imported from
 * @returns the code and the texts, by number; undefined where there is nothing to take out
 */
export function wordsApart(
  code: string,
  program: unknown,
  words: string,
): { readonly code: string; readonly texts: readonly string[] } | undefined {
  if (!isNode(program)) return undefined;
  const exported = nodesIn(program.body).find(({ type }) => type === 'ExportDefaultDeclaration')?.declaration;
  const component = nodesIn(program.body)
    .concat(isNode(exported) ? [exported] : [])
    .find(
      (node) =>
        node.type === 'FunctionDeclaration' && (node === exported || nameOf(node.id) === nameOf(exported)),
    );
  if (!component) return undefined;
  const templates = templatesOf(program);
  const { shown, all } = madeIn(program, component);
  const taken = [...templates].filter(
    ([name]) => shown.includes(name) && all.filter((one) => one === name).length === 1,
  );
  if (taken.length === 0) return undefined;
  let rest = code;
  for (const [i, [, { start, end, flags }]] of [...taken.entries()].reverse())
    rest = `${rest.slice(0, start)}$$apart.take(${i}, ${flags})${rest.slice(end)}`;
  const head = `import { apart as $$makeApart } from '${RUNTIME}';\nconst $$apart = $$makeApart(() => import('${words}'));\n`;
  return {
    code: `${head}${rest}\nexport const words = $$apart.fetch;\n`,
    texts: taken.map(([, { html }]) => html),
  };
}

/**
 * What the prose imports. While a page opens from its HTML, Svelte's templates give the nodes that stand there, whatever
 * their text; a node without a parent is one that was made of it, which needs the words.
 */
const RUNTIME_CODE = `import { from_html } from 'svelte/internal/client';
export function apart(load) {
  let words;
  return {
    fetch: () => load().then((module) => void (words = module.default)),
    take(i, flags) {
      const standing = from_html('<i></i>', flags);
      let whole;
      return () => {
        if (words) return (whole ??= from_html(words[i], flags))();
        const node = standing();
        if (node.parentNode === null) throw new Error('words-apart');
        return node;
      };
    },
  };
}`;

/** Takes the words out of the client's prose; \`words()\` of a file of prose fetches them. */
export function proseApart(): Plugin {
  const texts = new Map<string, readonly string[]>();
  return {
    name: 'patchwork:prose-apart',
    apply: 'build',
    enforce: 'post',
    resolveId: (id) => (id === RUNTIME || id.startsWith(WORDS) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${RUNTIME}`) return RUNTIME_CODE;
      const found = id.startsWith('\0') ? texts.get(id.slice(1)) : undefined;
      return found && `export default ${JSON.stringify(found)};`;
    },
    transform(code, id, options) {
      const [, slug, lang] = PROSE.exec(id) ?? [];
      if (!slug || !lang || options?.ssr) return null;
      const words = `${WORDS}${slug}/${lang}`;
      const found = wordsApart(code, this.parse(code), words);
      if (!found) return null;
      texts.set(words, found.texts);
      return { code: found.code, map: null };
    },
  };
}
