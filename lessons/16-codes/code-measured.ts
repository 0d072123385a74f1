/** What tests/measure_codes.py measured of both autoencoders, for the weights of those checksums. */
export interface CodeMeasured {
  readonly weights: Readonly<Record<string, string>>;
  /** Training signs that the uses were counted on. */
  readonly signs: number;
  /** Held-out signs that decibels were measured on. */
  readonly held: number;
  readonly one: {
    /** Codes that were used at all. */
    readonly used: number;
    /** Codes that are nearly white when they are decoded alone. */
    readonly white: number;
    /** Two to the entropy of the uses, and the entropy in bits. */
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
}

const stored = import.meta.glob<CodeMeasured>('./measured-codes.json', { eager: true, import: 'default' });

/** Undefined in a copy of the site where nothing was measured. */
export const CODE_MEASURED: CodeMeasured | undefined = Object.values(stored)[0];
/** What `data-from` says of it. */
export const CODE_MEASURED_FROM = 'cite:lessons/16-codes/measured-codes.json';
