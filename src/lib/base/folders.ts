/**
 * The modules `<folder>/<file>` beside a module, by folder, as Node finds them where no bundler has gathered them: the
 * command line, and scripts. In a bundle `import.meta.glob` does the same.
 * @param beside `import.meta.url` of the module
 */
export async function modulesBeside<M>(beside: string, file: string): Promise<Record<string, M>> {
  const { readdirSync, existsSync } = await import('node:fs');
  const here = new URL('.', beside);
  const names = readdirSync(here).filter((name) => existsSync(new URL(`${name}/${file}`, here)));
  const modules = await Promise.all(
    names.map((name) => import(/* @vite-ignore */ new URL(`${name}/${file}`, here).href) as Promise<M>),
  );
  return Object.fromEntries(names.map((name, i) => [name, modules[i]!]));
}
