import { preprocess } from '#lib/images/index.ts';
import { FollowedPicture } from '#lib/pictures/followed.svelte.ts';
import type { Walkthrough } from '#lib/notebook/walkthrough.svelte.ts';
import { CONFIG, SPEC } from './model.ts';
import { MOST_OBJECTS, tidied, type SceneObject } from './scene.ts';
import { drawScene, type DrawnScene } from './scene-drawing.ts';
import { free, seededObjects } from './seeded-scene.ts';
import { SpriteSheet } from './sprite-sheet.svelte.ts';
import { SEEDS, type DetectionFields, type DetectionState } from './state.ts';

/** What can be undone. */
type Before = Pick<DetectionState, 'objects' | 'seed' | 'pic'>;
const MOST_UNDONE = 100;

/** The scene: a photo, and the objects that the seed draws or the reader has put on it. Reactive. */
export class SceneSource {
  readonly sheet = new SpriteSheet();
  /** The photo, or the reader's own picture, squashed to the square that the networks see. */
  readonly photo: FollowedPicture;
  readonly #state: DetectionState;
  #past = $state.raw<readonly Before[]>([]);
  /** What the last change was made by: those of one gesture are undone together. */
  #gesture: unknown;
  #chosen = $state<number>();

  constructor(walkthrough: Walkthrough<DetectionFields>) {
    this.#state = walkthrough.state;
    this.photo = new FollowedPicture<'pic'>(walkthrough, walkthrough.state);
    $effect(() => void this.sheet.load());
  }

  /** The objects, the lowest first. */
  readonly objects: readonly SceneObject[] = $derived.by(
    () => this.#state.objects ?? seededObjects(this.#state.seed),
  );
  /** The photo as the networks are fed it, `[3, side, side]` in −1 … 1. */
  readonly ground: Float32Array | undefined = $derived.by(() => {
    const { rgba } = this.photo.picture;
    return rgba && preprocess(rgba, SPEC);
  });
  /** The whole scene; undefined until photo and pictures of the objects are here. A new object for each scene. */
  readonly current: DrawnScene | undefined = $derived.by(() => {
    const sprites = this.sheet.current?.sprites;
    if (!this.ground || !sprites) return undefined;
    return drawScene(this.ground, this.objects, sprites, CONFIG.image);
  });

  /** Place of the chosen object; undefined where none is chosen. */
  get chosen(): number | undefined {
    return this.#chosen !== undefined && this.#chosen < this.objects.length ? this.#chosen : undefined;
  }
  set chosen(index: number | undefined) {
    this.#chosen = index;
  }

  /** Changes an object. Changes of one `gesture` (a drag) are undone together. */
  change(index: number, change: Partial<SceneObject>, gesture?: unknown): void {
    const objects = this.objects.map((object, i) =>
      i === index ? tidied({ ...object, ...change }) : object,
    );
    this.#put({ objects }, gesture);
  }
  /** Puts one more object on top of the others, at a free place where there is one, and chooses it; not more than there can be. */
  add(concept: number, style: number, size = 0.3): void {
    const { objects } = this;
    if (objects.length >= MOST_OBJECTS) return;
    // Places are tried one after another, so that the same scene gets the same object.
    let turn = 0;
    const place = free(objects, size, () => (turn = (turn + 0.618034) % 1)) ?? { x: 0.5, y: 0.5 };
    this.#put({
      objects: [...objects, tidied({ concept, style, size, angle: 0, mirrored: false, ...place })],
    });
    this.#chosen = objects.length;
  }
  remove(index: number): void {
    this.#put({ objects: this.objects.filter((_, i) => i !== index) });
    const left = this.objects.length;
    this.#chosen = left === 0 ? undefined : Math.min(index, left - 1);
  }
  /** Lays an object on top of all others. */
  raise(index: number): void {
    const object = this.objects[index];
    if (!object || index === this.objects.length - 1) return;
    this.#put({ objects: [...this.objects.filter((_, i) => i !== index), object] });
    this.#chosen = this.objects.length - 1;
  }
  clear(): void {
    this.#put({ objects: [] });
    this.#chosen = undefined;
  }
  /** Another scene of the seeded ones, on the same photo. */
  another(): void {
    this.#put({ objects: undefined, seed: (this.#state.seed + 1) % (SEEDS.max + 1) });
    this.#chosen = undefined;
  }

  get undoable(): boolean {
    return this.#past.length > 0;
  }
  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#gesture = undefined;
    Object.assign(this.#state, before);
  }
  #put(change: Partial<Before>, gesture?: unknown): void {
    if (gesture === undefined || gesture !== this.#gesture) {
      const { objects, seed, pic } = this.#state;
      this.#past = [...this.#past, { objects, seed, pic }].slice(-MOST_UNDONE);
    }
    this.#gesture = gesture;
    Object.assign(this.#state, change);
  }
}
