import { ConfigError } from '#lib/base/config-error.ts';

/** What the configuration of every transformer over patches has: sizes of the square picture, of a patch, of the token stream. */
export interface PatchConfig {
  /** Side of the square picture (or latent) in pixels. */
  readonly image: number;
  readonly channels: number;
  /** Side of a patch in pixels. */
  readonly patch: number;
  /** Width D. */
  readonly dim: number;
  /** Blocks, as the paper counts them. */
  readonly depth: number;
  readonly heads: number;
  /** Classes K; 0 or absent: none. */
  readonly classes?: number;
}

/** Tokens a graph may have: attention maps beyond it cannot be held by any device that runs this. */
export const MOST_TOKENS = 65_536;

/** @throws ConfigError unless the fields are whole numbers from `least` up. */
export function whole<C extends object>(c: C, fields: readonly (keyof C & string)[], least: number): void {
  for (const field of fields) {
    const n: unknown = c[field];
    if (typeof n !== 'number' || !Number.isInteger(n) || n < least) {
      throw new ConfigError(field, `must be a whole number from ${least} up, not ${String(n)}.`);
    }
  }
}

/** @throws ConfigError unless the field is one of `allowed`. */
export function oneOf<C extends object>(c: C, field: keyof C & string, allowed: readonly unknown[]): void {
  if (!allowed.includes(c[field])) {
    throw new ConfigError(field, `must be one of ${allowed.join(', ')}, not ${String(c[field])}.`);
  }
}

/** @throws ConfigError unless each field is true or false. */
export function flags<C extends object>(c: C, fields: readonly (keyof C & string)[]): void {
  for (const field of fields) oneOf(c, field, [true, false]);
}

/** Rules of a square picture cut into square patches. @throws ConfigError */
export function checkPatches(c: Pick<PatchConfig, 'image' | 'channels' | 'patch'>): void {
  whole(c, ['image', 'channels', 'patch'], 1);
  if (c.patch > c.image) {
    throw new ConfigError('patch', `a patch of ${c.patch} pixels is larger than the picture, ${c.image}.`);
  }
  const tokens = Math.floor(c.image / c.patch) ** 2;
  if (tokens > MOST_TOKENS) {
    const count = (n: number): string => n.toLocaleString('en-US');
    throw new ConfigError('patch', `makes ${count(tokens)} patches; at most ${count(MOST_TOKENS)} can be.`);
  }
}

/** Rules that every transformer over patches has. @throws ConfigError */
export function checkPatchConfig(
  c: PatchConfig & { readonly mlpRatio: number; readonly normEps: number },
): void {
  whole(c, ['image', 'channels', 'patch', 'dim', 'depth', 'heads'], 1);
  checkPatches(c);
  checkHeads('heads', c.dim, c.heads);
  checkMlp('mlpRatio', c.dim, c.mlpRatio);
  checkEps(c);
}

/** Rule of the ε of a LayerNorm. @throws ConfigError */
export function checkEps({ normEps }: { readonly normEps: number }): void {
  if (!(normEps >= 0) || !Number.isFinite(normEps)) {
    throw new ConfigError('normEps', `must be a number from 0 up, not ${normEps}.`);
  }
}

/** @throws ConfigError unless the field is a list of whole numbers from 1 up, with one or more of them. */
export function wholes<C extends object>(c: C, field: keyof C & string): void {
  const list: unknown = c[field];
  const fits = Array.isArray(list) && list.length > 0 && list.every((n) => Number.isInteger(n) && n >= 1);
  if (!fits) throw new ConfigError(field, `must be a list of whole numbers from 1 up, not ${String(list)}.`);
}

/** @throws ConfigError unless the width divides into heads. */
export function checkHeads(field: string, dim: number, heads: number): void {
  if (dim % heads !== 0) {
    throw new ConfigError(field, `the width ${dim} does not divide into ${heads} heads.`);
  }
}

/** @throws ConfigError unless the MLP's width is whole. */
export function checkMlp(field: string, dim: number, ratio: number): void {
  const mlp = dim * ratio;
  if (!(ratio > 0) || Math.abs(mlp - Math.round(mlp)) > 1e-6 || Math.round(mlp) < 1) {
    throw new ConfigError(field, `${ratio} times the width ${dim} is not a whole number from 1 up.`);
  }
}

/** Rule of models whose output is a picture: no pixel may be dropped. @throws ConfigError */
export function checkWholePatches(c: PatchConfig): void {
  if (c.image % c.patch !== 0) {
    throw new ConfigError('patch', `patches of ${c.patch} pixels do not fill a picture of ${c.image}.`);
  }
}

/** Rule of the sine and cosine tables. @throws ConfigError */
export function checkSincos(field: string, dim: number): void {
  if (dim % 4 !== 0) throw new ConfigError(field, `sincos2d needs a width divisible by 4, not ${dim}.`);
}
