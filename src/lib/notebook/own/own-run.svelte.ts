import { untrack } from 'svelte';
import type { Text } from '#lib/base/lang.ts';
import type { Tensor } from '#lib/base/tensor.ts';
import { fitPicture, preprocess, sidesOf } from '#lib/images/preprocess.ts';
import { byName } from '#lib/live/by-name.ts';
import { timePasses } from '#lib/live/latest-pass.svelte.ts';
import { LiveModel } from '#lib/live/live-model.svelte.ts';
import { inputTensor, knownOf, tensorOf } from '#lib/live/make-tensor.svelte.ts';
import type { NamedTensor } from '#lib/live/named-tensor.ts';
import { familyOf, withVariant, type Blueprint } from '#lib/models/registry.ts';
import type { OwnModel } from '#lib/own/page/opened.svelte.ts';
import { FollowedPicture } from '#lib/pictures/followed.svelte.ts';
import { galleryPicture } from '#lib/pictures/gallery.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { stripOf, type Inspected, type StripName, type ViewModel } from '../view-model.ts';
import type { Walkthrough } from '../walkthrough.svelte.ts';
import { blocksOf, tokensOf } from './fits.ts';
import { LOOK, type Look } from './look.ts';

/** Patches that a page shows at the most: more make maps of more than a million numbers a head. */
const MOST_PATCHES = 1024;
/** Attention maps of all blocks together are fetched up to so many bytes; beyond, those of one block. */
const MOST_MAPS = 128e6;
const NO_TOKENS = { rows: 1, cols: 1, prefix: 0, heads: 1 };

/**
 * A network of the reader's on the lesson's picture: what its figures, its strip and its drawer read while it is shown in
 * place of the lesson's own. Make it inside an effect's root: it opens effects.
 */
export class OwnRun implements ViewModel {
  readonly model: OwnModel;
  readonly live: LiveModel;
  readonly seen: FollowedPicture;
  readonly #walkthrough: Walkthrough;
  #look = $state.raw<Look>(LOOK);
  /** What the strip shows; the lesson's stage says it. */
  way = $state.raw<readonly StripName[]>([]);
  /** Patch sizes that it can be run at, ascending. */
  readonly patches: readonly number[];
  readonly blocks: number;

  constructor(engine: Engine, model: OwnModel, walkthrough: Walkthrough, look?: Look) {
    this.model = model;
    this.#walkthrough = walkthrough;
    this.live = new LiveModel(engine, model.config, { ahead: false });
    this.seen = new FollowedPicture(walkthrough, this.pic);
    this.blocks = blocksOf(model.config);
    this.patches = patchesOf(model.config);
    if (look) this.#look = look;
    $effect(() => {
      this.live.inputs = this.input && { x: this.input };
    });
    $effect(() => {
      this.live.variant = { patch: this.patch };
    });
    timePasses(() => this.live);
    let before = walkthrough.state['p'];
    // Steps and settings of the text set the patch size; the network follows where it can.
    $effect(() => {
      const { p } = walkthrough.state;
      if (p === before) return;
      before = p;
      untrack(() => typeof p === 'number' && this.patches.includes(p) && this.set({ patch: p }));
    });
  }

  /** The lesson's picture, as the bar under it names and changes it. */
  get pic(): { pic: string } {
    const { state } = this.#walkthrough;
    return {
      get pic() {
        return String(state['pic'] ?? '');
      },
      set pic(id: string) {
        Object.assign(state, { pic: id });
      },
    };
  }

  get look(): Look {
    return this.#look;
  }
  set(change: Partial<Look>): void {
    this.#look = { ...this.#look, ...change };
  }
  /** Pixels a side of a patch, as wished for; the stored size where the wish is none that it can be run at. */
  get patch(): number {
    return this.patches.includes(this.#look.patch) ? this.#look.patch : this.stored;
  }
  get stored(): number {
    return (this.model.config.config as { readonly patch?: number }).patch ?? 0;
  }
  get block(): number {
    return Math.min(this.#look.block, this.blocks - 1);
  }
  get head(): number {
    return Math.min(this.#look.head, this.tokens.heads - 1);
  }

  /** The network whose answer is on show, and before there is one, the one asked for. */
  get shown(): Blueprint {
    return withVariant(this.model.config, { patch: this.shownPatch });
  }
  get shownPatch(): number {
    return this.live.shown?.variant.patch ?? this.patch;
  }
  /** Where its tokens lie. */
  readonly tokens = $derived.by(() => tokensOf(this.shown) ?? NO_TOKENS);
  /** Token of the place that is looked at, counted with those before the patches. */
  readonly token = $derived.by(() => {
    const { rows, cols, prefix } = this.tokens;
    const [row, column] = this.#look.at;
    if (this.#look.first && prefix > 0) return 0;
    const cell = (part: number, count: number) => Math.min(count - 1, Math.floor((part / 1000) * count));
    return prefix + cell(row, rows) * cols + cell(column, cols);
  });
  /** The same, counted among the patches; negative for one before them. */
  get cell(): number {
    return this.token - this.tokens.prefix;
  }
  /** Looks at a patch. */
  choose(cell: number): void {
    const { rows, cols } = this.tokens;
    const part = (index: number, count: number) => Math.round(((index + 0.5) / count) * 1000);
    this.set({ at: [part(Math.floor(cell / cols), rows), part(cell % cols, cols)], first: false });
  }

  /** The picture as the network sees it, 0 … 255. */
  readonly square = $derived.by(() => {
    const { rgba } = this.seen.picture;
    const { size, fit } = this.model.config.preprocessing;
    return rgba && fitPicture(rgba, size, fit);
  });
  readonly input = $derived.by(() => {
    const { rgba } = this.seen.picture;
    return rgba && preprocess(rgba, this.model.config.preprocessing);
  });
  /** Height and width of what it sees, pixels. */
  get sides(): readonly [height: number, width: number] {
    return sidesOf(this.model.config.preprocessing.size);
  }

  /** Attention maps that are fetched: of all blocks, or where they are too large, of the chosen one. */
  readonly maps: readonly string[] = $derived.by(() => {
    const { rows, cols, prefix, heads } =
      tokensOf(withVariant(this.model.config, { patch: this.patch })) ?? NO_TOKENS;
    const all = 4 * this.blocks * heads * (rows * cols + prefix) ** 2;
    const blocks = all > MOST_MAPS ? [this.block] : Array.from({ length: this.blocks }, (_, i) => i);
    return blocks.map((i) => `blocks.${i}.attn.probs`);
  });
  /** One row of one head, over all tokens; undefined until it is there. */
  row(block: number, head: number): Float32Array | undefined {
    const probs = this.live.tensors.get(`blocks.${block}.attn.probs`);
    const T = this.tokens.prefix + this.tokens.rows * this.tokens.cols;
    if (probs?.shape.at(-1) !== T) return undefined;
    const at = (head * T + this.token) * T;
    return probs.data.subarray(at, at + T);
  }
  /** Names of the residual stream: before the first block, then after each. */
  readonly stream: readonly string[] = $derived.by(() => {
    const values = this.live.graph?.values;
    const begin = ['norm_pre', 'tokens'].find((name) => values?.has(name)) ?? 'blocks.0';
    return [begin, ...Array.from({ length: this.blocks }, (_, i) => `blocks.${i}`)];
  });
  /** A tensor `[T, D]` of the answer on show; undefined for one that is not there. */
  rows(name: string): Tensor | undefined {
    const found = this.live.tensors.get(name);
    const { rows, cols, prefix } = this.tokens;
    return found?.shape.at(-2) === rows * cols + prefix ? found : undefined;
  }
  /** The tensor of the probabilities, where it tells classes apart. */
  get probs(): NamedTensor | undefined {
    const { architecture, config } = this.model.config;
    const answer = familyOf(architecture).answer(config);
    return answer.kind === 'classes' ? this.named(answer.probs) : undefined;
  }

  readonly strip = $derived.by(() => stripOf(this, this.way));
  get asking(): Text {
    const name = galleryPicture(this.pic.pic)?.title ?? { en: 'your picture', zh: '你的图片' };
    return { en: `${name.en}, ${this.patch} px`, zh: `${name.zh}，${this.patch} px` };
  }
  readonly #x = inputTensor(
    'x',
    () => this.input,
    () => knownOf(this.live.graph, 'x'),
  );
  readonly #ofModel = byName((name) => tensorOf(this.live, name));
  named(name: string): NamedTensor | undefined {
    if (name === 'x') return this.#x;
    return this.live.graph?.values.has(name) ? this.#ofModel(name) : undefined;
  }
  inspected(): Inspected {
    return { model: this.model.config.name, patch: this.patch, picture: this.pic.pic };
  }
}

/** Patch sizes that a page runs a network at: those its family offers that make neither one patch nor too many. */
function patchesOf(of: Blueprint): readonly number[] {
  const { patch } = of.config as { readonly patch?: number };
  const offered = familyOf(of.architecture).variants?.offered(of.config, 'patch') ?? [];
  const fits = (p: number) => {
    const at = tokensOf(withVariant(of, { patch: p }));
    return at !== undefined && at.rows * at.cols <= MOST_PATCHES && at.rows * at.cols >= 4;
  };
  return offered.filter((p) => p === patch || fits(p));
}
