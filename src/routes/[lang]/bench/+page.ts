import { LANGS } from '#lib/base/lang.ts';

export const prerender = true;
export const entries = () => LANGS.map((lang) => ({ lang }));
