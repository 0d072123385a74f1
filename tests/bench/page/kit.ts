/** Stands in for SvelteKit's `$app/…` modules: this page lies at the root, is built, and runs in a browser only. */
export const base = '';
export const asset = (path: string) => path;
export const resolve = (path: string) => path;
export const browser = true;
export const building = false;
export const dev = false;
export const version = '';
