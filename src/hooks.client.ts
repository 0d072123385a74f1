import { fetchAhead } from '#lib/runtime/ahead.ts';

/** Runs before the page's own scripts: a lesson's page says in its head which model it will ask for. */
export function init(): void {
  const model = document.querySelector<HTMLMetaElement>('meta[name="patchwork:model"]')?.content;
  if (model) fetchAhead(model);
}
