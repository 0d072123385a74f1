import { quantile, type PatchGrid } from '#lib/analysis/attention.ts';
import type { Text } from '#lib/base/lang.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import type { InputValues } from '#lib/models/family.ts';
import { CONFIG, TRAINED } from '#lib/notebook/patch-shapes.ts';
import { ClassifierViewModel } from '#lib/notebook/classifier-view-model.svelte.ts';
import type { StripName } from '#lib/notebook/view-model.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { hasRoom } from '#lib/runtime/memory.ts';
import { layersOf, rowOf, type ShownAttention } from './attention.ts';
import { Compare } from './compare.svelte.ts';
import { Measures } from './head-measures.svelte.ts';
import { maskOn, printMask, readHeads, readMask } from './masks.ts';
import { Occlusion } from './occlusion.svelte.ts';
import type { AttentionFields } from './state.ts';

/** Parts of a layer's attention on the strip, by the end of their names. */
const WAY: readonly StripName[] = [
  ['q', { en: 'queries', zh: '查询' }],
  ['k', { en: 'keys', zh: '键' }],
  ['scores', { en: 'scores', zh: '分数' }],
  ['probs', { en: 'attention', zh: '注意力' }],
  ['v', { en: 'values', zh: '值' }],
  ['out', { en: 'mixed', zh: '混合' }],
];
/** Attention maps of one pass larger than this are not fetched unasked where the device reports little memory. */
const LITTLE = 64e6;

/** What stage, prose, strip and drawer of lesson 3 share. */
export class AttentionViewModel extends ClassifierViewModel<AttentionFields> implements ShownAttention {
  /** The same model with heads or patches taken out. */
  readonly changed: LiveModel;
  /** The same model at the patch size of the second map of a difference. */
  readonly other: LiveModel;
  readonly measures: Measures;
  readonly compare: Compare;
  readonly occlusion: Occlusion;
  /** Tokens under the cursor: the one that asks for the moment, and the one looked at. Counted with CLS. */
  hovered = $state<number>();
  keyed = $state<number>();

  constructor(walkthrough: Walkthrough<AttentionFields>) {
    super(walkthrough, walkthrough.state);
    this.changed = this.another();
    this.other = this.another();
    this.runOnPicture(this.changed);
    this.runOnPicture(this.other, () => this.state.p2);
    $effect(() => {
      this.changed.interventions = this.interventions;
    });
    // Every map is asked for at once: a change of layer or head then never waits.
    $effect(() => {
      if (this.silence !== undefined) return;
      const leave = this.names.map((name) => this.live.tensors.want(name));
      return () => leave.forEach((stop) => stop());
    });
    this.measures = new Measures(
      () => this.layers,
      () => this.place,
      () => this.chosenHead,
    );
    this.compare = new Compare(this);
    this.occlusion = new Occlusion(this);
  }

  readonly names = Array.from({ length: CONFIG.depth }, (_, i) => `blocks.${i}.attn.probs`);

  /** Attention of every layer, `[h, T, T]` each, all of one pass; undefined until they are there. */
  readonly layers: readonly Tensor[] | undefined = $derived.by(() => layersOf(this.live, this.names));
  /** Where the tokens of the maps on screen lie: those of the last answer, else of the patch size asked for. */
  readonly place: PatchGrid = $derived.by(() => ({
    grid: this.layers ? Math.round(Math.sqrt(this.layers[0]!.shape[1]! - 1)) : this.seen.geometry.rows,
    prefix: 1,
  }));
  get tokens(): number {
    return this.place.prefix + this.place.grid ** 2;
  }
  /** Pixels a side of the patches on screen. */
  get shownPatch(): number {
    return Math.floor(CONFIG.image / this.place.grid);
  }
  /** Whether the maps on screen belong to the wished patch size and picture. */
  get current(): boolean {
    return this.silence === undefined && !this.live.pending && this.shownPatch === this.p;
  }

  /** The token at a pixel of the picture. */
  tokenAt([y, x]: readonly [number, number]): number {
    const { grid, prefix } = this.place;
    const cell = (v: number) => Math.min(grid - 1, Math.floor((v / CONFIG.image) * grid));
    return prefix + cell(y) * grid + cell(x);
  }
  /** The middle of a patch, as the state keeps it. */
  pixelOf(token: number): readonly [number, number] {
    const { grid, prefix } = this.place;
    const size = CONFIG.image / grid;
    const n = token - prefix;
    return [Math.floor((Math.floor(n / grid) + 0.5) * size), Math.floor(((n % grid) + 0.5) * size)];
  }
  /** The token that was chosen to ask. */
  readonly pinned = $derived.by(() => (this.state.cls ? 0 : this.tokenAt(this.state.at)));
  /** The token that asks now: the one under the cursor before the chosen one. */
  readonly query = $derived.by(() => Math.min(this.tokens - 1, this.hovered ?? this.pinned));
  /** The token looked at in the cell computed by hand. */
  readonly key = $derived.by(() => (this.state.kcls ? 0 : this.tokenAt(this.state.key)));
  ask(token: number): void {
    this.state.cls = token < this.place.prefix;
    if (token >= this.place.prefix) this.state.at = this.pixelOf(token);
  }
  lookAt(token: number): void {
    this.state.kcls = token < this.place.prefix;
    if (token >= this.place.prefix) this.state.key = this.pixelOf(token);
  }

  get heads(): number {
    return CONFIG.heads;
  }
  readonly chosenHead = $derived.by(() => this.state.l * CONFIG.heads + this.state.h);
  chooseHead(k: number): void {
    this.state.l = Math.floor(k / CONFIG.heads);
    this.state.h = k % CONFIG.heads;
  }
  /** One row of one head, `[T]`, over all tokens. */
  row(layer: number, head: number, query = this.query): Float32Array | undefined {
    return rowOf(this.layers?.[layer], head, query);
  }

  /**
   * One range of colours for the row that asks in every head: from 0 to the weight that 99 % of the patches in all maps
   * stay below. A few patches lie above; they have the colour of the end, and the legend says so.
   */
  readonly shared: readonly [number, number] | undefined = $derived.by(() => {
    if (!this.layers) return undefined;
    const { grid, prefix } = this.place;
    const all = new Float32Array(CONFIG.depth * CONFIG.heads * grid * grid);
    for (let k = 0; k < CONFIG.depth * CONFIG.heads; k++) {
      const row = this.row(Math.floor(k / CONFIG.heads), k % CONFIG.heads);
      if (row) all.set(row.subarray(prefix), k * grid * grid);
    }
    return [0, quantile(all, 0.99)];
  });

  /** Heads that are switched off, `[depth · heads]`. */
  readonly off = $derived.by(() => readHeads(this.state.off, CONFIG.depth * CONFIG.heads));
  /** Patches that are out, `[N]`, on the grid of the wished patch size. */
  readonly out = $derived.by(() => maskOn(readMask(this.state.mask), this.seen.geometry.rows));
  setOut(out: readonly boolean[]): void {
    this.state.mask = printMask({ grid: this.seen.geometry.rows, out });
  }
  /** What the changed run is given; neutral where nothing is taken out. */
  readonly interventions = $derived.by((): InputValues => {
    if (this.state.cut === 'heads') return { head_mask: Float32Array.from(this.off, (o) => (o ? 0 : 1)) };
    return { token_mask: Float32Array.from([false, ...this.out], (o) => (o ? 0 : 1)) };
  });

  /** Bytes of all attention maps of one pass at the wished patch size. */
  readonly mapBytes = $derived.by(() => {
    const T = this.seen.geometry.count + 1;
    return 4 * CONFIG.depth * CONFIG.heads * T * T;
  });
  readonly #silence: 'memory' | undefined = $derived.by(() =>
    !this.state.force && this.mapBytes > LITTLE && typeof window !== 'undefined' && !hasRoom()
      ? 'memory'
      : undefined,
  );
  /** Why the model is not asked: its maps would be large for this device. */
  override get silence(): 'memory' | undefined {
    return this.#silence;
  }
  /** The next patch size with smaller maps. */
  get next(): number | undefined {
    return TRAINED.find((p) => p > this.p);
  }

  /** Scores stand in the strip while they are computed by hand, else the weights made of them. */
  protected readonly way: readonly StripName[] = $derived.by(() => {
    const { l, view, part } = this.state;
    const out = view === 'cell' && part === 'score' ? 'probs' : 'scores';
    return WAY.flatMap(([end, title]) => (end === out ? [] : [[`blocks.${l}.attn.${end}`, title] as const]));
  });
  override get absence(): Text | undefined {
    return this.silence === undefined ? undefined : ABSENT;
  }
}

const ABSENT: Text = {
  en: 'At this patch size the model does not run on this device, so this tensor has a shape and no values. Choose a larger patch size.',
  zh: '在这个图像块边长下，模型不在这台设备上运行，所以这个张量只有形状，没有数值。请选更大的边长。',
};
