/**
 * Which modules travel together. Left to itself the bundler makes a file for every set of places that ask for a module:
 * some hundred small files a page, whose requests cost a processor more than their bytes cost a line. Here what comes
 * with a page at once is in a few files: what every page has, what most lessons have, what each lesson has for itself,
 * the inspector. A view that is fetched when it is opened stays a file of its own.
 */
import type { Plugin } from 'vite';

/** What is read of the bundler's module graph. */
export interface ModuleGraph {
  getModuleIds(): Iterable<string>;
  getModuleInfo(id: string): {
    readonly isEntry: boolean;
    readonly importedIds: readonly string[];
    readonly dynamicImporters: readonly string[];
    readonly dynamicallyImportedIds: readonly string[];
  } | null;
}

/** A module that this share of the lessons begin with is worth its bytes in the others. */
const MOST = 2 / 3;

interface NamedChunk {
  readonly name: string;
  /** Of those that a few pages share: higher, the more of them do; what lessons begin with is above what is only opened. */
  readonly rank: number;
}

/** What every page has; what most lessons and the inspector have; what most lessons have; what several declare. */
const SITE: NamedChunk = { name: 'site', rank: 1000 };
const PAGES: NamedChunk = { name: 'pages', rank: 900 };
const LESSONS: NamedChunk = { name: 'lessons', rank: 800 };
const DECLARED: NamedChunk = { name: 'declared', rank: 700 };
/** More sharers than this are not told apart. */
const MOST_SHARERS = 60;
/** What lessons begin with: twice how many do, and one more if the inspector has it too, above this. */
const BEGUN = 2 * MOST_SHARERS;
const MOST_BEGINNERS = 60;
const RANKS = [
  ...[SITE, PAGES, LESSONS, DECLARED].map(({ rank }) => rank),
  DECLARED.rank - 1,
  ...Array.from({ length: BEGUN + 2 * MOST_BEGINNERS + 1 }, (_, i) => BEGUN + 2 * MOST_BEGINNERS + 1 - i),
];

/** The modules that come with these, by static imports, themselves included. */
function closure(graph: ModuleGraph, roots: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const info = graph.getModuleInfo(id);
    if (!info || seen.has(id)) return;
    seen.add(id);
    info.importedIds.forEach(visit);
  };
  roots.forEach(visit);
  return seen;
}

/**
 * The name of the file each module goes to; null leaves it to the bundler. With each name comes its rank: no module
 * needs one of a lower rank, so that no file draws another after it that its page has no use for.
 */
export function chunksOf(graph: ModuleGraph): (id: string) => NamedChunk | null {
  const ids = [...graph.getModuleIds()];
  const at = (end: string) => ids.filter((id) => id.endsWith(end));
  const slugs = ids.flatMap((id) => /\/lessons\/([^/]+)\/lesson\.ts$/.exec(id)?.[1] ?? []);

  const everywhere = closure(graph, [
    ...at('/kit/src/runtime/client/entry.js'),
    ...at('/client-optimized/app.js'),
    ...[
      '+layout.svelte',
      '+layout.ts',
      '+error.svelte',
      '[lang]/+layout.svelte',
      '[lang]/+layout.ts',
    ].flatMap((file) => at(`/src/routes/${file}`)),
  ]);
  const route = ['+page.svelte', '+page.ts'].flatMap((file) => at(`/src/routes/[lang]/[lesson]/${file}`));
  const lessons = slugs.map((slug) => {
    const own = (file: string) => at(`/lessons/${slug}/${file}`);
    const first = own('lesson.ts').flatMap((id) => graph.getModuleInfo(id)?.dynamicallyImportedIds[0] ?? []);
    const parts = ['page.ts', 'glossary.ts', 'lesson.ts?works', 'en.md', 'zh.md'].flatMap(own);
    return {
      slug,
      declared: closure(graph, own('lesson.ts')),
      all: closure(graph, [...route, ...own('lesson.ts'), ...parts, ...first]),
    };
  });
  /** Words that other lessons borrow: they must not bring the lesson they come from. */
  const words = closure(
    graph,
    slugs.flatMap((slug) => at(`/lessons/${slug}/glossary.ts`)),
  );
  const inspectorPage = at('/src/lib/inspector/Page.svelte');
  const inspector = closure(graph, inspectorPage);
  /** Whose module an entry or a dynamic import is: a lesson's, the inspector's, or its own. */
  const ownerOf = (id: string, modules: ReadonlySet<string>): string => {
    const lesson = /\/lessons\/([^/]+)\//.exec(id)?.[1];
    if (lesson) return lesson;
    return inspectorPage.some((page) => modules.has(page)) || /\/inspector\//.test(id) ? 'inspector' : id;
  };

  const owners = new Map<string, Set<string>>();
  for (const root of ids) {
    const info = graph.getModuleInfo(root);
    if (!info?.isEntry && !info?.dynamicImporters.length) continue;
    const modules = closure(graph, [root]);
    for (const id of modules) owners.set(id, (owners.get(id) ?? new Set()).add(ownerOf(root, modules)));
  }
  const shared = new Map<string, string>();
  const sharedBy = (names: readonly string[]): string => {
    const key = names.join(' ');
    const name = shared.get(key) ?? `shared-${shared.size}`;
    shared.set(key, name);
    return name;
  };
  const most = MOST * lessons.length;
  const names = new Map<string, NamedChunk>();
  for (const id of ids) {
    const declaring = lessons.filter(({ declared }) => declared.has(id));
    const using = lessons.filter(({ all }) => all.has(id));
    const by = [...(owners.get(id) ?? [])].sort();
    if (everywhere.has(id) || declaring.length >= most) names.set(id, SITE);
    else if (using.length >= most) names.set(id, inspector.has(id) ? PAGES : LESSONS);
    else if (declaring.length > 1) names.set(id, DECLARED);
    // What another lesson uses too must not bring this lesson's declaration there.
    else if (
      declaring.length === 1 &&
      by.some((owner) => owner !== declaring[0]!.slug && slugs.includes(owner))
    )
      names.set(id, { name: `lent-${declaring[0]!.slug}`, rank: DECLARED.rank });
    else if (declaring.length === 1)
      names.set(id, { name: `declared-${declaring[0]!.slug}`, rank: DECLARED.rank - 1 });
    else if (/\/lessons\/[^/]+\/[^/]+\.md$/.test(id) || (words.has(id) && id.includes('/lessons/'))) continue;
    else if (by.length === 1 && using.length === 1)
      names.set(id, { name: `lesson-${using[0]!.slug}`, rank: 1 });
    else if (using.length > 0) {
      // Who else fetches it when a view is opened makes no other file of it: each costs the lessons that begin with it.
      const has = inspector.has(id);
      const rank = BEGUN + 2 * Math.min(MOST_BEGINNERS, using.length) + (has ? 1 : 0);
      names.set(id, {
        name: sharedBy(['begun', ...using.map(({ slug }) => slug), ...(has ? ['inspector'] : [])]),
        rank,
      });
    } else if (inspector.has(id)) {
      const rank = 2 * Math.min(MOST_SHARERS - 1, by.length);
      names.set(id, { name: by.length === 1 ? by[0]! : sharedBy(by), rank });
    }
  }
  return (id) => names.get(id) ?? null;
}

/** Puts the client's modules into the files that `chunksOf` says. */
export function fewerChunks(): Plugin {
  let client = false;
  let chunkOf: ReturnType<typeof chunksOf> = () => null;
  return {
    name: 'patchwork:fewer-chunks',
    apply: 'build',
    // Every file that asks for others on demand would carry the names of all that those need, which don't compress: a
    // page links what it begins with, and a view's own file names the rest. Style sheets are listed and awaited as ever.
    config: () => ({ build: { modulePreload: false } }),
    configResolved(config) {
      client = !config.build.ssr;
    },
    renderStart() {
      if (client) chunkOf = chunksOf(this);
    },
    outputOptions(options) {
      if (!client) return null;
      const ranked = (rank: number) => ({
        debugName: `rank ${rank}`,
        name: (id: string) => {
          const chunk = chunkOf(id);
          return chunk?.rank === rank ? chunk.name : null;
        },
        priority: rank,
      });
      return { ...options, codeSplitting: { groups: RANKS.map(ranked) } };
    },
  };
}
