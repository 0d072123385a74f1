import { mount, unmount } from 'svelte';
import { Engine } from '#lib/runtime/engine.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { ViTConfig } from '#lib/models/vit/config.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { Inspector } from '#lib/inspector/inspector.svelte.ts';
import { loadGallery } from '#lib/pictures/gallery.ts';
import Maps from './Maps.svelte';
import Multiples from './Multiples.svelte';
import Pane from './Pane.svelte';

/** Milliseconds of one change, from the wish to the last drawing of what answers it. */
export interface Change {
  readonly screen: number;
  readonly forward: number;
  readonly session: number;
}

const engine = new Engine();
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

let live: LiveModel<ViTConfig> | undefined;
let shown = 0;
let figures: ReturnType<typeof mount> | undefined;
const waiting: (() => void)[] = [];

const input = (size: number, phase: number) =>
  Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(0.01 * i + phase));

/** When a canvas was last drawn on. */
let drawn = 0;
for (const method of ['putImageData', 'drawImage'] as const) {
  const original = CanvasRenderingContext2D.prototype[method] as (...args: unknown[]) => void;
  CanvasRenderingContext2D.prototype[method] = function (this: CanvasRenderingContext2D, ...args: unknown[]) {
    drawn = performance.now();
    original.apply(this, args);
  };
}

/**
 * Waits until the figures show a newer result than `after` and have drawn it: large maps are drawn in stretches.
 * Gives the time of the last drawing.
 */
async function untilShown(after: number): Promise<number> {
  while (shown <= after) await new Promise<void>((resolve) => waiting.push(resolve));
  drawn = Math.max(drawn, performance.now());
  await frame();
  while (performance.now() - drawn < 150) await frame();
  return drawn;
}

let inspector: Inspector | undefined;

/** Waits until the open tensor has arrived and nothing has been drawn for a while. */
async function untilDrawn(name: string): Promise<void> {
  while (!inspector?.named(name)?.value) await frame();
  drawn = performance.now();
  while (performance.now() - drawn < 400) await frame();
}

const bench = {
  /** Starts the runtime on WASM; gives the number of threads. */
  async start(): Promise<number> {
    await engine.start({ prefer: 'wasm' });
    return engine.status.threads ?? 0;
  },

  /** Loads a model of this page and shows the attention maps of its last `count` blocks. */
  async open(name: string, count: number): Promise<void> {
    if (figures) await unmount(figures);
    live = new LiveModel<ViTConfig>(engine, name);
    const { config } = await live.describe();
    live.inputs = { x: input(config.image, 0) };
    const names = Array.from({ length: config.depth }, (_, i) => `blocks.${i}.attn.probs`).slice(-count);
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
    if (patch === undefined) live.inputs = { x: next };
    else live.variant = { patch };
    const ended = await untilShown(before);
    return {
      screen: ended - began,
      forward: live.timing!.forward,
      session: live.timing!.session,
    };
  },

  /**
   * Shows small multiples of attention of these sizes: the rows of one token, or the whole tables. Gives the
   * milliseconds from the tensors to the drawing, the frame that shows it included.
   */
  async multiples(depth: number, heads: number, tokens: number, whole: boolean): Promise<number> {
    if (figures) await unmount(figures);
    const size = heads * tokens * tokens;
    const layers: Tensor[] = Array.from({ length: depth }, (_, l) => ({
      ...{ name: `blocks.${l}.attn.probs`, shape: [heads, tokens, tokens], dims: ['h', 'T', 'T'] },
      data: Float32Array.from({ length: size }, (_v, i) => Math.abs(Math.sin(i * 0.001 * (l + 1))) / tokens),
    }));
    await frame();
    // The making of the tensors is a task of its own, which is not the figure's.
    await new Promise((resolve) => setTimeout(resolve, 50));
    performance.mark('figure-begin');
    const began = performance.now();
    await new Promise<void>((done) => {
      const props = { layers, whole, ondrawn: done };
      figures = mount(Multiples, { target: document.getElementById('app')!, props });
    });
    await frame();
    const took = performance.now() - began;
    performance.mark('figure-end');
    return took;
  },

  /** Opens the inspector's tensor pane as its address would, and waits until the values are drawn. */
  async inspect(query: string): Promise<void> {
    if (figures) await unmount(figures);
    await loadGallery(fetch, '/pictures/pictures.json');
    const props = { engine, query, onready: (made: Inspector) => (inspector = made) };
    figures = mount(Pane, { target: document.getElementById('app')!, props });
    await untilDrawn(inspector!.selected);
  },

  /** Opens another tensor in the pane, and waits until its values, statistics and histogram are there. */
  async openTensor(name: string): Promise<void> {
    inspector!.select(name);
    await untilDrawn(name);
  },

  /** Waits until the runtime has built no further session for a second: it prepares other patch sizes when idle. */
  async settle(): Promise<void> {
    for (let quiet = 0, before = -1; quiet < 5;) {
      const sessions = (await engine.stats())?.sessions ?? 0;
      quiet = sessions === before ? quiet + 1 : 0;
      before = sessions;
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
  },

  /** Forward passes with these outputs, without figures: milliseconds in the worker. */
  async forward(outputs: readonly string[]): Promise<number> {
    if (!live?.config) throw new Error('open a model first');
    const { config } = live;
    const model = { url: new URL(`/models/${live.name}/`, location.href).href, config };
    const { image } = config.config;
    const request = { model, outputs, inputs: { x: input(image, 0) } };
    return (await engine.run(request)).ms;
  },
};
export type Bench = typeof bench;
(globalThis as unknown as { bench: Bench }).bench = bench;
