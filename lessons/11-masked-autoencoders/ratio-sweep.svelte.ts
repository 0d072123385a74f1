import { awaiting } from '#lib/base/awaited.svelte.ts';
import type { FaultRecord } from '#lib/base/errors.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { fedWith } from './changes.ts';
import { straightLines } from './interpolate.ts';
import { maskingOf, type MaskKind } from './masks.ts';
import { FORM, SIZES, variantFor } from './model.ts';
import { filledError, overHidden, paintingFrom } from './painting.ts';

/** Parts of the patches that are hidden, one pass each. */
export const RATIOS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95] as const;

/** Square errors of hidden pixels at one ratio. */
export interface RatioPoint {
  readonly ratio: number;
  readonly painted: number;
  readonly lines: number;
}

/** Which picture is hidden how. */
export interface SweepOf {
  readonly x: Float32Array;
  readonly kind: Exclude<MaskKind, 'own'>;
  readonly seed: number;
}
const same = (a: SweepOf, b: SweepOf) => a.x === b.x && a.kind === b.kind && a.seed === b.seed;

/** The error against the hidden part, for one picture, a pass of the model each; beside it straight lines'. */
export class RatioSweep {
  readonly #live: LiveModel;
  #of = $state.raw<SweepOf>();
  #points = $state.raw<readonly RatioPoint[]>([]);
  #fault = $state.raw<FaultRecord>();
  #stop = $state.raw<AbortController>();

  constructor(live: LiveModel) {
    this.#live = live;
  }
  /** What is known of this picture under these masks. */
  points(of: SweepOf | undefined): readonly RatioPoint[] {
    return of && this.#of && same(of, this.#of) ? this.#points : [];
  }
  get busy(): boolean {
    return this.#stop !== undefined;
  }
  get fault(): FaultRecord | undefined {
    return this.#fault;
  }
  cancel(): void {
    this.#stop?.abort();
  }

  /** Computes what is not known yet. Nothing while a sweep is under way. */
  async measure(of: SweepOf): Promise<void> {
    if (this.busy) return;
    const stop = (this.#stop = new AbortController());
    this.#fault = undefined;
    if (!this.#of || !same(of, this.#of)) this.#points = [];
    this.#of = of;
    try {
      await awaiting(async () => {
        for (const ratio of RATIOS) {
          if (this.#points.some((point) => point.ratio === ratio)) continue;
          const point = await this.#at(of, ratio, stop.signal);
          if (stop.signal.aborted) return;
          this.#points = [...this.#points, point].sort((a, b) => a.ratio - b.ratio);
        }
      });
    } catch (error) {
      const fault = toRecord(error);
      if (fault.code !== 'cancelled') this.#fault = fault;
    } finally {
      this.#stop = undefined;
    }
  }

  async #at({ x, kind, seed }: SweepOf, ratio: number, signal: AbortSignal): Promise<RatioPoint> {
    const masking = maskingOf(kind, { ratio, seed, side: SIZES.grid });
    const inputs = fedWith(x, masking);
    const asked = { inputs, outputs: ['reconstruction'], variant: variantFor(masking.visible) };
    const { tensors } = await this.#live.pass(asked, { signal });
    const painting = paintingFrom(x, tensors[0]!.data, masking.hidden);
    return {
      ratio,
      painted: overHidden(painting, painting.errors)!,
      lines: filledError(x, straightLines(x, masking.hidden, FORM), masking.hidden)!,
    };
  }
}
