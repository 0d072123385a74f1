import { CodeSession, type CodePainters, type CodeWish } from '#lib/diffusion/session/code-session.svelte.ts';
import { followSpec, followStep } from '#lib/diffusion/session/follow-run.svelte.ts';
import { styleClass } from '#lib/notebook/painting/styles.ts';
import type { CodesToPicture, CodeStep } from '#lib/programs/codes-to-picture/call.ts';
import { stepsOf, wayOf } from '#lib/programs/codes-to-picture/spec.ts';
import { familyOf } from '#lib/models/registry.ts';
import { FAMILY } from '#lib/models/autoregressive/family.ts';
import { CHOOSER_CONFIGS } from './model.ts';
import type { OrderName, ViewName } from './names.ts';
import { orderOf } from './nets-of.ts';
import type { WritingRoom } from './writing-room.ts';

/** Views whose picture is the one that words and settings ask for. */
const WRITING: readonly ViewName[] = ['write', 'next', 'cache', 'edit'];
/** How the codes of an order are chosen. */
const chooserOf = (order: OrderName) => familyOf(FAMILY.id).codeChooser?.(CHOOSER_CONFIGS[order]);

/** The picture that is written of the reader's words, and what a run of them is asked. Everything is reactive. */
export class Writing {
  readonly #vm: WritingRoom;
  /** A panel's own run, while it is open: transport and progress are its. */
  own = $state.raw<CodeSession>();
  /** The picture that words, style, order and settings ask for. */
  readonly run: CodeSession;

  constructor(vm: WritingRoom) {
    this.#vm = vm;
    this.run = this.newRun();
    followSpec(this.run, () => this.wish);
    followStep(this.run, vm.state);
    $effect(() => {
      const { by } = this.run.frame ?? {};
      if (this.own || !this.wish) return;
      vm.asked = by && Object.keys(by.inputs).length > 0 ? { inputs: by.inputs } : undefined;
    });
  }

  /** The order that the view on show writes in. */
  get order(): OrderName {
    return orderOf(this.#vm.state);
  }
  /** The networks of each order, as parts of the program. */
  painters(order: OrderName): CodePainters {
    const vm = this.#vm;
    return { text: vm.text, generator: vm.choosers[order], decoder: vm.tokenizer(order) };
  }
  /** A run of its own: give it `followSpec`, or cancel it when the panel goes. */
  newRun(): CodeSession {
    const [raster, masked, scales] = [
      this.painters('raster'),
      this.painters('masked'),
      this.painters('scales'),
    ];
    return new CodeSession(this.#vm.engine, raster, { raster, masked, scales });
  }
  /**
   * What the settings ask of the program, of any words; undefined before the tokenizer is here. Put what differs over it:
   * `{ ...vm.writing.specOf('goat'), guidance: 1 }`.
   */
  specOf(text: string): CodesToPicture | undefined {
    const rows = this.#vm.tokens.rows([text, '']);
    const [words, empty] = rows?.map(({ ids }) => ids) ?? [];
    if (!words || !empty) return undefined;
    const { style, seed, w, tau, topk, r, choose } = this.#vm.state;
    return {
      words,
      empty,
      style: styleClass(style),
      seed,
      guidance: w,
      temperature: tau,
      topK: topk,
      rounds: r,
      choose,
    };
  }
  /** The wish for a run of an order, with what differs from the settings. */
  wishOf(order: OrderName, over: Partial<CodesToPicture> = {}): CodeWish | undefined {
    const spec = this.specOf(this.#vm.state.word);
    const chooser = chooserOf(order);
    if (!spec || !chooser) return undefined;
    const whole = { ...spec, ...over };
    return { spec: whole, by: order, steps: stepsOf(wayOf(whole, chooser), 0) };
  }
  /** What `run` is to write. */
  readonly wish: CodeWish | undefined = $derived.by(() =>
    WRITING.includes(this.#vm.state.view) ? this.wishOf(this.order) : undefined,
  );
  /** The step on show; undefined while nothing is written. */
  get step(): CodeStep | undefined {
    return this.run.frame?.by;
  }
  /** The finished codes of `run`; undefined before there are any. */
  readonly codes: Int32Array | undefined = $derived.by(() => {
    const last = this.run.last?.by;
    return last && !last.codes.includes(-1) ? last.codes : undefined;
  });
  /**
   * The picture on show as CLIP's picture tower takes it, `[3, S, S]` in −1 … 1; undefined while codes come one after another,
   * since judging each unfinished picture would take longer than writing it.
   */
  readonly painted: Float32Array | undefined = $derived.by(() =>
    this.run.busy && this.run.following
      ? undefined
      : this.step?.picture?.map((v) => Math.min(1, Math.max(-1, v))),
  );
}
