import { mount, unmount } from 'svelte';
import { Engine } from '../../../src/lib/runtime/engine.svelte.ts';
import { LiveModel } from '../../../src/lib/runtime/live.svelte.ts';
import Maps from './Maps.svelte';

/** Milliseconds of one change, from the wish to the frame that shows it. */
export interface Change {
  readonly screen: number;
  readonly forward: number;
  readonly session: number;
}

const engine = new Engine();
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

let live: LiveModel | undefined;
let shown = 0;
let figures: ReturnType<typeof mount> | undefined;
const waiting: (() => void)[] = [];

const input = (size: number, phase: number) =>
  Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(0.01 * i + phase));

/** Waits until the figures show a newer result than `after`, and until the frame with it has been drawn. */
async function untilShown(after: number): Promise<void> {
  while (shown <= after) await new Promise<void>((resolve) => waiting.push(resolve));
  await frame();
  await frame();
}

const bench = {
  /** Starts the runtime on WASM; gives the number of threads. */
  async start(): Promise<number> {
    await engine.start({ prefer: 'wasm' });
    return engine.status.threads ?? 0;
  },

  /** Loads a model of this page and shows its attention maps. */
  async open(name: string): Promise<void> {
    if (figures) await unmount(figures);
    live = new LiveModel(engine, name);
    const { config } = await live.describe();
    live.input = input(config.image, 0);
    const names = Array.from({ length: config.depth }, (_, i) => `blocks.${i}.attn.probs`);
    shown = 0;
    const onshown = (generation: number) => {
      shown = generation;
      for (const go of waiting.splice(0)) go();
    };
    figures = mount(Maps, { target: document.getElementById('app')!, props: { live, names, onshown } });
    await untilShown(0);
  },

  /** Changes the patch size, or with none given the picture, and waits for the new maps. */
  async change(patch?: number): Promise<Change> {
    if (!live?.config) throw new Error('open a model first');
    const before = shown;
    const next = input(live.config.config.image, before);
    const began = performance.now();
    if (patch === undefined) live.input = next;
    else live.patch = patch;
    await untilShown(before);
    return {
      screen: performance.now() - began,
      forward: live.timing!.forward,
      session: live.timing!.session,
    };
  },

  /** Forward passes with these outputs, without figures: milliseconds in the worker. */
  async forward(outputs: readonly string[]): Promise<number> {
    if (!live?.config) throw new Error('open a model first');
    const { config } = live;
    const model = { url: new URL(`/models/${live.name}/`, location.href).href, config };
    const { image, patch } = config.config;
    const request = { model, patch, outputs, inputs: { x: input(image, 0) }, interventions: false };
    return (await engine.run(request)).ms;
  },
};
export type Bench = typeof bench;
(globalThis as unknown as { bench: Bench }).bench = bench;
