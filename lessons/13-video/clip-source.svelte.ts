import { awaiting } from '#lib/base/awaited.svelte.ts';
import { Fault, type FaultRecord } from '#lib/base/errors.ts';
import type { Text } from '#lib/base/lang.ts';
import { fileHref } from '#lib/base/paths.ts';
import type { Rgba } from '#lib/images/index.ts';
import { loadEmojiAtlas, type EmojiAtlas } from '#lib/pictures/emoji.ts';
import { SignSheet, whole } from '#lib/pictures/sign-sheet.svelte.ts';
import { toRecord } from '#lib/runtime/protocol.ts';
import { drawFrames } from './clip-drawing.ts';
import { drawnOf } from './clip-paths.ts';
import type { Film } from './film.ts';
import { FILM_FAULTS, FilmFault, longFilm, STILL_FILM, type FilmFaultCode } from './film-words.ts';
import { evenly, readOrder } from './frame-order.ts';
import { LABELS, SPEC } from './model.ts';
import type { VideoState } from './state.ts';

/** A clip as the networks are fed it. */
export interface Clip {
  /** `[count, 3, side, side]`, −1 … 1; a new array for each clip, never changed. */
  readonly frames: Float32Array;
  readonly count: number;
  readonly side: number;
  readonly from: 'drawn' | 'file' | 'camera' | 'frames';
  /** The true class where it is drawn, and no frame of it has been moved. */
  readonly motion?: string;
  readonly name: Text;
}

/** Frames that a clip is put together of, and the order that it has them in. */
export interface Reel {
  /** Each `[3, side, side]`. */
  readonly frames: readonly Float32Array[];
  readonly order: readonly number[];
  /** As filmed: the reader has moved none. */
  readonly plain: boolean;
}

const OWN: Readonly<Record<Film['from'], Text>> = {
  file: { en: 'your video', zh: '你的视频' },
  camera: { en: 'your recording', zh: '你的录像' },
};
const REORDERED: Text = { en: ', frames reordered', zh: '，帧的顺序已改动' };
const and = (a: Text, b: Text, between: Text = { en: '', zh: '' }): Text => ({
  en: a.en + between.en + b.en,
  zh: a.zh + between.zh + b.zh,
});

/** Where the clip comes from: drawn signs, a file or the camera, in the order of frames that the reader chose. Reactive. */
export class ClipSource {
  readonly sheet = new SignSheet();
  readonly #state: VideoState;
  readonly #size: { readonly count: number; readonly side: number };
  #atlas = $state.raw<EmojiAtlas>();
  #signFault = $state.raw<FaultRecord>();
  #film = $state.raw<Film>();
  #file: Blob | undefined;
  #failed = $state<FilmFaultCode>();
  #reading = $state(false);
  #ticket = 0;
  #loading: Promise<void> | undefined;

  constructor(state: VideoState, size: { readonly count: number; readonly side: number }) {
    this.#state = state;
    this.#size = size;
    $effect(() => void this.load());
  }

  /** The signs that can be drawn; undefined until the list is here. */
  get atlas(): EmojiAtlas | undefined {
    return this.#atlas;
  }
  /** Why there are no drawn clips; `load` tries again. */
  get signFault(): FaultRecord | undefined {
    return this.#signFault ?? this.sheet.fault;
  }
  /** The reader's film; undefined before there is one. */
  get film(): Film | undefined {
    return this.#film;
  }
  /** A film is being read. */
  get reading(): boolean {
    return this.#reading;
  }
  /** Why the last film could not be read; the clip before it stays. */
  get fault(): Text | undefined {
    if (this.#failed) return FILM_FAULTS[this.#failed];
    return this.#state.from === 'own' && !this.#film && !this.#reading ? FILM_FAULTS.gone : undefined;
  }
  get faultCode(): FilmFaultCode | undefined {
    return this.#failed ?? (this.fault && 'gone');
  }
  /** What is to be said of a film that was read. */
  readonly remark: Text | undefined = $derived.by(() => {
    if (!this.#shown) return undefined;
    const { seconds, stretch } = this.#shown;
    const long = seconds > stretch ? longFilm(seconds, stretch, this.#size.count) : undefined;
    if (!this.#still) return long;
    return long ? and(long, STILL_FILM, { en: ' ', zh: '' }) : STILL_FILM;
  });
  #still = $state(false);
  readonly #shown = $derived.by(() => (this.#state.from === 'own' ? this.#film : undefined));

  /** Fetches the signs, if they are neither here nor on their way. */
  load(): Promise<void> {
    this.#loading ??= awaiting(() => this.#load());
    return this.#loading;
  }
  async #load(): Promise<void> {
    this.#signFault = undefined;
    try {
      this.#atlas ??= await loadEmojiAtlas(fetch, fileHref('emoji/emoji.json')).catch((error: unknown) => {
        throw new Fault(navigator.onLine ? 'download-failed' : 'offline', { file: 'emoji.json' }, error);
      });
      await this.sheet.load(this.#atlas);
      if (this.sheet.fault) this.#loading = undefined;
    } catch (error) {
      this.#signFault = toRecord(error);
      this.#loading = undefined;
    }
  }

  /** Another clip of signs: what is given changes, and all frames stand as they were drawn. */
  draw(wish: Partial<Pick<VideoState, 'motion' | 'sign' | 'other' | 'seed' | 'pace'>>): void {
    this.dismiss();
    Object.assign(this.#state, wish, { from: 'drawn', order: '' });
  }
  /** Takes a video file of the reader's. It stays in this page. */
  async take(file: Blob | undefined, start = 0): Promise<void> {
    if (!file) return this.refuse('no-file');
    const { readFilm } = await import('./film.ts');
    await this.#put(() => readFilm(file, SPEC, start), file);
  }
  /** Another stretch of the same file. */
  async move(start: number): Promise<void> {
    if (this.#file) await this.take(this.#file, start);
  }
  /** Takes what the camera has recorded. */
  async record(recorded: Promise<Film>): Promise<void> {
    await this.#put(() => recorded, undefined);
  }
  /** Says why there is no film. */
  refuse(code: FilmFaultCode): void {
    this.#failed = code;
  }
  dismiss(): void {
    this.#failed = undefined;
  }
  async #put(read: () => Promise<Film>, file: Blob | undefined): Promise<void> {
    const ticket = ++this.#ticket;
    this.#failed = undefined;
    this.#reading = true;
    try {
      const [film, { standsStill }] = await Promise.all([awaiting(read), import('./film.ts')]);
      if (ticket !== this.#ticket) return;
      this.#file = file;
      this.#still = standsStill(film);
      this.#film = film;
      Object.assign(this.#state, { from: 'own', order: '' });
    } catch (error) {
      if (ticket === this.#ticket) this.#failed = error instanceof FilmFault ? error.code : 'unreadable';
    } finally {
      if (ticket === this.#ticket) this.#reading = false;
    }
  }

  /** The picture of a sign on white, at the side that training drew from; undefined until it is here. */
  #sign(id: string): Rgba | undefined {
    if (!this.sheet.ready) return undefined;
    const known = this.#atlas?.concepts.some((concept) => concept.id === id);
    return this.sheet.picture(whole(known ? id : FIRST_SIGN), this.#size.side);
  }
  /** What a sign is called. */
  nameOf(id: string): Text | undefined {
    const find = (wanted: string) => this.#atlas?.concepts.find((concept) => concept.id === wanted)?.name;
    return find(id) ?? find(FIRST_SIGN);
  }

  readonly #drawn: readonly Float32Array[] | undefined = $derived.by(() => {
    const { motion, sign, other, seed, pace } = this.#state;
    const { count, side } = this.#size;
    const signs = [sign, other].map((id) => this.#sign(id));
    const [one, second] = signs;
    if (!one || !second) return undefined;
    const all = drawFrames(drawnOf(motion, { frames: count, seed, pace }), [one, second], side);
    const size = all.length / count;
    return Array.from({ length: count }, (_, f) => all.subarray(f * size, (f + 1) * size));
  });
  /** The frames of the shown clip's film, and the order that the clip has them in. */
  readonly reel: Reel | undefined = $derived.by(() => {
    const frames = this.#shown?.frames ?? this.#drawn;
    if (!frames) return undefined;
    const plain = evenly(frames.length, this.#size.count);
    const chosen = readOrder(this.#state.order, frames.length, this.#size.count);
    const order = chosen ?? plain;
    return { frames, order, plain: order.every((n, i) => n === plain[i]) };
  });
  readonly current: Clip | undefined = $derived.by(() => {
    const { reel } = this;
    if (!reel) return undefined;
    const { count, side } = this.#size;
    const size = 3 * side * side;
    const frames = new Float32Array(count * size);
    reel.order.forEach((n, i) => frames.set(reel.frames[n] ?? [], i * size));
    const base = { frames, count, side };
    if (this.#shown) {
      const name = OWN[this.#shown.from];
      return reel.plain
        ? { ...base, from: this.#shown.from, name }
        : { ...base, from: 'frames', name: and(name, REORDERED) };
    }
    const name = this.#drawnName;
    if (!reel.plain) return { ...base, from: 'frames', name: and(name, REORDERED) };
    return { ...base, from: 'drawn', motion: this.#state.motion, name };
  });
  /** What is drawn: “giraffe: to the right”. */
  get #drawnName(): Text {
    const { motion, sign, other } = this.#state;
    const label = LABELS.find(({ id }) => id === motion);
    const [one, second] = [this.nameOf(sign), this.nameOf(other)];
    if (!label || !one || !second) return { en: motion, zh: motion };
    const things = label.group === 'first' ? and(one, second, { en: ' and ', zh: '和' }) : one;
    return and(things, label, { en: ': ', zh: '：' });
  }
}

/** Drawn where the state names a sign that is none. */
const FIRST_SIGN = '1F992';
