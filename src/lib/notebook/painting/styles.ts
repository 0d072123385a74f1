/** Drawing styles of the signs, in the order of the classes that painters are told. */
export const STYLES = ['noto', 'twemoji', 'fluent', 'openmoji'] as const;
export type StyleName = (typeof STYLES)[number];
/** A style, or none. */
export type StyleWish = StyleName | 'none';

/** The class of a style, or null for none. */
export function styleClass(style: StyleWish): number | null {
  const at = STYLES.findIndex((one) => one === style);
  return at < 0 ? null : at;
}
