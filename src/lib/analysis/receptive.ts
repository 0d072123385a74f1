/** One convolution: kernel and stride in cells of its input. */
export interface ConvLayer {
  readonly kernel: number;
  readonly stride: number;
}

/**
 * Side of the square of input pixels that one output cell of a stack of convolutions depends on (the theoretical
 * receptive field): r ← r + (kernel − 1) · jump, jump ← jump · stride, from r = jump = 1 (Araujo, Norris, Sim 2019,
 * eq. 2). Without layers a cell sees itself.
 */
export function receptiveField(layers: readonly ConvLayer[]): number {
  let field = 1;
  let jump = 1;
  for (const { kernel, stride } of layers) {
    field += (kernel - 1) * jump;
    jump *= stride;
  }
  return field;
}

/** `count` convolutions 3×3; every `every`-th has stride 2, none when `every` is 0. */
export function stackOf3x3(count: number, every = 0): ConvLayer[] {
  return Array.from({ length: count }, (_, i) => ({
    kernel: 3,
    stride: every > 0 && (i + 1) % every === 0 ? 2 : 1,
  }));
}

/** The fewest layers of such a stack whose centre cell sees a picture of `side` pixels whole. */
export function layersToSee(side: number, every = 0): number {
  let count = 0;
  while (receptiveField(stackOf3x3(count, every)) < side) count++;
  return count;
}
