import { project } from '#lib/analysis/components.ts';
import { setAwaited } from '#lib/base/awaited.svelte.ts';
import type { MapOf } from './map-of.ts';
import { startMapWorker } from './map-start.ts';

/** A map of a table of directions: the plane in which they differ most. Made in a worker, once. Reactive. */
export class SignMap {
  #map = $state.raw<MapOf>();
  #failed = $state(false);
  #worker: Worker | undefined;

  /** Undefined until it has been computed. */
  get map(): MapOf | undefined {
    return this.#map;
  }
  /** The worker's script did not come, or it threw; `make` tries again. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Begins to compute, if it is neither done nor under way. @param rows `[S, width]` */
  make(rows: Float32Array, width: number): void {
    if (this.#map || this.#worker) return;
    this.#failed = false;
    const worker = (this.#worker = startMapWorker());
    setAwaited(this, true);
    worker.onmessage = ({ data }: MessageEvent<MapOf>) => {
      this.#map = data;
      this.#end();
    };
    worker.onerror = () => {
      this.#failed = true;
      this.#end();
    };
    worker.postMessage({ rows, width });
  }

  /** Where a direction lies on the map, `[2]`. */
  place(direction: Float32Array): readonly [x: number, y: number] | undefined {
    if (!this.#map) return undefined;
    const [x = 0, y = 0] = project(this.#map.pca, direction);
    return [x, y];
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    setAwaited(this, false);
  }
}
