import { CodeSession, type CodeWish } from '#lib/diffusion/session/code-session.svelte.ts';
import { followSpec } from '#lib/diffusion/session/follow-run.svelte.ts';
import type { CodesToPicture, CodeStep } from '#lib/programs/codes-to-picture/call.ts';
import type { OrderName } from './names.ts';
import type { CodesViewModel } from './view-model.svelte.ts';

/** What differs from the reader's settings. */
export type Over = Partial<CodesToPicture>;

/** A run of one order that is followed while a panel lives. Both are read reactively. */
interface Asked {
  /** What differs from the reader's settings; undefined: nothing is wanted. */
  readonly over?: () => Over | undefined;
  /** The rest is painted, too, in so many steps; 0: it is not. */
  readonly refining?: () => number;
}

/** The run of an order that the reader's words and settings ask for. Make it while a component is made. */
export function useOrderRun(
  vm: CodesViewModel,
  order: OrderName,
  { over = () => ({}), refining = () => 0 }: Asked = {},
): CodeSession {
  const plain = vm.writing.painters(order);
  const run = new CodeSession(vm.engine, plain, { [order]: plain, refined: { ...plain, refiner: vm.hart } });
  const wish: CodeWish | undefined = $derived.by(() => {
    const [more, steps] = [over(), refining()];
    const wished = more && vm.writing.wishOf(order, more);
    if (!wished || steps === 0) return wished;
    const spec = { ...wished.spec, refine: { sampler: 'ddim', steps } };
    return { spec, by: 'refined', steps: wished.steps + steps };
  });
  followSpec(run, () => wish);
  return run;
}

/** The state of a run at a step, or its newest where it is not so far; −1: the newest. */
export function stepAt(run: CodeSession, step: number): CodeStep | undefined {
  return (step < 0 ? undefined : run.steps.find((one) => one.step === step)) ?? run.steps.at(-1);
}

/** Milliseconds of all passes so far: of the network that chooses, and of the decoder. */
export function timeOf(run: CodeSession): { readonly choosing: number; readonly decoding: number } {
  return run.steps.reduce(
    (sum, { ms, decodeMs }) => ({ choosing: sum.choosing + ms, decoding: sum.decoding + decodeMs }),
    { choosing: 0, decoding: 0 },
  );
}

/**
 * While the component lives, transport and progress are those of its run, and strip and drawer show what its network was fed
 * in the step on show. Call it while the component is made.
 */
export function showRun(vm: CodesViewModel, run: () => CodeSession): void {
  $effect(() => {
    const shown = run();
    const { by } = shown.frame ?? {};
    vm.writing.own = shown;
    vm.asked = by && Object.keys(by.inputs).length > 0 ? { inputs: by.inputs } : undefined;
  });
  $effect(() => () => {
    vm.writing.own = undefined;
    vm.asked = undefined;
  });
}

/** While the component lives, strip and drawer show what the network for the rest was fed in the step on show, or at last. */
export function showRest(vm: CodesViewModel, run: () => CodeSession): void {
  $effect(() => {
    const { frame, steps } = run();
    const { rest } = frame?.by?.rest ? frame.by : (steps.at(-1) ?? {});
    vm.rest = rest?.inputs;
  });
  $effect(() => () => {
    vm.rest = undefined;
  });
}
