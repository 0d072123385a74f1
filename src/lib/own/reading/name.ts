/** What the name of a reader's own model begins with; no folder under `models/` and no preset does. */
const BEGIN = 'own-';

/** How many hexadecimal digits of the SHA-256 stand in the name: 48 bits, told apart by chance in any collection. */
const DIGITS = 12;

/**
 * The name of a model that was read from a reader's file: `own-3f9a0c…`, by its content alone.
 * @param sha256 64 hexadecimal digits
 */
export const ownName = (sha256: string): string => BEGIN + sha256.slice(0, DIGITS);

/** The first digits of the file's SHA-256 that a name holds; undefined for what is no own model's name. */
export function digestIn(name: string): string | undefined {
  const digits = name.startsWith(BEGIN) ? name.slice(BEGIN.length) : '';
  return digits.length === DIGITS && /^[0-9a-f]+$/.test(digits) ? digits : undefined;
}
