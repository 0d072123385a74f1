import { loadGallery } from '#lib/pictures/gallery.ts';
import { fileHref } from '#lib/base/paths.ts';
import type { LayoutLoad } from './$types';

export const prerender = true;
export const trailingSlash = 'always';

export const load: LayoutLoad = async ({ fetch }) => {
  await loadGallery(fetch, fileHref('pictures/pictures.json'));
};
