import { pass } from '#lib/live/latest-pass.svelte.ts';
import type { SamplingSession } from './sampling-session.svelte.ts';

/** Samplers that ask the network twice in a step. */
const TWICE = new Set(['heun']);

/**
 * Writes down for the device badge how long a pass of a run takes: the whole network for all its pictures. Passes beside
 * a run that fetch a few tensors take a part of that time and are not followed. Call it while the component is made.
 */
export function timeRun(of: () => SamplingSession): void {
  $effect(() => {
    const { msPerStep, settings } = of();
    if (msPerStep !== undefined) pass.ms = msPerStep / (TWICE.has(settings?.sampler ?? '') ? 2 : 1);
  });
}
