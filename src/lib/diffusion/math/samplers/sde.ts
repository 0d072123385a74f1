import { requireVp } from '../process.ts';
import { mix, type Values } from '../values.ts';
import { draw, march, type Sampler, type SamplerOptions } from './step.ts';

/**
 * Euler–Maruyama on the reverse SDE dx = [−½βx − β·score]dt + √β dw̄ with score = −ε̂/noiseRate:
 * x ← x + (½βx − β·ε̂/noiseRate)·Δt + √(βΔt)·z, Δt > 0. A step that arrives at t = 0 draws no noise.
 * U-ViT's 1000-step sampler is this on timeGrid(vp, { steps: 1000 }).
 * Source: Song et al. 2021 (score SDE), equation 6.
 * @throws RangeError for a process without ᾱ, or no noise source.
 */
export function reverseSde<X extends Values>(options: SamplerOptions<X>): Sampler<X> {
  const vp = requireVp(options.process, 'The reverse SDE');
  return march(options, ({ from, to, x, eps }) => {
    const power = vp.beta(from) * (from - to);
    const drift = mix(x, [1 + 0.5 * power, x], [-power / vp.noiseRate(from), eps]);
    return to === 0 ? drift : mix(x, [1, drift], [Math.sqrt(power), draw(options, 'The reverse SDE', x)]);
  });
}
