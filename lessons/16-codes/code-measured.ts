/** What tests/measure_codes.py measured of both autoencoders, for the weights of those checksums. */
export interface CodeMeasured {
  readonly weights: Readonly<Record<string, string>>;
  /** Training signs that the uses were counted on. */
  readonly signs: number;
  /** Held-out signs that decibels were measured on. */
  readonly held: number;
  readonly one: {
    /** How often each code was used, `[K]`, and how light it is when decoded alone, 0 … 255. */
    readonly counts: readonly number[];
    readonly light: readonly number[];
    /** Codes that were used at all; e to the entropy of the uses; the entropy in bits. */
    readonly used: number;
    readonly perplexity: number;
    readonly entropy: number;
    /** Mean PSNR of held-out signs, dB. */
    readonly psnr: number;
    /** The same where only half the codebook may be used: its more used half, its less used one, one drawn by chance. */
    readonly halves: Readonly<Record<'used' | 'unused' | 'random', number>>;
  };
  readonly six: {
    readonly perplexity: number;
    readonly psnr: number;
    /** After each scale: the share of the latents' squared length that is missing, and the PSNR of held-out signs. */
    readonly rest: readonly number[];
    readonly after: readonly number[];
  };
  /** The codes of the half that was drawn by chance. */
  readonly random: readonly number[];
  /** The picture of the codebook: every code decoded alone, the middle of it. */
  readonly sheet: { readonly file: string; readonly tile: number; readonly columns: number };
}

const stored = import.meta.glob<CodeMeasured>('./measured-codes.json', { eager: true, import: 'default' });

/** Undefined in a copy of the site where nothing was measured. */
export const CODE_MEASURED: CodeMeasured | undefined = Object.values(stored)[0];
/** What `data-from` says of it. */
export const CODE_MEASURED_FROM = 'cite:lessons/16-codes/measured-codes.json';

/** Codes from the most used to the least; of equal ones the lower number first. */
export function byUse(counts: readonly number[]): number[] {
  return counts.map((_, code) => code).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
}
