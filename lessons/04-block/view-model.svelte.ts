import type { Text } from '#lib/base/lang.ts';
import { ownPath } from '#lib/figures/block/flow.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import type { ViTConfig } from '#lib/models/vit/config.ts';
import { CONFIG } from '#lib/notebook/patch-shapes.ts';
import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { tensorOfBlock } from './block-tensors.ts';
import { blockOutline } from './graphs.ts';
import type { BlockFields } from './state.ts';
import { Sweep } from './sweep.svelte.ts';

/** The strip: the last part of a tensor's name in the block, and what it is called. */
const WAY: readonly (readonly [part: string, title: Text])[] = [
  ['in', { en: 'into the block', zh: '层的输入' }],
  ['norm1', { en: 'LayerNorm 1', zh: '层归一化 LN 1' }],
  ['attn.qkv', { en: 'q, k, v', zh: 'q、k、v' }],
  ['attn.probs', { en: 'attention', zh: '注意力' }],
  ['attn.residual', { en: 'first sum', zh: '第一个和' }],
  ['mlp.gelu', { en: 'after GELU', zh: 'GELU 之后' }],
  ['', { en: 'out of the block', zh: '层的输出' }],
];

/** What stage, prose, strip and drawer of lesson 4 share. */
export class BlockViewModel extends ClassifierViewModel<BlockFields> {
  /** The same model with blocks left out. */
  readonly changed: LiveModel<ViTConfig>;
  readonly sweep: Sweep;
  protected readonly way: readonly StripName[] = $derived.by(() =>
    WAY.map(([part, title]) => [this.nameOf(part), title]),
  );

  constructor(walkthrough: Walkthrough<BlockFields>) {
    super(walkthrough, walkthrough.state);
    this.changed = this.another();
    this.runOnPicture(this.changed);
    $effect(() => {
      this.changed.interventions = this.interventions;
    });
    this.sweep = new Sweep(this.live);
  }

  get b(): number {
    return this.state.b;
  }
  readonly outline = $derived.by(() => blockOutline(this.shapes.graph, this.b));
  /** Edges along which a token goes by itself. */
  readonly own = $derived.by(() => ownPath(this.shapes.graph, this.outline));

  /** Name of a tensor of the block on show, see block-tensors.ts. */
  nameOf(part: string): string {
    return tensorOfBlock(this.b, part);
  }
  /** The residual stream at every depth: the tokens, then what each block passes on. */
  readonly stream: readonly string[] = [
    'tokens',
    ...Array.from({ length: CONFIG.depth }, (_, i) => `blocks.${i}`),
  ];

  /** The followed token, counted with CLS. */
  readonly token = $derived.by(() => (this.state.cls ? 0 : 1 + this.seen.chosen.index));
  follow(row: number, col: number): void {
    this.state.cls = false;
    this.seen.choose(row, col);
  }

  /** Factor on each block's branches, `[depth]`: 0 leaves a block out. */
  readonly gates = $derived.by(() =>
    Float32Array.from({ length: CONFIG.depth }, (_, i) => (this.skips(i) ? 0 : 1)),
  );
  readonly interventions: InputValues = $derived.by(() => ({ block_skip: this.gates }));
  skips(block: number): boolean {
    return ((this.state.off >> block) & 1) === 1;
  }
  toggle(block: number): void {
    this.state.off ^= 1 << block;
  }
}
