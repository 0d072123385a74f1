/** How far pictures go from those they should be (root mean square, −1 … 1; the median), and CLIP's share of first names. */
export interface Broken {
  readonly apart: number;
  readonly first: number;
}
/** What was measured of each break, over so many paintings; what happens on the way is looked at in step `at`, or `scaledAt`. */
export interface Breaks {
  readonly at: number;
  readonly scaledAt: number;
  readonly pictures: number;
  readonly whole: Broken;
  /** The scaling factor of another autoencoder, or none, before the decoder; and before noise as well. */
  readonly decoder: Broken;
  readonly 'decoder-none': Broken;
  readonly noise: Broken;
  readonly 'noise-none': Broken;
  readonly guess: Broken;
  readonly other: Broken;
  readonly state: Broken;
  readonly 'cut-inner': Broken;
  readonly 'cut-outer': Broken;
  readonly 'cut-all': Broken;
}

// Of measured.json what the prose names; the samples come with the view that shows them.
const found = import.meta.glob<Breaks>('./measured.json', { eager: true, query: '?part', import: 'breaks' });

/** What was measured of the breaks; undefined where nothing was. */
export const BREAKS: Breaks | undefined = found['./measured.json'];
export const MEASURED_FROM = 'cite:lessons/15-latents/measured.json';
