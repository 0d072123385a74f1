import { Fault } from '#lib/base/errors.ts';
import { readyModel } from '#lib/live/session-work.svelte.ts';
import type { LiveModel } from '#lib/live/live-model.svelte.ts';
import { CODES_TO_PICTURE, type CodesToPicture, type CodeStep } from '#lib/programs/codes-to-picture/call.ts';
import type { Engine } from '#lib/runtime/engine.svelte.ts';
import { PlayedRun } from './played-run.svelte.ts';

/** The networks that words become a picture through, in codes; several sessions may share them. */
export interface CodePainters {
  /** The text tower. */
  readonly text: LiveModel;
  /** The one that chooses codes, and the one that decodes them. */
  readonly generator: LiveModel;
  readonly decoder: LiveModel;
  /** The one that paints what the codes leave over. */
  readonly refiner?: LiveModel;
}

/** A run that is wished for. */
export interface CodeWish {
  readonly spec: CodesToPicture;
  /** By which of the session's painters. */
  readonly by: string;
  /** The steps this makes: `stepsOf` of the program's spec. */
  readonly steps: number;
}

/** One state of a run in codes: nothing (0), or what stood after step k. */
export interface CodeFrame {
  /** Steps made so far, 0 … N. */
  readonly step: number;
  /** The step that arrived here; undefined before the first. */
  readonly by: CodeStep | undefined;
}

/**
 * A picture written in codes as the page sees it: every step with its codes, and the picture decoded of them. Bytes that
 * are coming go on coming where it is paused: other sessions wait for the same networks.
 */
export class CodeSession extends PlayedRun<CodeWish, CodeFrame> {
  readonly #painters: Readonly<Record<string, CodePainters>>;
  readonly #first: CodePainters;
  #list = $state.raw<readonly CodeFrame[]>([]);

  /**
   * @param first painters that are meant while nothing is wished for
   * @param painters by the names that wishes have for them
   */
  constructor(engine: Engine, first: CodePainters, painters: Readonly<Record<string, CodePainters>>) {
    super(engine);
    this.#first = first;
    this.#painters = painters;
  }

  /** The networks of the wish. */
  get painters(): CodePainters {
    return this.#painters[this.settings?.by ?? ''] ?? this.#first;
  }
  get #models(): readonly LiveModel[] {
    const { text, generator, decoder, refiner } = this.painters;
    return [text, generator, decoder, ...(refiner ? [refiner] : [])];
  }
  /** Of its networks the one that is coming or has failed, else the generator. */
  get live(): LiveModel {
    const all = this.#models;
    return (
      all.find(({ phase }) => phase === 'failed') ??
      all.find(({ phase }) => phase === 'loading') ??
      this.painters.generator
    );
  }
  get frames(): readonly CodeFrame[] {
    return this.#list;
  }
  /** The steps made, in order. */
  readonly steps: readonly CodeStep[] = $derived.by(() => this.#list.flatMap(({ by }) => by ?? []));

  protected begin(of: CodeWish | undefined): void {
    this.#list = of ? [{ step: 0, by: undefined }] : [];
  }

  protected async make(of: CodeWish, until: number, signal: AbortSignal, running: () => void): Promise<void> {
    const { text, generator, decoder, refiner } = this.painters;
    const [first, second, third, fourth] = await Promise.all(
      [text, generator, decoder, ...(refiner ? [refiner] : [])].map(readyModel),
    );
    if (signal.aborted || !first || !second || !third) return;
    const { fault } = this.work;
    if (fault) throw new Fault(fault.code, { ...fault.details });
    running();
    const resume = this.last?.by && CODES_TO_PICTURE.resume(this.last.by);
    await this.engine.program(
      CODES_TO_PICTURE,
      {
        models: { text: first, generator: second, decoder: third, ...(fourth && { refiner: fourth }) },
        spec: of.spec,
        until,
        ...(resume !== undefined && { resume }),
      },
      {
        signal,
        onStep: (step) => {
          if (!signal.aborted) this.#take(step);
        },
        onAgain: this.onAgain,
      },
    );
  }

  #take(by: CodeStep): void {
    this.took(by.ms + by.decodeMs, () => {
      this.#list = [...this.#list, { step: by.step, by }];
    });
  }
}
