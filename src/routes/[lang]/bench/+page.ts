import { LANGS } from '$lib/i18n/index.ts';

export const prerender = true;
export const entries = () => LANGS.map((lang) => ({ lang }));
