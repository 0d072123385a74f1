import type { VitConfig } from '#lib/models/vit/config.ts';
import { untrack } from 'svelte';
import { CONFIG, shapesOf, TRAINED } from '#lib/notebook/patch-shapes.ts';
import { SeenPicture } from '#lib/notebook/seen.svelte.ts';
import { ownPath } from '#lib/figures/block/flow.ts';
import type { Text } from '#lib/base/lang.ts';
import type { ViewModel, StripItem, TensorDoc } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { useEngine } from '#lib/runtime/context.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import { pass } from '#lib/live/latest-pass.svelte.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { blockOutline } from './graphs.ts';
import type { BlockFields } from './state.ts';
import { Sweep } from './sweep.svelte.ts';

/** The strip: the last part of a tensor's name in the block, and what it is called. */
const WAY: readonly (readonly [part: string, title: Text])[] = [
  ['in', { en: 'into the block', zh: '进入块' }],
  ['norm1', { en: 'LayerNorm 1', zh: '层归一化 LN 1' }],
  ['attn.qkv', { en: 'q, k, v', zh: 'q、k、v' }],
  ['attn.probs', { en: 'attention', zh: '注意力' }],
  ['attn.residual', { en: 'first sum', zh: '第一个和' }],
  ['mlp.gelu', { en: 'after GELU', zh: 'GELU 之后' }],
  ['', { en: 'out of the block', zh: '离开块' }],
];

/** What stage, prose, strip and drawer of lesson 4 share. */
export class BlockViewModel implements ViewModel {
  readonly walkthrough: Walkthrough<BlockFields>;
  /** The model as it is. */
  readonly live: LiveModel<VitConfig>;
  /** The same model with blocks left out. */
  readonly changed: LiveModel<VitConfig>;
  readonly seen: SeenPicture;
  readonly sweep: Sweep;
  readonly trained = TRAINED;
  readonly config = CONFIG;

  constructor(walkthrough: Walkthrough<BlockFields>) {
    this.walkthrough = walkthrough;
    const engine = useEngine();
    this.live = new LiveModel<VitConfig>(engine, 'vit-flexi');
    this.changed = new LiveModel<VitConfig>(engine, 'vit-flexi');
    this.seen = new SeenPicture(walkthrough, walkthrough.state, this.live);
    $effect(() => {
      for (const model of [this.live, this.changed]) {
        model.inputs = this.seen.input && { x: this.seen.input };
        model.variant = { patch: walkthrough.state.p };
      }
    });
    $effect(() => {
      this.changed.interventions = this.interventions;
    });
    // A whole pass is timed; tensors fetched later for the same picture take a part of one.
    $effect(() => {
      if (this.live.tensors.generation > 0) pass.ms = untrack(() => this.live.ms);
    });
    this.sweep = new Sweep(engine, this.live);
  }

  get state() {
    return this.walkthrough.state;
  }
  get p(): number {
    return this.walkthrough.state.p;
  }
  get b(): number {
    return this.walkthrough.state.b;
  }
  readonly shapes = $derived.by(() => shapesOf(CONFIG, this.p));
  readonly outline = $derived.by(() => blockOutline(this.shapes.graph, this.b));
  /** Edges along which a token goes by itself. */
  readonly own = $derived.by(() => ownPath(this.shapes.graph, this.outline));

  /** Name of a tensor of the block: `in` is what it reads, the empty word what leaves it. */
  nameOf(part: string): string {
    if (part === 'in') return this.b === 0 ? 'tokens' : `blocks.${this.b - 1}`;
    return part === '' ? `blocks.${this.b}` : `blocks.${this.b}.${part}`;
  }
  /** The residual stream at every depth: the tokens, then what each block passes on. */
  readonly stream: readonly string[] = [
    'tokens',
    ...Array.from({ length: CONFIG.depth }, (_, i) => `blocks.${i}`),
  ];

  /** The followed token, counted with CLS. */
  readonly token = $derived.by(() => (this.walkthrough.state.cls ? 0 : 1 + this.seen.chosen.index));
  follow(row: number, col: number): void {
    this.walkthrough.state.cls = false;
    this.seen.choose(row, col);
  }

  /** Factor on each block's branches, `[depth]`: 0 leaves a block out. */
  readonly gates = $derived.by(() =>
    Float32Array.from({ length: CONFIG.depth }, (_, i) => (this.skips(i) ? 0 : 1)),
  );
  readonly interventions: InputValues = $derived.by(() => ({ block_skip: this.gates }));
  skips(block: number): boolean {
    return ((this.walkthrough.state.off >> block) & 1) === 1;
  }
  toggle(block: number): void {
    this.walkthrough.state.off ^= 1 << block;
  }

  // What the lesson page asks for.

  readonly strip: readonly StripItem[] = $derived.by(() =>
    WAY.flatMap(([part, title]) => {
      const name = this.nameOf(part);
      const value = this.shapes.graph.values.get(name);
      return value ? [{ name, title, shape: value.shape.slice(1), dims: value.dims.slice(1) }] : [];
    }),
  );
  get lit(): string | undefined {
    const lit: Record<string, string> = {
      map: 'in',
      halves: 'attn.probs',
      sums: 'attn.residual',
      token: 'attn.qkv',
      norm: 'norm1',
      gelu: 'mlp.gelu',
      end: '',
    };
    const part = lit[this.walkthrough.step];
    return part === undefined ? undefined : this.nameOf(part);
  }
  get pending(): boolean {
    return this.live.pending;
  }
  want(name: string): () => void {
    return this.live.tensors.want(name);
  }
  tensor(name: string): Tensor | undefined {
    return this.live.tensors.get(name);
  }
  doc(name: string): TensorDoc | undefined {
    return this.shapes.graph.values.get(name)?.doc;
  }
}
