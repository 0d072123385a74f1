import { untrack } from 'svelte';
import type { Tensor } from '#lib/base/tensor.ts';
import type { ReadCell } from '../language/book.ts';
import type { House } from '../house.ts';
import { MOST_VALUES, type ToSandbox } from '../messages.ts';
import { plainMap, plainSet } from '../plain.ts';
import { Libraries } from './libraries.svelte.ts';
import { readPlain } from './read-message.ts';
import type { Sandbox } from './sandbox.ts';

/** A tensor as a message, its values copied to be handed over. */
export function sentTensor(name: string, { shape, dims, data }: Omit<Tensor, 'name'>) {
  const values = data.slice();
  return { tensor: { name, shape: [...shape], dims: [...dims], values }, transfer: [values.buffer] };
}

/** Most tensors that are watched for cells which ask as they go along. */
const MOST_ASKED = 16;

interface Around {
  readonly house: House;
  readonly width: number;
  readonly cells: readonly { readonly id: string }[];
}

/**
 * What flows into the sandbox by itself: the tensors that cells name, whenever they are new; the state; the picture;
 * the libraries once a cell reads one of them.
 */
export class Feed {
  #names = $state.raw<readonly string[]>([]);
  #sandbox = $state.raw<Sandbox>();
  readonly libraries = new Libraries();
  /** What was sent last of each tensor that cells name. */
  readonly #sent = plainMap<string, Tensor>();
  /** Tensors that were asked for as cells went along, as they were then: another one makes such cells run again. */
  #asked = $state.raw<ReadonlyMap<string, Tensor>>(plainMap());

  constructor(around: Around) {
    const { house } = around;
    $effect(() => {
      const stops = this.#names.map((name) => house.named(name)?.want());
      return () => stops.forEach((stop) => stop?.());
    });
    $effect(() => {
      const sandbox = this.#sandbox;
      if (!sandbox) return;
      for (const name of this.#names) {
        const value = house.named(name)?.value;
        if (!value || value === this.#sent.get(name) || value.data.length > MOST_VALUES) continue;
        this.#sent.set(name, value);
        const { tensor, transfer } = sentTensor(name, value);
        sandbox.send({ say: 'tensor', name, tensor }, transfer);
      }
    });
    $effect(() => {
      const stops = [...this.#asked.keys()].map((name) => house.named(name)?.want());
      return () => stops.forEach((stop) => stop?.());
    });
    $effect(() => {
      const newer = [...this.#asked].some(([name, then]) => {
        const { value, pending } = house.named(name) ?? {};
        return value !== undefined && !pending && value !== then;
      });
      if (!newer) return;
      this.#sandbox?.send({ say: 'generation' });
      // The cells that run again ask again.
      untrack(() => (this.#asked = plainMap()));
    });
    $effect(() => {
      // Made anew as plain data: a message cannot carry what is reactive.
      const state = Object.fromEntries(
        Object.entries(house.state).map(([name, value]) => [name, readPlain(value)]),
      );
      this.#sandbox?.send({ say: 'state', state });
    });
    $effect(() => {
      const { picture } = house;
      if (!picture || !this.#sandbox) return;
      const { width, height, data } = picture;
      this.#sandbox.send({ say: 'picture', picture: { width, height, data: data.slice() } });
    });
    $effect(() => {
      this.#sandbox?.send({ say: 'width', width: around.width } satisfies ToSandbox);
    });
  }

  /** Watches a tensor that a cell asked for and was given. */
  watch(name: string, given: Tensor): void {
    this.#asked = plainMap([...this.#asked, [name, given] as const].slice(-MOST_ASKED));
  }
  open(sandbox: Sandbox): void {
    this.#sent.clear();
    this.#asked = plainMap();
    this.#sandbox = sandbox;
    this.libraries.open(sandbox);
  }
  close(): void {
    this.#sandbox = undefined;
    this.libraries.close();
  }
  /** Which tensors and libraries the cells name now. */
  follow(read: readonly ReadCell[]): void {
    const names = [
      ...plainSet(read.flatMap(({ compiled, fault }) => (fault ? [] : (compiled?.tensors ?? [])))),
    ].sort();
    untrack(() => {
      if (names.join('\n') !== this.#names.join('\n')) this.#names = names;
      this.libraries.follow(plainSet(read.flatMap(({ compiled }) => compiled?.inputs ?? [])));
    });
  }
}
