import type { Text } from '#lib/base/lang.ts';
import type { StyleName } from './styles.ts';

/**
 * A sheet of drawings: its first row begins with one concept in the four styles, in the order of `STYLES`. A test holds it
 * to `static/emoji/objects.json`.
 */
export const STYLE_SHEET = { file: 'objects.webp', columns: 10 } as const;

/** Names of the styles, as their makers call them. */
export const STYLE_TITLES: Readonly<Record<StyleName, Text>> = {
  noto: { en: 'Noto Emoji, Google, Apache 2.0', zh: 'Noto Emoji，Google，Apache 2.0' },
  twemoji: { en: 'Twitter Emoji, Twitter, CC BY 4.0', zh: 'Twitter Emoji，Twitter，CC BY 4.0' },
  fluent: { en: 'Fluent Emoji Flat, Microsoft, MIT', zh: 'Fluent Emoji Flat，Microsoft，MIT' },
  openmoji: { en: 'OpenMoji, CC BY-SA 4.0', zh: 'OpenMoji，CC BY-SA 4.0' },
};
